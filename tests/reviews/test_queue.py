"""The queue of a body: what waits for it and nothing else, claims that keep colleagues apart, decisions in bulk."""

from datetime import timedelta
from typing import Any

from tests.agreements.given import Given
from tests.world import Somebody, World


async def waiting(person: Somebody, query: str = "") -> list[dict[str, Any]]:
    """The first page of a person's queue."""
    answer = await person.get(f"/v1/reviews{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def three_agreements(given: Given) -> list[str]:
    """Paths of three agreements that wait for the department."""
    paths = []
    for _ in range(3):
        await given.new_graduate()
        paths.append(await given.agreement("submitted", "department"))
    return paths


async def test_a_queue_is_what_waits_for_the_body_oldest_first(world: World) -> None:
    given = await Given.everybody(world)
    paths = await three_agreements(given)
    mine = await waiting(given.cast["department"])
    assert [f"/v1/agreements/{one['record_id']}" for one in mine] == paths
    assert {(one["kind"], one["stage"], one["overdue"], one["claim"]) for one in mine} == {
        ("agreement", "department", False, None)
    }
    assert mine[0]["subject"]["position"] == "后端开发工程师"
    assert await waiting(given.cast["school"]) == []
    assert await waiting(given.cast["county"]) == []
    assert (await given.cast["graduate"].get("/v1/reviews")).status_code == 403
    newest = await waiting(given.cast["department"], "?order=newest")
    assert newest == mine[::-1]


async def test_a_queue_is_read_page_by_page_and_narrowed(world: World) -> None:
    given = await Given.everybody(world)
    await three_agreements(given)
    person = given.cast["department"]
    for order in ("oldest", "newest"):
        whole = await waiting(person, f"?order={order}")
        first = await person.get(f"/v1/reviews?order={order}&limit=2")
        following = first.headers["link"].partition(">")[0].removeprefix("<")
        second = await person.get(following)
        assert first.json()["items"] + second.json()["items"] == whole
        assert (second.json()["next_cursor"], second.headers.get("link")) == (None, None)
    assert len(await waiting(person, "?kind=agreement&cohort=2027&stage=department")) == 3
    assert await waiting(person, "?kind=employer") == []
    assert await waiting(person, "?cohort=2026") == []


async def test_a_claim_keeps_colleagues_apart_until_its_lease_is_over(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.agreement("submitted", "department")
    first, second = given.cast["department"], await world.staff("department")
    (review,) = await waiting(first)
    claim = f"/v1/reviews/{review['id']}/claim"
    put = world.client.put

    taken = await put(claim, headers=first.headers({}))
    assert taken.json()["claim"]["mine"] is True
    refused = await put(claim, headers=second.headers({}))
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed-by-another")
    unmet = (await second.move(path, "approve")).json()["unmet"]
    assert [one["code"] for one in unmet] == ["claimed-by-another"]
    seen = (await waiting(second))[0]["claim"]
    assert (seen["mine"], seen["by"]) == (False, f"department {world.serial}")
    assert (await put(claim, headers=first.headers({}))).status_code == 200, "a claim may be renewed"

    await world.line.execute(
        "update app.reviews set lease_until = $2 where id = $1",
        review["id"],
        world.service.clock.real() - timedelta(seconds=1),
    )
    assert (await waiting(second))[0]["claim"] is None
    assert (await put(claim, headers=second.headers({}))).json()["claim"]["mine"] is True
    released = await world.client.delete(claim, headers=second.headers({}))
    assert released.json()["claim"] is None
    assert (await first.move(path, "approve")).status_code == 201


async def test_a_review_is_overdue_when_its_last_day_is_over(world: World) -> None:
    given = await Given.everybody(world)
    await given.agreement("submitted", "department")
    person = given.cast["department"]
    assert (await person.get("/v1/me/todo")).json()["items"][0]["details"] == {"count": 1, "overdue": 0}
    await world.line.execute(
        "update app.reviews set due_on = due_on - 60 where body_id = $1", world.bodies["department"]
    )
    assert (await waiting(person))[0]["overdue"] is True
    assert (await person.get("/v1/me/todo")).json()["items"][0]["details"] == {"count": 1, "overdue": 1}


def decisions(items: list[dict[str, Any]], **changes: Any) -> list[dict[str, Any]]:
    """An approval of each."""
    return [
        {"kind": one["kind"], "record_id": one["record_id"], "version": one["record_version"], "action": "approve"}
        | changes
        for one in items
    ]


async def test_decisions_in_bulk_have_a_result_each_and_one_bad_one_takes_nothing_from_the_others(world: World) -> None:
    given = await Given.everybody(world)
    await three_agreements(given)
    person = given.cast["department"]
    items = decisions(await waiting(person))
    items[1]["version"] = 9
    answer = await person.post("/v1/reviews/decisions", {"items": items}, Idempotency_Key="bulk")
    assert answer.status_code == 207, answer.text
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 412, 201]
    assert results[1]["problem"]["code"] == "stale-version"
    assert results[0]["record"]["stage"] == "school"
    assert len(await waiting(person)) == 1
    again = await person.post("/v1/reviews/decisions", {"items": items}, Idempotency_Key="bulk")
    assert [one["status"] for one in again.json()["results"]] == [201, 412, 201]
    assert again.json()["results"][0] == results[0], "a repeated key repeats the answer"


async def test_a_dry_run_judges_and_carries_nothing_out(world: World) -> None:
    given = await Given.everybody(world)
    await three_agreements(given)
    person = given.cast["department"]
    before = await waiting(person)
    items = decisions(before) + decisions(before[:1], action="reject") + decisions(before[:1], action="return")
    answer = await person.post("/v1/reviews/decisions", {"items": items, "dry_run": True})
    statuses = [one["status"] for one in answer.json()["results"]]
    assert statuses == [200, 200, 200, 422, 422], "reject needs a reason, and an agreement is never returned"
    assert await waiting(person) == before


async def test_more_than_fifty_at_once_are_refused(world: World) -> None:
    person = await world.staff("department")
    item = {"kind": "agreement", "record_id": "01890a5d-ac96-774b-bcce-b302099a8057", "version": 1, "action": "approve"}
    answer = await person.post("/v1/reviews/decisions", {"items": [item] * 51})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "too-long")
