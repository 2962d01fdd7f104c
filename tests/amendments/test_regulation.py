"""The whole product of situation, action and person: what the regulation allows happens, all else leaves no trace."""

import pytest

from tests.agreements.given import Given
from tests.agreements.regulation import CAST
from tests.amendments.given import BODIES, CHANGES, agreement_of_who_left, amendment, ask, asked, trace
from tests.amendments.regulation import ACTIONS, AMENDMENT, SITUATIONS
from tests.world import World


@pytest.mark.parametrize(("situation", "asker"), SITUATIONS)
async def test_only_the_regulation_moves_an_amendment(world: World, situation: str, asker: str) -> None:
    given, allowed = await Given.everybody(world), set()
    path = await amendment(given, situation, asker)
    for action in ACTIONS:
        for who in CAST:
            key, person = (situation, asker, action, who), given.cast[who]
            before = await trace(given, path)
            version = (await given.cast["graduate"].get(path)).json()["version"]
            answer = await person.move(path, action, version, **BODIES.get(action, {}))
            if (outcome := AMENDMENT.get(key)) is None:
                assert answer.status_code in (403, 404, 409), (key, answer.text)
                assert await trace(given, path) == before, key
                continue
            assert answer.status_code == 201, (key, answer.text)
            told = answer.json()
            assert (told["change"]["to"], told["record"]["stage"]) == (outcome, None), key
            assert told["record"] == (await person.get(path)).json(), key
            allowed.add(key)
            await given.new_graduate()
            path = await amendment(given, situation, asker)
    assert allowed == {key for key in AMENDMENT if key[:2] == (situation, asker)}


async def test_only_the_two_sides_ask(world: World) -> None:
    given = await Given.everybody(world)
    placement = await given.agreement("approved", None)
    for who in CAST:
        before = await trace(given, placement)
        answer = await ask(given.cast[who], placement)
        if who in ("graduate", "employer"):
            assert answer.status_code == 201, answer.text
            await given.cast[who].move(answer.headers["Location"], "withdraw")
        else:
            assert answer.status_code in (403, 404), (who, answer.text)
            assert await trace(given, placement) == before, who


@pytest.mark.parametrize(
    ("situation", "stage"),
    [("submitted", "department"), ("submitted", "school"), ("rejected", None), ("terminated", None)],
)
async def test_only_what_is_in_force_is_amended(world: World, situation: str, stage: str | None) -> None:
    given = await Given.everybody(world)
    answer = await ask(given.cast["graduate"], await given.agreement(situation, stage))
    assert answer.status_code == 409, answer.text
    assert answer.json()["unmet"][0]["code"] == "placement-not-in-force"


async def test_who_approved_it_reviews_alone(world: World) -> None:
    """After leaving that is the county bureau, and its queue has it."""
    given = await Given.everybody(world, left=True)
    path = await asked(given.cast["graduate"], await agreement_of_who_left(given))
    county = given.cast["county"]
    waiting = (await county.get(path)).json()["waiting_for"]
    assert (waiting["stage"], waiting["body"]["id"]) == ("county", county.body)
    (review,) = (await county.get("/v1/reviews?kind=amendment")).json()["items"]
    assert review["record_id"] == path.rpartition("/")[2]
    assert review["subject"]["diff"] == [
        {"pointer": "/terms/position", "from": "后端开发工程师", "to": CHANGES["position"]}
    ]
    claim = f"/v1/reviews/{review['id']}/claim"
    assert (await county.client.put(claim, headers=county.headers({}))).status_code == 200
    decision = {"kind": "amendment", "record_id": review["record_id"], "version": 1, "action": "approve"}
    decided = await county.post("/v1/reviews/decisions", {"items": [decision]})
    assert decided.json()["results"][0]["status"] == 201, decided.text
    assert (await county.get("/v1/reviews?kind=amendment")).json()["items"] == []
