"""An annulment frees the graduate's place at once, is told, is proven, and may be objected to for five working days."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from app.change import fresh_id
from app.clock import SHANGHAI, Clock
from tests.agreements.given import Given
from tests.annulments.given import AGAINST, KINDS, WHY, annul, annulling, draft, placement, raised, settled
from tests.core.test_round_trips import trips
from tests.destinations.forms import STUDY
from tests.destinations.given import draft as drafted
from tests.destinations.given import submitted
from tests.world import Somebody, World


@pytest.fixture
async def given(world: World) -> AsyncIterator[Given]:
    """The cast of a world; whatever the clock was set to, it is right again afterwards."""
    yield await Given.everybody(world)
    world.service.clock.move(timedelta())


def at(clock: Clock, day: str, time: str) -> None:
    """Set the service's clock to a moment in the province."""
    clock.move(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI) - clock.real())


async def told_of(given: Given, record: str) -> dict[str, list[str]]:
    """The messages about the record at this path: the graduate's, and the employer's."""
    found = {}
    for who, column, to in (
        ("graduate", "to_graduate_id", given.cast["graduate"].graduate),
        ("employer", "to_body_id", given.cast["employer"].body),
    ):
        rows = await given.world.line.fetch(
            f"select kind from app.messages where record_id = $1 and {column} = $2 order by id",  # noqa: S608 (ours)
            record.rpartition("/")[2], to,
        )  # fmt: skip
        found[who] = [row["kind"] for row in rows]
    return found


# -- annulling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_annulling_frees_the_place_and_tells_who_why_and_until_when(given: Given, kind: str) -> None:
    graduate, path = given.cast["graduate"], await placement(given, kind, "approved", None)
    next_one = await drafted(graduate, STUDY)
    assert (await graduate.get(next_one)).json()["blocked"][0]["code"] == "live-placement-exists"
    move = given.cast["school"].post(
        f"{path}/transitions",
        {"action": "annul", **await annulling(given.world, given.cast["school"])},
        If_Match=f'"{(await graduate.get(path)).json()["version"]}"',
    )
    assert await trips(given.world, move, 201) == 2
    annulled = (await graduate.get(path)).json()
    assert (annulled["status"], annulled["decision"], annulled["ending"]) == ("terminated", "approved", "annulled")
    said = annulled["annulment"]
    assert (said["by"], said["by_kind"]) == (given.cast["school"].body, "school")
    assert (said["reason"], said["comment"]) == ("suspected_false", WHY)
    (proof,) = said["proof_file_ids"]
    assert (await graduate.get(f"/v1/files/{proof}")).status_code == 200
    assert (await given.cast["other graduate"].get(f"/v1/files/{proof}")).status_code == 404
    told = await told_of(given, path)
    assert told["graduate"][-1] == f"{kind}-annulled"
    assert told["employer"][-1:] == ([f"{kind}-annulled"] if kind == "agreement" else [])
    assert (await graduate.move(next_one, "submit")).status_code == 201


async def test_a_proof_is_needed_and_is_the_bodys_own(given: Given) -> None:
    path, school = await given.agreement("approved", None), given.cast["school"]
    body = await annulling(given.world, school)
    foreign = await annulling(given.world, given.cast["other school"])
    refused = await school.move(path, "annul", **{**body, "proof_file_ids": foreign["proof_file_ids"]})
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, "proof-unknown")
    for wrong in ({"proof_file_ids": []}, {"comment": "假"}, {"reason": "because"}):
        assert (await school.move(path, "annul", **{**body, **wrong})).status_code == 422
    assert (await school.move(path, "annul", **body)).status_code == 201


async def test_ending_and_annulling_at_once_one_wins(given: Given) -> None:
    path, school = await given.agreement("approved", None), given.cast["school"]
    termination = await given.asked(path, "graduate")
    body, version = await annulling(given.world, school), (await school.get(path)).json()["version"]
    rivals = [school.move(path, "annul", version, **body) for _ in range(4)]
    rivals += [given.cast["employer"].move(termination, "agree", 1) for _ in range(4)]
    answers = await asyncio.gather(*rivals)
    assert sum(one.status_code == 201 for one in answers) == 1, [one.text for one in answers]
    ended = (await school.get(path)).json()
    assert (ended["status"], ended["version"]) == ("terminated", version + 1)


# -- objecting to it --------------------------------------------------------------------------------------------------


