"""Applications over HTTP: who sees them, races with one winner, places, lists made public, the bank card, the cost."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import CTE, ColumnElement, SmallInteger, Uuid, update

from app.calendar import Calendar
from app.change import SetStatement, fresh_id
from app.clock import end_of_day
from app.workflows.applications import places
from app.workflows.applications.publicity_endings import pass_what_is_over
from tests.agreements.given import Given
from tests.applications.forms import CARD, DEFERRED, FORMS, OUTSTANDING, REASSIGNMENT, SUBSIDY, without
from tests.applications.given import (
    application,
    carried,
    draft,
    filled,
    fit,
    graduate_for,
    opened,
    over,
    published,
)
from tests.privacy.test_data_exports import exported
from tests.terminations.given import sandbox_clock_at
from tests.working import until, working
from tests.world import Somebody, World

# -- who sees what ----------------------------------------------------------------------------------------------------


async def test_each_viewer_follows_all_kinds_in_one_list(world: World) -> None:
    given, seen = await Given.everybody(world), dict[str, str]()
    for kind in FORMS:
        stage = {"job_seeking_subsidy": "county", "deferred_dispatch": "school"}.get(kind)
        place = ("submitted", stage) if stage else ("draft", None)
        if kind == "outstanding_graduate":
            place = ("submitted", "department")
        seen[kind] = (await application(given, kind, *place)).rpartition("/")[2]
    sees = {
        "department": set(seen.values()),
        "school": set(seen.values()),
        "county": {seen["job_seeking_subsidy"]},
        "city": {seen["job_seeking_subsidy"]},
        "other school": set[str](),
        "other graduate": set[str](),
    }
    for who, expected in sees.items():
        listed = (await given.cast[who].get("/v1/applications")).json()["items"]
        assert {one["id"] for one in listed} == expected, who
        for one in seen.values():
            status = (await given.cast[who].get(f"/v1/applications/{one}")).status_code
            assert status == (200 if one in expected else 404), who
    shown = {"job_seeking_subsidy", "outstanding_graduate", "deferred_dispatch"}
    bureau = {one["id"] for one in (await given.cast["provincial_bureau"].get("/v1/applications")).json()["items"]}
    assert bureau & set(seen.values()) == {seen[kind] for kind in shown}
    office = {one["id"] for one in (await given.cast["provincial_education"].get("/v1/applications")).json()["items"]}
    assert office & set(seen.values()) == {seen["outstanding_graduate"]}
    (only,) = (await given.cast["school"].get("/v1/applications?kind=deferred_dispatch&stage=school")).json()["items"]
    assert only["id"] == seen["deferred_dispatch"]
    assert (await given.cast["employer"].get("/v1/applications")).status_code == 403


async def test_a_reassignment_goes_to_the_county_of_the_new_unit_or_to_the_province(world: World) -> None:
    given, county = await Given.everybody(world), await world.bureau_of("370126")
    for region, stage in ((county, "county"), ("310110", "province"), ("370000", "province")):
        given.cast["graduate"] = await graduate_for(world, "reassignment")
        path = await draft(given.cast["graduate"], REASSIGNMENT | {"region": region})
        assert (await given.cast["graduate"].move(path, "submit")).json()["record"]["stage"] == stage
    (item,) = (await given.cast["county"].get("/v1/reviews?kind=application")).json()["items"]
    assert item["subject"]["kind"] == "reassignment"
    await world.line.execute("delete from app.bureaus_of_regions where region = $1", county)


async def test_applications_are_decided_in_bulk_from_the_one_queue(world: World) -> None:
    given = await Given.everybody(world)
    paths = [await application(given, "deferred_dispatch", "submitted", "school") for _ in range(2)]
    queue = (await given.cast["school"].get("/v1/reviews?kind=application")).json()["items"]
    assert {one["record_id"] for one in queue} == {path.rpartition("/")[2] for path in paths}
    items = [
        {"kind": "application", "record_id": one["record_id"], "version": one["record_version"], "action": "approve"}
        for one in queue
    ]
    answer = await given.cast["school"].post("/v1/reviews/decisions", {"items": items})
    assert [one["status"] for one in answer.json()["results"]] == [201, 201]


async def test_what_is_out_of_order_is_found_and_shown_to_reviewers_alone(world: World) -> None:
    given = await Given.everybody(world)
    served = DEFERRED | {"starts_on": "2024-07-31", "ends_on": "2022-08-01"}
    given.cast["graduate"] = await graduate_for(world, "deferred_dispatch")
    path = await carried(given, await draft(given.cast["graduate"], served), ("graduate", "submit"))
    assert (await given.cast["graduate"].get(path)).json()["findings"] is None
    assert (await given.cast["school"].get(path)).json()["findings"] == ["dates-disordered"]


# -- once per person --------------------------------------------------------------------------------------------------


async def another_study(world: World, who: Somebody) -> Somebody:
    """The same person, in another programme: another graduate with another account."""
    graduate, account = fresh_id(), fresh_id()
    person = await world.line.fetchval("select person_id from app.graduates where id = $1", who.graduate)
    await world.line.execute(
        "insert into app.graduates (id, version, created_at, updated_at, person_id, roster_entry_id, school_id,"
        " department_id, name, level, cohort, major, verified_at) select $2, 1, now(), now(), person_id,"
        " roster_entry_id, school_id, department_id, name, 'master', cohort, major, now()"
        " from app.graduates where id = $1", who.graduate, graduate,
    )  # fmt: skip
    await world.line.execute(
        "insert into app.accounts (id, kind, person_id, level, display_name, roles, password_hash, created_at)"
        " values ($1, 'graduate', $2, 'master', '-', '{}', '-', now())", account, person,
    )  # fmt: skip
    other = Somebody(world.client, await world.session(account, graduate), account, graduate=graduate)
    await fit(world, other, "job_seeking_subsidy")
    return other


async def test_of_two_subsidies_of_one_person_at_two_levels_one_wins(world: World) -> None:
    given = await Given.everybody(world)
    one = given.cast["graduate"] = await graduate_for(world, "job_seeking_subsidy")
    both = (one, await another_study(world, one))
    bodies = [{"details": await filled(who, SUBSIDY)} for who in both]
    answers = await asyncio.gather(
        *(who.post("/v1/applications", body) for who, body in zip(both, bodies, strict=True) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    listed = [(await who.get("/v1/applications")).json()["items"] for who in both]
    winner, loser = both if listed[0] else both[::-1]
    assert "subsidy-exists" in [rule["code"] for rule in (await opened(loser, SUBSIDY)).json()["unmet"]]
    (only,) = [*listed[0], *listed[1]]
    await winner.move(f"/v1/applications/{only['id']}", "withdraw")
    assert (await opened(loser, SUBSIDY)).status_code == 201, "what was withdrawn keeps nobody from it"


async def test_a_granted_subsidy_keeps_its_person_from_another_until_it_is_revoked(world: World) -> None:
    given = await Given.everybody(world)
    path = await application(given, "job_seeking_subsidy", "to_pay", None)
    record = (await given.cast["graduate"].get(path)).json()
    assert (record["fulfilment"], record["amount"]) == ("to_pay", 1000)
    other = await another_study(world, given.cast["graduate"])
    assert "subsidy-exists" in (await opened(other, SUBSIDY)).text
    await carried(given, path, ("county", "revoke"))
    assert (await opened(other, SUBSIDY)).status_code == 201


# -- places -----------------------------------------------------------------------------------------------------------


async def quota(given: Given, body: str, allowed: int) -> Any:
    """The answer to setting the quota of a body of this world."""
    above = "school" if body == "department" else "provincial_education"
    return await given.cast[above].client.put(
        f"/v1/quotas/{given.world.bodies[body]}/2027",
        json={"allowed": allowed},
        headers=given.cast[above].headers({}),
    )


async def used(world: World, body: str) -> int:
    """Places taken."""
    return int(await world.line.fetchval("select used from app.quotas where body_id = $1", world.bodies[body]))


async def rivals(given: Given, count: int) -> list[str]:
    """Awards that wait for the department, which has one place."""
    paths = [await application(given, "outstanding_graduate", "submitted", "department") for _ in range(count)]
    assert (await quota(given, "department", 1)).status_code == 200
    return paths


async def race(given: Given, paths: list[str]) -> list[Any]:
    department = given.cast["department"]
    return await asyncio.gather(
        *(department.post(f"{path}/transitions", {"action": "approve"}, If_Match='"2"') for path in paths)
    )


async def test_of_approvals_that_race_for_the_last_place_one_wins(world: World) -> None:
    given = await Given.everybody(world)
    answers = await race(given, await rivals(given, 5))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 4]
    for refused in (answer.json() for answer in answers if answer.status_code == 409):
        assert [rule["code"] for rule in refused["unmet"]] == ["quota-used-up"]
    assert await used(world, "department") == 1


async def test_a_place_that_is_only_looked_at_goes_to_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the rule as it was read, without a write that asks again, lets too many through."""

    def only_counted(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        body = quotas.c.body_id == asked("body", Uuid(as_uuid=False))
        there = (gate, body, quotas.c.cohort == asked("cohort", SmallInteger()))
        return (update(quotas).where(*there).values(version=quotas.c.version + 1).returning(quotas.c.id).cte("seen"),)

    quotas = places.quotas
    given = await Given.everybody(world)
    paths = await rivals(given, 5)
    monkeypatch.setattr(places, "TAKE", SetStatement("look_at_a_place", only_counted))
    statuses = [answer.status_code for answer in await race(given, paths)]
    assert statuses.count(201) > 1


async def test_what_is_undone_gives_its_places_back(world: World) -> None:
    given = await Given.everybody(world)
    for stage, who, action in (
        ("school", "school", "return"), ("publicity", "school", "reject"),
        ("province", "provincial_education", "reject"), ("province", "graduate", "withdraw"),
    ):  # fmt: skip
        path = await application(given, "outstanding_graduate", "submitted", stage)
        taken = {body: await used(world, body) for body in ("department", "school")}
        assert taken == {"department": 1, "school": int(stage != "school")}
        await carried(given, path, (who, action))
        assert [await used(world, body) for body in ("department", "school")] == [0, 0], (stage, action)
    path = await application(given, "outstanding_graduate", "approved", None)
    assert [await used(world, body) for body in ("department", "school")] == [1, 1]
    await carried(given, path, ("provincial_education", "revoke"))
    assert [await used(world, body) for body in ("department", "school")] == [0, 0]


async def test_who_sets_a_quota_and_who_reads_it(world: World) -> None:
    given = await Given.everybody(world)
    await carried(given, await application(given, "outstanding_graduate", "submitted", "school"))
    below = await quota(given, "department", 0)
    assert (below.status_code, below.json()["code"]) == (409, "quota-below-used")
    assert (await quota(given, "school", 7)).json()["allowed"] == 7
    other = given.cast["other school"]
    foreign = await other.client.put(
        f"/v1/quotas/{world.bodies['department']}/2027", json={"allowed": 9}, headers=other.headers({})
    )
    assert foreign.status_code == 404
    listed = (await given.cast["school"].get("/v1/quotas?cohort=2027")).json()["items"]
    assert {(one["body"]["id"], one["allowed"], one["used"]) for one in listed} == {
        (world.bodies["school"], 7, 0), (world.bodies["department"], 1000, 1),
    }  # fmt: skip
    (own,) = (await given.cast["department"].get("/v1/quotas")).json()["items"]
    assert own["body"]["id"] == world.bodies["department"]
    assert (await other.get("/v1/quotas")).json()["items"] == []


# -- made public ------------------------------------------------------------------------------------------------------


async def test_a_list_shows_everybody_masked_names_until_its_last_working_day(world: World) -> None:
    given = await Given.everybody(world)
    paths = [await application(given, "job_seeking_subsidy", "submitted", "publicity") for _ in range(3)]
    listed = (await published(given, "job_seeking_subsidy", "county")).json()
    clock, calendar = world.service.clock, world.service.calendar
    assert isinstance(calendar, Calendar)
    assert listed["ends_on"] == calendar.add_working_days(clock.today(), 5).isoformat()
    path = f"/v1/publicities/{listed['id']}"
    assert (await world.client.get(path)).json() == listed
    page = (await world.client.get(f"{path}/items?limit=2")).json()
    assert [one["graduate_name"] for one in page["items"]] == ["王*明"] * 2
    assert set(page["items"][0]) == {"graduate_name", "school_name", "major"}
    rest = (await world.client.get(f"{path}/items", params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert len(rest["items"]) == 1
    assert listed["id"] in [one["id"] for one in (await world.client.get("/v1/publicities")).json()["items"]]
    waiting = (await given.cast["county"].get(paths[0])).json()
    assert waiting["waiting_for"]["due_on"] == listed["ends_on"]
    await carried(given, paths[0], ("county", "reject"))
    assert len((await world.client.get(f"{path}/items")).json()["items"]) == 2, "who was taken off is not shown"
    await over(given, listed["id"])
    assert (await world.client.get(path)).status_code == 404
    assert (await world.client.get(f"{path}/items")).status_code == 404
    assert [(await given.cast["county"].get(one)).json()["fulfilment"] for one in paths] == [None, "to_pay", "to_pay"]


async def test_nobody_passes_before_the_last_day_and_the_worker_passes_once(world: World) -> None:
    given = await Given.everybody(world)
    path = await application(given, "outstanding_graduate", "submitted", "publicity")
    school, line = given.cast["school"], world.line
    refused = await school.move(path, "approve")
    assert [one["code"] for one in refused.json()["unmet"]] == ["publicity-runs"]
    await pass_what_is_over(world.service)
    assert (await school.get(path)).json()["stage"] == "publicity", "not published: never passed"
    listed = (await published(given, "outstanding_graduate", "school")).json()
    days = "update app.publicities set begins_on = $2, ends_on = $3 where id = $1"
    today = world.service.clock.today()
    await line.execute(days, listed["id"], today.replace(year=2020), today)
    await pass_what_is_over(world.service)
    assert (await school.get(path)).json()["stage"] == "publicity", "the last day is not over"
    await over(given, listed["id"])
    await asyncio.gather(*(pass_what_is_over(world.service) for _ in range(4)))
    assert (await school.get(path)).json()["stage"] == "province"
    steps = (await school.get(f"{path}/transitions")).json()["items"]
    assert [(one["action"], one["by"]["kind"]) for one in steps][-1] == ("pass", "system")
    assert [one["action"] for one in steps].count("pass") == 1


async def test_a_list_is_passed_when_the_sandboxs_clock_moves_past_its_last_day(world: World) -> None:
    given = await Given.everybody(world)
    path = await application(given, "outstanding_graduate", "submitted", "publicity")
    listed = (await published(given, "outstanding_graduate", "school")).json()

    async def passed() -> bool:
        return (await given.cast["school"].get(path)).json()["stage"] == "province"

    async with working(world.service):
        assert not await passed()
        async with sandbox_clock_at(world, end_of_day(date.fromisoformat(listed["ends_on"]))):
            await until(passed)


async def test_what_comes_back_is_published_anew_and_nothing_twice(world: World) -> None:
    given = await Given.everybody(world)
    path = await application(given, "outstanding_graduate", "submitted", "publicity")
    assert (await published(given, "job_seeking_subsidy", "school")).json()["unmet"][0]["code"] == "nothing-to-publish"
    answers = await asyncio.gather(*(published(given, "outstanding_graduate", "school") for _ in range(4)))
    record = path.rpartition("/")[2]
    items = "select count(*) from app.publicity_items where application_id = $1"
    assert await world.line.fetchval(items, record) == 1, [answer.status_code for answer in answers]
    await carried(
        given, path, ("school", "return"), ("graduate", "submit"), ("department", "approve"), ("school", "approve")
    )
    assert (await published(given, "outstanding_graduate", "school")).status_code == 201
    assert await world.line.fetchval(items, record) == 2


# -- the bank card ----------------------------------------------------------------------------------------------------


async def test_a_bank_card_is_sealed_shown_by_its_end_and_kept_by_an_edit_that_names_none(world: World) -> None:
    given = await Given.everybody(world)
    who = given.cast["graduate"] = await graduate_for(world, "job_seeking_subsidy")
    path = await draft(who, SUBSIDY)
    record = path.rpartition("/")[2]
    seal, card = world.service.sealer, "select bank_card_sealed from app.applications where id = $1"
    place = {"table": "applications", "column": "bank_card_sealed", "row": record}
    assert seal.open(await world.line.fetchval(card, record), **place) == CARD
    await who.move(path, "edit", details=await filled(who, without(SUBSIDY, "bank_card")))
    assert seal.open(await world.line.fetchval(card, record), **place) == CARD
    await carried(given, path, ("graduate", "submit"))
    for viewer in ("graduate", "school"):
        answer = await given.cast[viewer].get(path)
        assert answer.json()["details"]["bank_card"] == "***************0128"
        assert CARD not in answer.text
    kept = await world.line.fetch(
        "select to_jsonb(a)::text from app.applications a where id = $1 union all"
        " select to_jsonb(t)::text from app.trail t where record_id = $1 union all"
        " select to_jsonb(r)::text from app.reviews r where record_id = $1", record,
    )  # fmt: skip
    assert kept
    assert not [row for row in kept if CARD in row[0] or CARD.encode().hex() in row[0]]


@pytest.mark.parametrize("wrong", ["6222021234567890127", "1234567", "6222-0212-3456-789O-128", "x" * 19])
async def test_no_card_is_taken_with_a_slip_and_none_is_repeated(world: World, wrong: str) -> None:
    who = await graduate_for(world, "job_seeking_subsidy")
    refused = await opened(who, SUBSIDY | {"bank_card": wrong})
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json()["errors"]] == ["bank-card-invalid"]
    assert wrong not in refused.text


# -- afterwards, and what it costs ------------------------------------------------------------------------------------


async def test_one_collects_on_a_working_day_to_come(world: World) -> None:
    given = await Given.everybody(world)
    path = await application(given, "certificate_reissue", "ready_for_collection", None)
    who = given.cast["graduate"]
    assert "collect-what-is-ready" in [one["code"] for one in (await who.get("/v1/me/todo")).json()["items"]]
    for day, status in (("2031-01-04", 409), ("2020-01-06", 409), ("2031-01-06", 201)):
        assert (await who.move(path, "book", collect_on=day)).status_code == status, day
    assert (await who.get(path)).json()["collect_on"] == "2031-01-06"
    assert (await given.cast["provincial_bureau"].move(path, "collect")).json()["record"]["fulfilment"] == "collected"


async def test_each_move_takes_two_statements_and_each_read_one(world: World) -> None:
    given = await Given.everybody(world)

    async def trips(request: Any, status: int) -> int:
        before = world.service.db.trips
        answer = await request
        assert answer.status_code == status, answer.text
        return world.service.db.trips - before

    who = given.cast["graduate"] = await graduate_for(world, "outstanding_graduate")
    body = {"details": await filled(who, OUTSTANDING)}
    assert await trips(who.post("/v1/applications", body, Idempotency_Key="one"), 201) == 2
    again = await who.post("/v1/applications", body, Idempotency_Key="one")
    assert again.headers["Idempotent-Replayed"] == "true"
    path = again.headers["Location"]
    for version, (by, move) in enumerate(
        (("graduate", {"action": "edit", **body}), ("graduate", {"action": "submit"}),
         ("department", {"action": "approve"}), ("school", {"action": "approve"})), 1,
    ):  # fmt: skip
        sent = given.cast[by].post(f"{path}/transitions", move, If_Match=f'"{version}"')
        assert await trips(sent, 201) == 2, move
    assert await trips(published(given, "outstanding_graduate", "school"), 201) == 2
    for read in (path, f"{path}/transitions", "/v1/applications", "/v1/me/todo", "/v1/me/options"):
        assert await trips(who.get(read), 200) == 1
    steps = (await who.get(f"{path}/transitions")).json()["items"]
    assert [step["action"] for step in steps] == ["open", "submit", "approve", "approve"], "no edit of a draft"


async def test_the_copy_of_their_data_has_their_own_card_open(world: World) -> None:
    who = await graduate_for(world, "job_seeking_subsidy")
    await draft(who, SUBSIDY)
    kept = (await who.get(await exported(world, who))).json()
    assert [one["details"]["bank_card"] for one in kept["applications"]] == [CARD]
