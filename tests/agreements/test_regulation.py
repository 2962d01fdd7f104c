"""The whole product of situation, action and person: what the regulation allows happens, all else leaves no trace."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.agreements.given import BODIES, Given
from tests.agreements.regulation import (
    AGREEMENT,
    AGREEMENT_ACTIONS,
    AGREEMENT_SITUATIONS,
    CAST,
    INVITATION,
    INVITATION_ACTIONS,
    INVITATION_SITUATIONS,
    TERMINATION,
    TERMINATION_ACTIONS,
    TERMINATION_SITUATIONS,
    Key,
    Outcome,
)
from tests.world import World


async def walk(given: Given, path: str, key: Key, regulation: Mapping[Key, Outcome]) -> bool:
    """Try one move and hold its outcome against the regulation; says whether it was allowed."""
    _, _, action, who = key
    person = given.cast[who]
    before = await given.trace(path)
    version = (await given.cast["graduate"].get(path)).json()["version"]
    answer = await person.move(path, action, version, **BODIES.get(action, {}))
    if (outcome := regulation.get(key)) is None:
        assert answer.status_code in (403, 404, 409), (key, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert await given.trace(path) == before, key
        return False
    assert answer.status_code == 201, (key, answer.text)
    told = answer.json()
    assert (told["change"]["to"], _stage(told["record"])) == outcome, key
    assert told["record"] == (await person.get(path)).json(), f"the answer of {key} is not what a reader sees"
    return True


def _stage(record: Mapping[str, Any]) -> str | None:
    stage = record.get("stage")
    return None if stage == "counterparty" else stage


@pytest.mark.parametrize("situation", INVITATION_SITUATIONS)
async def test_only_the_regulation_moves_an_invitation(world: World, situation: str) -> None:
    given = await Given.everybody(world)
    path = await given.invitation(situation)
    for action in INVITATION_ACTIONS:
        for who in CAST:
            if await walk(given, path, (situation, None, action, who), INVITATION):
                await given.new_graduate()
                path = await given.invitation(situation)


@pytest.mark.parametrize(("situation", "stage"), AGREEMENT_SITUATIONS)
async def test_only_the_regulation_moves_an_agreement(world: World, situation: str, stage: str | None) -> None:
    left = stage == "county"
    given = await Given.everybody(world, left=left)
    path = await given.agreement(situation, stage)
    for action in AGREEMENT_ACTIONS:
        for who in CAST:
            if await walk(given, path, (situation, stage, action, who), AGREEMENT):
                await given.new_graduate(left=left)
                path = await given.agreement(situation, stage)


@pytest.mark.parametrize(("situation", "asker"), TERMINATION_SITUATIONS)
async def test_only_the_regulation_moves_a_termination(world: World, situation: str, asker: str | None) -> None:
    given = await Given.everybody(world)
    path = await given.termination(situation, asker)
    for action in TERMINATION_ACTIONS:
        for who in CAST:
            if await walk(given, path, (situation, asker, action, who), TERMINATION):
                await given.new_graduate()
                path = await given.termination(situation, asker)