async def test_objecting_is_possible_until_the_end_of_the_fifth_working_day(given: Given) -> None:
    """Annulled on Monday 28 September 2026: 1 to 7 October are holidays, Saturday the 10th is a working day."""
    clock, graduate = given.world.service.clock, given.cast["graduate"]
    at(clock, "2026-09-28", "09:00")
    path = await placement(given, "agreement", "annulled", None)
    assert (await graduate.get(path)).json()["annulment"]["object_until"] == "2026-10-10"

    async def to_do(who: str) -> list[str]:
        items = (await given.cast[who].get("/v1/me/todo")).json()["items"]
        return [one["due"] for one in items if (one["code"], one["link"]) == ("object-to-the-annulment", path)]

    at(clock, "2026-10-11", "00:00")
    assert await to_do("graduate") == []
    late = await graduate.post("/v1/objections", draft(path, "annulment"))
    assert (late.status_code, late.json()["unmet"][0]["code"]) == (409, "objection-too-late")
    at(clock, "2026-10-10", "23:59")
    assert await to_do("graduate") == await to_do("employer") == ["2026-10-10"]
    assert (await graduate.post("/v1/objections", draft(path, "annulment"))).status_code == 201
    assert await to_do("graduate") == []


def test_weekdays_alone_would_be_over_five_days_earlier() -> None:
    """The negative control: without the calendar's holidays the same rule ends on another day."""
    day, left = date(2026, 9, 28), 5
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    assert day.isoformat() == "2026-10-05"


@pytest.mark.parametrize("kind", KINDS)
async def test_upheld_it_is_in_force_again(given: Given, kind: str) -> None:
    graduate, path = given.cast["graduate"], await placement(given, kind, "annulled", None)
    before = (await graduate.get(path)).json()
    objection = await raised(graduate, path, "annulment")
    assert (await graduate.get(objection)).json()["waiting_for"]["body"]["name"] == "省教育厅"
    move = given.cast["provincial_education"].post(
        f"{objection}/transitions", {"action": "uphold", "comment": AGAINST}, If_Match='"1"'
    )
    assert await trips(given.world, move, 201) == 2, "the placement moves with it"
    decided, now = (await graduate.get(objection)).json(), (await graduate.get(path)).json()
    assert (decided["decision"], decided["outcome"], decided["comment"]) == ("upheld", "reinstated", AGAINST)
    assert (now["status"], now["decision"], now["ending"], now["ended_at"]) == ("reviewed", "approved", None, None)
    assert (now["annulment"], now["approved_at"]) == (None, before["approved_at"])
    other = await drafted(graduate, STUDY)
    assert (await graduate.move(other, "submit")).json()["unmet"][0]["code"] == "live-placement-exists"
    told = await told_of(given, path)
    assert told["graduate"][-1] == f"{kind}-reinstated"
    assert (await told_of(given, objection))["graduate"] == ["objection-upheld"]
    steps = (await graduate.get(f"{path}/transitions")).json()["items"]
    assert [step["action"] for step in steps][-2:] == ["annul", "reinstate"]
    await annul(given, path)  # judged anew: another annulment, another objection
    assert (await graduate.post("/v1/objections", draft(path, "annulment"))).status_code == 201


async def test_upheld_too_late_for_the_place_it_is_recorded_and_nothing_moves(given: Given) -> None:
    graduate, path = given.cast["graduate"], await placement(given, "agreement", "annulled", None)
    objection = await raised(graduate, path, "annulment")
    new = await submitted(graduate, STUDY)
    decided = await settled(given, objection, "provincial_education", "uphold")
    assert (decided["decision"], decided["outcome"]) == ("upheld", "slot_taken")
    assert (await graduate.get(path)).json()["ending"] == "annulled"
    assert (await graduate.get(new)).json()["status"] == "submitted"


ABOVE = {
    "school": "provincial_education",
    "provincial_bureau": "provincial_education",
    "provincial_education": "provincial_bureau",
}


@pytest.mark.parametrize("by", ABOVE)
async def test_nobody_hears_an_objection_against_their_own_act(given: Given, by: str) -> None:
    path = await annul(given, await given.agreement("approved", None), by)
    objection = await raised(given.cast["employer"], path, "annulment")
    heard_by = (await given.cast["graduate"].get(objection)).json()["waiting_for"]["body"]["id"]
    assert heard_by == given.world.bodies[ABOVE[by]]
    refused = await given.cast[by].move(objection, "dismiss", comment=WHY)
    assert refused.status_code == 403


