"""Policy is data: versions take effect by the clock, windows open and close services, one of two editors wins."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from app.clock import SHANGHAI
from app.service import Service
from tests.applications.forms import DEFERRED
from tests.applications.given import draft as deferral
from tests.destinations.forms import CONTRACT
from tests.destinations.given import draft, opened
from tests.unemployed.given import PATH as REGISTRATIONS
from tests.unemployed.given import Cases
from tests.world import PASSWORD, TERMS, Somebody, World

RULES: dict[str, Any] = {"registration": "self_registration", "leave_on": "2040-06-30"}
_cohorts = count(2051)


async def bureau(world: World) -> Somebody:
    return await world.staff("provincial_bureau", "administrator")


async def add(who: Somebody, cohort: int, seen: int | None, rules: dict[str, Any], **more: Any) -> httpx.Response:
    headers = {"If_Match": f'"{seen}"'} if seen else {"If_None_Match": "*"}
    key = more.pop("key", None)
    body = {"rules": RULES | rules, "comment": "按省厅通知调整。", **more}
    return await who.post(
        f"/v1/policies/{cohort}/versions", body, **headers, **({"Idempotency_Key": key} if key else {})
    )


async def graduate_of(world: World, cohort: int) -> Somebody:
    one = await world.graduate()
    await world.line.execute("update app.graduates set cohort = $2 where id = $1", one.graduate, cohort)
    one.facts["cohort"] = cohort
    return one


@contextmanager
def at(service: Service, moment: datetime) -> Iterator[None]:
    """The service's clock says so meanwhile."""
    before = service.clock.offset
    service.clock.move(moment - service.clock.real())
    yield
    service.clock.move(before)


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=SHANGHAI)


async def test_a_version_holds_from_its_moment_on_and_a_later_one_supersedes_it(world: World, service: Service) -> None:
    cohort, who, now = next(_cohorts), await bureau(world), service.clock.now()
    first = await add(who, cohort, None, {})
    assert first.status_code == 201, first.text
    assert first.headers["location"] == f"/v1/policies/{cohort}/versions/1"
    soon = (now + timedelta(days=2)).isoformat()
    second = await add(who, cohort, 1, {"review_due_days": 7}, effective_from=soon)
    assert second.json()["diff"] == [{"pointer": "/review_due_days", "before": 3, "after": 7}]
    path = f"/v1/policies/{cohort}"
    assert (await who.get(path)).json()["version"] == 1, "the control: before its moment nothing changes"
    with at(service, now + timedelta(days=3)):
        told = (await who.get(path)).json()
        assert (told["version"], told["rules"]["review_due_days"]) == (2, 7)
    assert (await add(who, cohort, 2, {"review_due_days": 9})).status_code == 201
    with at(service, now + timedelta(days=3)):
        assert (await who.get(path)).json()["version"] == 3
        listed = (await who.get(f"{path}/versions", params={"limit": 2})).json()
        assert [(one["version"], one["holds"]) for one in listed["items"]] == [(3, True), (2, False)]
        rest = (await who.get(f"{path}/versions", params={"cursor": listed["next_cursor"]})).json()
        assert [one["version"] for one in rest["items"]] == [1]
    told = (await who.get(f"{path}/versions/3")).json()
    assert told["recorded_by"] == "省人力资源和社会保障厅"
    assert told["diff"] == [{"pointer": "/review_due_days", "before": 7, "after": 9}]
    trailed = await world.line.fetch(
        "select seq, diff from app.trail where record_kind = 'policy' and account_id = $1 order by seq",
        who.account,
    )
    assert [row["seq"] for row in trailed] == [1, 2, 3]
    assert "/review_due_days" in trailed[1]["diff"]


