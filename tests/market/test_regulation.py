"""The whole product of situation, action and person against the regulation: all else leaves no trace."""

import pytest

from tests.market.given import Given
from tests.market.regulation import (
    APPLICATION,
    APPLICATION_ACTIONS,
    APPLICATION_SITUATIONS,
    CAST,
    JOB,
    JOB_ACTIONS,
    JOB_SITUATIONS,
    Key,
)
from tests.world import World


@pytest.mark.parametrize("place", JOB_SITUATIONS, ids=str)
async def test_only_the_regulation_moves_a_job(world: World, place: tuple[str, str | None]) -> None:
    given, allowed = await Given.everybody(world), set[Key]()
    path = await given.job(*place)
    for action in JOB_ACTIONS:
        for who in CAST:
            key = (*place, action, who)
            before = await given.trace(path)
            version = (await given.cast["employer"].get(path)).json()["version"]
            answer = await given.act(who, path, action, version)
            if (outcome := JOB.get(key)) is None:
                assert answer.status_code in (403, 404, 409), (key, answer.text)
                assert await given.trace(path) == before, key
                continue
            assert answer.status_code == 201, (key, answer.text)
            told = answer.json()
            assert (told["change"]["to"], told["record"]["stage"]) == outcome, key
            assert told["record"] == (await given.cast[who].get(path)).json(), key
            allowed.add(key)
            path = await given.job(*place)
    assert allowed == {key for key in JOB if key[:2] == place}


@pytest.mark.parametrize("situation", APPLICATION_SITUATIONS)
async def test_only_the_regulation_moves_an_application(world: World, situation: str) -> None:
    given, allowed = await Given.everybody(world), set[Key]()
    path = await given.application(situation)
    for action in APPLICATION_ACTIONS:
        for who in CAST:
            key = (situation, None, action, who)
            before = await given.trace(path)
            version = (await given.cast["graduate"].get(path)).json()["version"]
            answer = await given.act(who, path, action, version)
            if (outcome := APPLICATION.get(key)) is None:
                assert answer.status_code in (403, 404, 409), (key, answer.text)
                assert await given.trace(path) == before, key
                continue
            assert answer.status_code == 201, (key, answer.text)
            assert (await given.cast[who].get(path)).json()["status"] == outcome[0], key
            allowed.add(key)
            given.cast["graduate"] = await world.graduate(verified=False)
            path = await given.application(situation)
    assert allowed == {key for key in APPLICATION if key[0] == situation}
