"""The whole product of place, action and person: what the regulation allows happens, all else leaves no trace."""

from typing import Any

import pytest

from tests.agreements.given import BODIES, Given
from tests.terminations.given import asking, before_the_body, placement
from tests.terminations.regulation import ACTIONS, ASKED, CAST, PLACES, REGULATION
from tests.world import World


async def placement_of(given: Given, path: str) -> Any:
    """The row of the placement that a termination is of."""
    query = "select p.* from app.placements p join app.terminations t on t.placement_id = p.id where t.id = $1"
    return await given.world.line.fetchrow(query, path.rpartition("/")[2])


@pytest.mark.parametrize(("of", "stage"), PLACES)
async def test_only_the_regulation_moves_a_termination(world: World, of: str, stage: str) -> None:
    given = await Given.everybody(world)
    path = await before_the_body(given, of, stage)
    before, seen = await given.trace(path), (await given.cast["provincial_bureau"].get(path)).json()
    assert (seen["status"], seen["stage"]) == ("submitted", stage)
    for action in ACTIONS:
        for who in CAST:
            if (of, stage, action, who) not in REGULATION:
                answer = await given.cast[who].move(path, action, seen["version"], **BODIES.get(action, {}))
                assert answer.status_code in (403, 404, 409), (action, who, answer.text)
    assert await given.trace(path) == before
    for key, (situation, next_stage) in REGULATION.items():
        if key[:2] == (of, stage):
            path = await before_the_body(given, of, stage)
            person = given.cast[key[3]]
            answer = await person.move(path, key[2], **BODIES.get(key[2], {}))
            assert answer.status_code == 201, (key, answer.text)
            told = answer.json()
            assert (told["change"]["to"], told["record"]["stage"]) == (situation, next_stage), key
            assert told["record"] == (await person.get(path)).json(), key
            row = await placement_of(given, path)
            assert (row["status"] == "terminated") == (situation == "agreed"), key
            assert row["ending"] == ("mutual" if situation == "agreed" else None)
            open_turns = "select count(*) from app.reviews where record_id = $1 and decision is null"
            waits = await world.line.fetchval(open_turns, path.rpartition("/")[2])
            assert waits == (situation == "submitted"), key


@pytest.mark.parametrize("kind", ["agreement", "entered agreement", "destination"])
async def test_who_may_ask_to_end_what(world: World, kind: str) -> None:
    given = await Given.everybody(world)
    for (of, situation, stage, who), reason in ASKED.items():
        if of != kind:
            continue
        await given.new_graduate()
        path = await placement(given, of, situation, stage)
        for other in set(CAST) - ({"graduate", "employer"} if kind == "agreement" else {"graduate"}):
            if situation == "approved":
                assert (await asking(given, path, other)).status_code in (403, 404), other
        shown = (await given.cast[who].get(path)).json()
        answer = await asking(given, path, who)
        if reason is None:
            assert answer.status_code == 201, answer.text
            assert "ask_termination" in shown["actions"]
            *_, blocked = (await given.cast[who].get(path)).json()["blocked"]
            assert (blocked["action"], blocked["code"]) == ("ask_termination", "termination-open")
        else:
            assert (answer.status_code, [one["code"] for one in answer.json()["unmet"]]) == (409, [reason])
            assert "ask_termination" not in shown["actions"]
