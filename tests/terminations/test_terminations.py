"""What terminations do besides moving: proofs, the queue, what to do next, the answer by asking, what becomes moot."""

from collections.abc import Awaitable

import httpx

from tests.agreements.given import BODIES, REASON, Given
from tests.destinations.given import uploaded
from tests.terminations.given import asked, asking, file_of, overdue, placement, wish
from tests.world import Somebody, World


async def trips(world: World, request: Awaitable[httpx.Response]) -> int:
    """How many statements a request sent that did what was asked."""
    before = world.service.db.trips
    answer = await request
    assert answer.status_code == 201, answer.text
    return world.service.db.trips - before


async def test_asking_answering_by_asking_and_deciding_take_two_statements_each(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    assert await trips(world, asking(given, agreement)) == 2
    assert await trips(world, asking(given, agreement, "employer")) == 2, "and the agreement has ended with it"
    await given.new_graduate()
    entered = await placement(given, "entered agreement", "approved", None)
    draft = wish(entered, await file_of(given, "graduate"))
    assert await trips(world, given.cast["graduate"].post("/v1/terminations", draft)) == 2
    (review,) = (await given.cast["school"].get("/v1/reviews?kind=termination")).json()["items"]
    path = f"/v1/terminations/{review['record_id']}/transitions"
    approve = given.cast["school"].post(path, {"action": "approve"}, If_Match=f'"{review["record_version"]}"')
    assert await trips(world, approve) == 2


async def test_asking_when_the_other_side_has_asked_is_agreeing(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    path = await asked(given, agreement, "employer")
    graduate = given.cast["graduate"]
    again = [await graduate.post("/v1/terminations", wish(agreement), Idempotency_Key="mine") for _ in range(2)]
    first = again[0].json()
    assert [one.status_code for one in again] == [201, 201]
    assert (again[0].headers["Location"], first["record"]["id"]) == (path, path.rpartition("/")[2])
    assert first["change"] == {"action": "agree", "from": "submitted", "to": "agreed", "version": 2}
    assert (first["record"]["comment"], first["record"]["asked_by"], first["created"]) == (REASON, "employer", [])
    assert (again[1].json(), again[1].headers["Idempotent-Replayed"]) == (first, "true")
    assert (await graduate.get(agreement)).json()["status"] == "terminated"


async def test_the_same_side_asks_once(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    path = await asked(given, agreement)
    twice = (await asking(given, agreement)).json()
    (unmet,) = twice["unmet"]
    assert (unmet["code"], unmet["pointer"]) == ("termination-open", path.rpartition("/")[2])


async def test_a_proof_is_needed_and_is_as_visible_as_the_termination(world: World) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    entered = await placement(given, "entered agreement", "issued", None)
    for proofs, reason in (
        ((), "termination-proof-missing"),
        ((await file_of(given, "other graduate"),), "proof-unknown"),
    ):
        refused = await graduate.post("/v1/terminations", wish(entered, *proofs))
        assert [one["code"] for one in refused.json()["unmet"]] == [reason]
    proof = await uploaded(graduate)
    assert (await given.cast["school"].get(f"/v1/files/{proof}")).status_code == 404, "not before it is named"
    made = await graduate.post("/v1/terminations", wish(entered, proof))
    assert made.json()["record"]["proof_file_ids"] == [proof]
    statuses = {who: (await one.get(f"/v1/files/{proof}/content")).status_code for who, one in given.cast.items()}
    readers = {"graduate", "department", "department reader", "school", "provincial_bureau", "provincial_education"}
    assert {who for who, status in statuses.items() if status == 200} == readers
    assert {status for who, status in statuses.items() if who not in readers} == {404}


async def codes(who: Somebody) -> list[str]:
    """What this person has to do."""
    return [one["code"] for one in (await who.get("/v1/me/todo")).json()["items"]]


async def options(who: Somebody) -> list[tuple[str | None, str | None]]:
    """(kind, what blocks it) of the terminations that this person may ask for."""
    items = (await who.get("/v1/me/options")).json()["items"]
    return [
        (one["kind"], one["blocked"] and one["blocked"]["code"]) for one in items if one["procedure"] == "termination"
    ]


async def test_what_to_do_next_names_it_to_who_can(world: World) -> None:
    given = await Given.everybody(world)
    graduate, employer, school = (given.cast[who] for who in ("graduate", "employer", "school"))
    agreement = await given.agreement("approved", None)
    assert await options(graduate) == [("online_agreement", None)]
    path = await overdue(given, agreement, "graduate")
    assert await options(graduate) == [("online_agreement", "termination-open")]
    assert "answer-the-termination" not in await codes(employer), "it is too late"
    assert "review-what-waits" in await codes(school)
    assert (await graduate.move(path, "withdraw")).status_code == 201
    assert "review-what-waits" not in await codes(school)
    await asked(given, agreement)
    assert "answer-the-termination" in await codes(employer)
    for kind in ("destination", "entered agreement"):
        await given.new_graduate()
        path = await placement(given, kind, "approved", None)
        ((_, reason),) = await options(given.cast["graduate"])
        assert reason is None, kind
    await given.new_graduate()
    await placement(given, "destination", "submitted", "department")
    assert await options(given.cast["graduate"]) == [("labor_contract", "placement-not-binding")]


async def test_it_is_claimed_and_decided_in_bulk_in_the_one_queue(world: World) -> None:
    given = await Given.everybody(world)
    school = given.cast["school"]
    for _ in range(2):
        await given.new_graduate()
        await asked(given, await placement(given, "destination", "approved", None))
    queue = (await school.get("/v1/reviews?kind=termination")).json()["items"]
    colleague = await world.staff("school")
    claim = f"/v1/reviews/{queue[0]['id']}/claim"
    assert (await world.client.put(claim, headers=colleague.headers({}))).status_code == 200
    items = [
        {"kind": one["kind"], "record_id": one["record_id"], "version": one["record_version"], "action": "approve"}
        for one in queue
    ]
    answer = await school.post("/v1/reviews/decisions", {"items": items})
    assert [one["status"] for one in answer.json()["results"]] == [409, 201], answer.text
    items[0] |= {"action": "reject", "reason": "other"}
    refused = await colleague.post("/v1/reviews/decisions", {"items": items[:1]})
    assert refused.json()["results"][0]["problem"]["unmet"][0]["code"] == "comment-required"
    items[0] |= {"comment": "证明材料不足。"}
    told = (await colleague.post("/v1/reviews/decisions", {"items": items[:1]})).json()["results"][0]
    assert (told["change"]["to"], told["record"]["comment"]) == ("refused", "证明材料不足。")


async def test_the_end_frees_the_slot_and_closes_the_placements_own_review(world: World) -> None:
    given = await Given.everybody(world)
    entered = await placement(given, "entered agreement", "submitted", "department")
    path = await asked(given, entered)
    blocked = (await given.cast["department"].get(entered)).json()["blocked"]
    assert [(one["action"], one["code"]) for one in blocked] == [("approve", "termination-open")]
    assert (await given.cast["school"].move(path, "approve")).status_code == 201
    assert (await given.cast["department"].get("/v1/reviews")).json()["items"] == []
    assert (await given.cast["graduate"].get(entered)).json()["ending"] == "mutual"
    await placement(given, "destination", "approved", None)


async def test_a_refusal_leaves_it_in_force_and_one_may_ask_again(world: World) -> None:
    given = await Given.everybody(world)
    contract = await placement(given, "destination", "approved", None)
    before = (await given.cast["graduate"].get(contract)).json()
    path = await asked(given, contract)
    assert (await given.cast["school"].move(path, "reject", **BODIES["reject"])).status_code == 201
    after = (await given.cast["graduate"].get(contract)).json()
    assert {name for name in before if before[name] != after[name]} == {"version", "updated_at"}
    assert (await given.cast["graduate"].get("/v1/me/messages")).json()["items"][0]["kind"] == "termination-refused"
    await asked(given, contract)


async def test_rejecting_a_placement_makes_its_termination_moot(world: World) -> None:
    given = await Given.everybody(world)
    for kind in ("agreement", "entered agreement"):
        await given.new_graduate()
        path = await placement(given, kind, "submitted", "department")
        termination = await asked(given, path)
        rejected = await given.cast["department"].move(path, "reject", **BODIES["reject"])
        assert rejected.json()["record"] == (await given.cast["department"].get(path)).json()
        record = (await given.cast["graduate"].get(termination)).json()
        assert (record["status"], record["ending"], record["actions"]) == ("terminated", "moot", [])
        assert record["waiting_for"] is None
        late = await given.cast["graduate"].move(termination, "withdraw")
        assert (late.status_code, late.json()["code"]) == (409, "transition-refused")
        steps = (await given.cast["graduate"].get(f"{termination}/transitions")).json()["items"]
        assert [(one["action"], one["to"], one["by"]["kind"]) for one in steps[1:]] == [("lapse", "moot", "system")]
        assert (await given.cast["school"].get("/v1/reviews?kind=termination")).json()["items"] == []
        told = await world.line.fetchval(
            "select count(*) from app.messages where record_id = $1 and kind = 'termination-moot'", record["id"]
        )
        assert told == (2 if kind == "agreement" else 1)
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def test_nobody_else_is_told_of_it(world: World) -> None:
    given = await Given.everybody(world)
    paths = [await asked(given, await given.agreement("approved", None))]
    await given.new_graduate()
    paths.append(await asked(given, await placement(given, "destination", "approved", None)))
    strangers = ["other graduate", "other employer", "other school"]
    for who in strangers:
        for path in paths:
            assert (await given.cast[who].get(path)).status_code == 404
            assert (await given.cast[who].get(f"{path}/transitions")).status_code == 404
        assert (await given.cast[who].get("/v1/terminations")).json()["items"] == []
    assert (await given.cast["county"].get(paths[1])).status_code == 404
    listed = (await given.cast["school"].get("/v1/terminations?status=submitted")).json()["items"]
    assert [f"/v1/terminations/{one['id']}" for one in listed] == paths[::-1]


async def test_who_is_no_longer_verified_neither_asks_nor_answers(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    graduate = given.cast["graduate"]
    fall = "update app.graduates set verified_at = null where id = $1"
    await world.line.execute(fall, graduate.graduate)
    assert (await asking(given, agreement)).json()["code"] == "identity-unverified"
    path = await asked(given, agreement, "employer")
    assert (await graduate.move(path, "agree")).json()["code"] == "identity-unverified"
