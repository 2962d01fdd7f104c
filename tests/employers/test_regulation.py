"""The whole product of situation, action and person against the regulation: all else leaves no trace."""

import pytest

from tests.employers.given import Given
from tests.employers.regulation import ACTIONS, CAST, REGULATION, SITUATIONS, Key
from tests.world import World


async def walk(given: Given, path: str, key: Key) -> bool:
    """Try one move and hold its outcome against the regulation; says whether it was allowed."""
    _, _, action, who = key
    person = given.cast[who]
    before = await given.trace(path)
    version = (await given.cast["operator"].get(path)).json()["version"]
    answer = await person.move(path, action, version, **given.body(action))
    if (outcome := REGULATION.get(key)) is None:
        assert answer.status_code in (403, 404, 409), (key, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert await given.trace(path) == before, key
        return False
    assert answer.status_code == 201, (key, answer.text)
    told = answer.json()
    assert (told["change"]["to"], told["record"]["stage"]) == outcome, key
    assert told["record"] == (await person.get(path)).json(), f"the answer of {key} is not what a reader sees"
    return True


@pytest.mark.parametrize(("situation", "stage"), SITUATIONS)
async def test_only_the_regulation_moves_an_employer(world: World, situation: str, stage: str | None) -> None:
    given = await Given.everybody(world)
    path = await given.employer(situation, stage)
    for action in ACTIONS:
        for who in CAST:
            if await walk(given, path, (situation, stage, action, who)):
                path = await given.employer(situation, stage)