async def test_of_two_editors_exactly_one_wins_and_a_key_repeats_its_answer(world: World) -> None:
    cohort, who = next(_cohorts), await bureau(world)
    await add(who, cohort, None, {})
    answers = await asyncio.gather(*(add(who, cohort, 1, {"review_due_days": 10 + n}) for n in range(5)))
    assert sorted(one.status_code for one in answers) == [201, *[412] * 4]
    kept = await add(who, cohort, 2, {"review_due_days": 20}, key="once")
    again = await add(who, cohort, 2, {"review_due_days": 20}, key="once")
    assert (again.status_code, again.json()) == (201, kept.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert await world.line.fetchval("select count(*) from app.policies where cohort = $1", cohort) == 3
    unseen = await who.post(f"/v1/policies/{cohort}/versions", {"rules": RULES, "comment": "x"})
    assert (unseen.status_code, unseen.json()["code"]) == (428, "version-required")


@pytest.mark.parametrize(
    ("rules", "pointer", "code"),
    [
        ({"windows": {"termination": {"opens_on": "2030-02-01", "closes_on": "2030-01-01"}}},
         "/windows/termination", "window-reversed"),
        ({"windows": {"coffee": {}}}, "/windows/coffee", "not-in-list"),
        ({"windows": {"destination": {"closes_on": "2030-02-30"}}}, "/windows/destination/closes_on", "date-unreal"),
        ({"review_due_days": 0}, "/review_due_days", "too-small"),
        ({"invitation_days_max": 3}, "", "invitation-days-disordered"),
        ({"subsidy": {"categories": {"orphan": {"name": "孤儿", "amount_cny": -1, "proof": "证"}}}},
         "/subsidy/categories/orphan/amount_cny", "too-small"),
        ({"review_chain": ["school", "department"]}, "/review_chain", "chain-disordered"),
        ({"shoe_size": 44}, "/shoe_size", "unknown-field"),
        ({}, "/body/effective_from", "effective-in-the-past"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_pointed_at(world: World, rules: dict[str, Any], pointer: str, code: str) -> None:
    who = await bureau(world)
    past = {} if rules else {"effective_from": "2020-01-01T00:00:00Z"}
    refused = await add(who, 2099, None, rules, **past)
    assert refused.status_code == 422, refused.text
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer if past else f"/body/rules{pointer}", code)
    assert not await world.line.fetchval("select true from app.policies where cohort = 2099")


async def test_a_rehearsal_tells_and_writes_nothing(world: World) -> None:
    cohort, who = next(_cohorts), await bureau(world)
    await add(who, cohort, None, {})
    path = f"/v1/policies/{cohort}/rehearsals"
    told = (await who.post(path, {"rules": RULES | {"answer_due_days": 15}, "comment": "x"})).json()
    assert (told["version"], told["problems"]) == (2, [])
    assert told["diff"] == [{"pointer": "/answer_due_days", "before": 10, "after": 15}]
    same = (await who.post(path, {"rules": RULES, "comment": "x", "effective_from": "2020-01-01T00:00:00Z"})).json()
    assert [one["code"] for one in same["problems"]] == ["effective-in-the-past", "nothing-changes"]
    assert await world.line.fetchval("select max(version) from app.policies where cohort = $1", cohort) == 1


async def test_only_the_provinces_administrator_who_just_proved_both_factors_adds(world: World) -> None:
    people = [
        await world.staff("provincial_bureau", "reviewer"),
        await world.staff("provincial_education", "administrator"),
        await world.staff("school", "administrator"),
        await world.graduate(),
    ]
    for one in people:
        assert (await add(one, 2098, None, {})).json()["code"] == "role-missing"
    late = await bureau(world)
    await world.line.execute(
        "update app.sessions set auth_at = now() - interval '11 minutes' where account_id = $1", late.account
    )
    assert (await add(late, 2098, None, {})).json()["code"] == "step-up-required"
    assert not await world.line.fetchval("select true from app.policies where cohort = 2098")


async def test_a_window_closes_beginning_and_submitting_and_opens_again(world: World, service: Service) -> None:
    cohort, who = next(_cohorts), await bureau(world)
    windows = {
        "destination": {"opens_on": "2031-03-02", "closes_on": "2031-03-31"},
        "abroad": {},
        "entered_agreement": {"closes_on": "2031-03-31"},
        "online_agreement": {"opens_on": "2031-04-02"},
    }
    await add(who, cohort, None, {"windows": windows})
    graduate = await graduate_of(world, cohort)
    with at(service, noon("2031-03-01")):
        refused = await opened(graduate, CONTRACT)
        assert refused.status_code == 409, refused.text
        (unmet,) = refused.json()["unmet"]
        assert (unmet["code"], unmet["who"]) == ("window-closed", "province")
        assert "2031-03-02" in unmet["message"]
        assert "2031-03-31" in unmet["message"]
        shown = (await graduate.get("/v1/me/options")).json()["items"]
        closed = {one["kind"] or one["procedure"] for one in shown if one["blocked"]}
        assert {"labor_contract", "flexible", "invitation"} <= closed
        assert not {"abroad", "entered_agreement"} & closed, "its own window prevails over that of destinations"
    last = datetime(2031, 3, 31, 15, 59, 50, tzinfo=UTC)
    with at(service, last):
        path = await draft(graduate, CONTRACT)
    with at(service, last + timedelta(seconds=20)):
        refused = await graduate.move(path, "submit")
        assert [one["code"] for one in refused.json()["unmet"]] == ["window-closed"]
        told = (await graduate.get(path)).json()
        assert [one["code"] for one in told["blocked"]] == ["window-closed"]
        assert "cancel" in told["actions"]
    with at(service, last):
        assert (await graduate.move(path, "submit")).status_code == 201


@pytest.mark.parametrize("silent", [False, True], ids=["said", "older than the rule"])
@pytest.mark.parametrize("of", ["destination", "application"])
async def test_what_was_returned_may_be_submitted_for_some_days_more(
    world: World, service: Service, of: str, *, silent: bool
) -> None:
    cohort, who = next(_cohorts), await bureau(world)
    windows = {one: {"closes_on": "2031-03-31"} for one in ("destination", "deferred_dispatch")}
    await add(who, cohort, None, {"windows": windows, "leave_on": "2030-06-30", "dispatch_certificates": True})
    if silent:
        await world.line.execute(
            "insert into app.policies (cohort, version, document, effective_from) select cohort, 2,"
            " document - 'returned_resubmission_days', effective_from from app.policies where cohort = $1", cohort,
        )  # fmt: skip
    graduate, department = await graduate_of(world, cohort), await world.staff("department")
    reviewer = department if of == "destination" else await world.staff("school")

    async def begun() -> str:
        return await (draft(graduate, CONTRACT) if of == "destination" else deferral(graduate, DEFERRED))

    with at(service, noon("2031-03-31")):
        path = await begun()
        assert (await graduate.move(path, "submit")).status_code == 201
    with at(service, noon("2031-04-08")):
        assert (await reviewer.move(path, "return", comment="请补充。")).status_code == 201, "items in flight go on"
        if of == "application":
            assert (await opened(graduate, CONTRACT)).json()["unmet"][0]["code"] == "window-closed", "the control"
    with at(service, noon("2031-04-14")):  # the fourth working day
        assert (await graduate.move(path, "submit")).json()["unmet"][0]["code"] == "window-closed"
    with at(service, noon("2031-04-11")):  # the third
        assert (await graduate.move(path, "submit")).status_code == 201


async def test_accepting_waits_for_its_window_and_the_days_of_an_invitation_are_the_policys(
    world: World, service: Service
) -> None:
    cohort, who = next(_cohorts), await bureau(world)
    days = {"invitation_days": 8, "invitation_days_min": 3, "invitation_days_max": 10}
    await add(who, cohort, None, days | {"windows": {"online_agreement": {"opens_on": "2031-05-02"}}})
    graduate, employer = await graduate_of(world, cohort), await world.employer()
    offer = {"to": graduate.facts, "terms": TERMS}
    with at(service, noon("2031-05-01")):
        for wrong in (2, 11):
            refused = await employer.post("/v1/invitations", offer | {"valid_days": wrong})
            assert [one["code"] for one in refused.json()["unmet"]] == ["days-not-allowed"]
        sent = await employer.post("/v1/invitations", offer)
        assert sent.json()["record"]["valid_until"].startswith("2031-05-09T16:00")
        path = sent.headers["location"]
        assert (await employer.move(path, "extend", valid_days=11)).status_code == 409
        accept = {"terms_version": 1, "password": PASSWORD}
        assert (await graduate.move(path, "accept", **accept)).json()["unmet"][0]["code"] == "window-closed"
    with at(service, noon("2031-05-02")):
        assert (await graduate.move(path, "accept", **accept)).status_code == 201


async def test_declaring_to_be_unemployed_waits_for_its_window_and_who_declared_goes_on(
    world: World, service: Service
) -> None:
    cohort, who, cases = next(_cohorts), await bureau(world), await Cases.made(world)
    await add(who, cohort, None, {"windows": {"unemployed_registration": {"closes_on": "2031-03-31"}}})
    await world.line.execute("update app.graduates set cohort = $2 where id = $1", cases["graduate"].graduate, cohort)
    with at(service, noon("2031-04-01")):
        refused = await cases["graduate"].post(REGISTRATIONS, cases.declaration())
        assert [one["code"] for one in refused.json()["unmet"]] == ["window-closed"]
    with at(service, noon("2031-03-31")):
        path = await cases.declared()
    with at(service, noon("2031-04-01")):
        await cases.moved(path, "graduate", "redeclare")