async def test_the_department_is_answered_for_by_the_school_and_the_county_by_the_province(world: World) -> None:
    for last, above, left in (("department", "school", False), ("county", "provincial_bureau", True)):
        given = await Given.everybody(await World.made(world.service, world.client, world.line), left=left)
        await given.world.settings(["department"])
        path = await given.agreement("submitted", last)
        assert (await given.cast[last].move(path, "approve")).status_code == 201
        objection = await raised(given.cast["graduate"], await annul(given, path, last), "annulment")
        assert await settled(given, objection, above, "dismiss")


# -- not mine ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [("submitted", "department"), ("approved", None)], ids=str)
async def test_what_is_not_theirs_is_annulled_when_the_school_agrees(
    given: Given, kind: str, place: tuple[str, str | None]
) -> None:
    graduate, path = given.cast["graduate"], await placement(given, kind, *place)
    objection = await raised(graduate, path, "not_mine")
    decided = await settled(given, objection, "school", "uphold")
    assert (decided["outcome"], decided["waiting_for"]) == ("annulled", None)
    now = (await graduate.get(path)).json()
    assert (now["ending"], now["waiting_for"]) == ("annulled", None)
    assert (now["annulment"]["object_until"] is None) == (place[0] == "submitted")
    assert await given.world.line.fetchval(
        "select count(*) from app.reviews where graduate_id = $1 and decision is null", graduate.graduate
    ) == 0  # fmt: skip
    if place[0] == "submitted":
        refused = await graduate.post("/v1/objections", draft(path, "annulment"))
        assert refused.json()["unmet"][0]["code"] == "never-in-force"


async def test_dismissed_by_the_school_it_goes_on_to_the_education_office_for_five_working_days(given: Given) -> None:
    clock, graduate = given.world.service.clock, given.cast["graduate"]
    path = await given.agreement("approved", None)
    objection = await raised(graduate, path, "not_mine")
    at(clock, "2026-09-28", "09:00")
    dismissed = await settled(given, objection, "school", "dismiss")
    assert dismissed["escalate_until"] == "2026-10-10"
    again = await graduate.post("/v1/objections", draft(path, "not_mine"))
    assert again.json()["unmet"][0]["code"] == "objection-settled"
    at(clock, "2026-10-11", "00:00")
    assert (await graduate.move(objection, "escalate")).json()["unmet"][0]["code"] == "objection-too-late"
    at(clock, "2026-10-10", "23:59")
    escalated = await graduate.move(objection, "escalate", comment=AGAINST)
    assert (escalated.status_code, escalated.json()["record"]["stage"]) == (201, "province")
    decided = await settled(given, objection, "provincial_education", "uphold")
    assert (decided["decision"], decided["outcome"]) == ("upheld", "annulled")
    steps = (await graduate.get(f"{objection}/transitions")).json()["items"]
    assert [step["to"] for step in steps] == ["submitted", "dismissed", "submitted", "upheld"]


async def test_upholding_what_has_ended_meanwhile_is_recorded(given: Given) -> None:
    path = await given.agreement("approved", None)
    objection = await raised(given.cast["graduate"], path, "not_mine")
    await annul(given, path)
    assert (await settled(given, objection, "school", "uphold"))["outcome"] == "already_ended"


# -- who and how often ------------------------------------------------------------------------------------------------


async def test_one_objection_is_open_at_a_time_whoever_raises_it(given: Given) -> None:
    path, sides = await placement(given, "agreement", "annulled", None), ("graduate", "employer")
    rivals = [given.cast[sides[n % 2]].post("/v1/objections", draft(path, "annulment")) for n in range(8)]
    answers = await asyncio.gather(*rivals)
    assert sorted(one.status_code for one in answers) == [201] + [409] * 7
    (objection,) = {one.headers["Location"] for one in answers if one.status_code == 201}
    assert {one.json()["unmet"][0]["code"] for one in answers if one.status_code == 409} == {"objection-open"}
    await settled(given, objection, "provincial_education", "dismiss")
    for side in sides:
        refused = await given.cast[side].post("/v1/objections", draft(path, "annulment"))
        assert refused.json()["unmet"][0]["code"] == "objection-settled"


async def test_without_the_unique_rule_two_would_be_open(given: Given) -> None:
    """The negative control: it is the database that keeps the second one out."""
    path = await placement(given, "agreement", "annulled", None)
    one = (await raised(given.cast["graduate"], path, "annulment")).rpartition("/")[2]
    copy = (
        "insert into app.objections select (jsonb_populate_record(o, jsonb_build_object('id', $2::text))).*"
        " from app.objections o where o.id = $1"
    )
    transaction = given.world.line.transaction()
    await transaction.start()
    await given.world.line.execute("drop index app.uq_objections_one_open_per_placement")
    await given.world.line.execute(copy, one, fresh_id())
    await transaction.rollback()
    with pytest.raises(Exception, match="uq_objections_one_open_per_placement"):
        await given.world.line.execute(copy, one, fresh_id())


async def test_to_strangers_there_is_nothing(given: Given) -> None:
    path = await placement(given, "agreement", "annulled", None)
    objection = await raised(given.cast["graduate"], path, "annulment")
    for who in ("other graduate", "other employer", "other school"):
        somebody = given.cast[who]
        assert (await somebody.get(objection)).status_code == 404
        assert (await somebody.get(f"{objection}/transitions")).status_code == 404
        assert (await somebody.get("/v1/objections")).json()["items"] == []
        assert (await somebody.move(objection, "withdraw", 1)).status_code == 404
        if who != "other school":
            assert (await somebody.post("/v1/objections", draft(path, "annulment"))).status_code == 404
    for who in ("graduate", "employer", "school", "department", "provincial_education"):
        assert objection.rpartition("/")[2] in (await given.cast[who].get("/v1/objections")).text


async def test_the_same_key_raises_one_objection(given: Given) -> None:
    path = await placement(given, "destination", "annulled", None)
    twice = [
        await given.cast["graduate"].post("/v1/objections", draft(path, "annulment"), Idempotency_Key="one")
        for _ in range(2)
    ]
    assert twice[0].content == twice[1].content
    assert twice[1].headers["Idempotent-Replayed"] == "true"


async def test_what_may_be_objected_to_is_among_the_options(given: Given) -> None:
    graduate, path = given.cast["graduate"], await given.agreement("approved", None)

    async def offered(who: Somebody) -> set[tuple[str, str]]:
        items = (await who.get("/v1/me/options")).json()["items"]
        about = path.rpartition("/")[2]
        return {(one["procedure"], one["action"]) for one in items if one["about"] == about and not one["blocked"]}

    assert ("objection", "disown") in await offered(graduate)
    assert ("objection", "disown") not in await offered(given.cast["employer"])
    await annul(given, path)
    for side in ("graduate", "employer"):
        assert ("objection", "object") in await offered(given.cast[side])


# -- the queue --------------------------------------------------------------------------------------------------------


async def test_objections_are_claimed_and_decided_in_the_one_queue(given: Given) -> None:
    school = given.cast["school"]
    for _ in range(2):
        await given.new_graduate()
        await raised(given.cast["graduate"], await given.agreement("approved", None), "not_mine")
    queue = (await school.get("/v1/reviews?kind=objection")).json()["items"]
    assert [one["subject"]["kind"] for one in queue] == ["not_mine"] * 2
    assert all(one["due_on"] for one in queue)
    claim = f"/v1/reviews/{queue[0]['id']}/claim"
    assert (await school.client.put(claim, headers=school.headers({}))).status_code == 200
    colleague = await given.world.staff("school", "reviewer")
    record = f"/v1/objections/{queue[0]['record_id']}"
    refused = await colleague.move(record, "dismiss", comment=WHY)
    assert refused.json()["unmet"][0]["code"] == "claimed-by-another"
    items = [
        {"kind": "objection", "record_id": one["record_id"], "version": 1, "action": action, "comment": WHY}
        for one, action in zip(queue, ("uphold", "dismiss"), strict=True)
    ]
    dry = await school.post("/v1/reviews/decisions", {"items": items, "dry_run": True})
    assert [one["change"]["to"] for one in dry.json()["results"]] == ["upheld", "dismissed"]
    assert len((await school.get("/v1/reviews?kind=objection")).json()["items"]) == 2
    found = (await school.post("/v1/reviews/decisions", {"items": items})).json()["results"]
    assert [(one["status"], one["record"]["outcome"]) for one in found] == [(201, "annulled"), (201, None)]


async def test_a_list_of_objections_is_one_statement(given: Given) -> None:
    await raised(given.cast["graduate"], await given.agreement("approved", None), "not_mine")
    for who in ("graduate", "school", "provincial_education"):
        narrowed = given.cast[who].get("/v1/objections?kind=not_mine&status=submitted&stage=school&cohort=2027")
        assert await trips(given.world, narrowed, 200) == 1
