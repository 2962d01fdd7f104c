"""The whole product of situation, action and person: what the regulation allows happens, all else leaves no trace."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from tests.agreements.given import Given
from tests.agreements.regulation import CAST, Key, Outcome
from tests.annulments.given import KINDS, VERDICT, annulling, objection, placement
from tests.annulments.regulation import (
    ACTIONS,
    ANNULMENT,
    BY_THE_LAST_TURN,
    CASCADES,
    OBJECTION,
    OBJECTION_ACTIONS,
    OBJECTION_SITUATIONS,
    SITUATIONS,
)
from tests.world import World


async def needed(given: Given, who: str, action: str) -> dict[str, Any]:
    """What each action needs beyond its name, so that only person and situation decide."""
    if action == "annul":
        return await annulling(given.world, given.cast[who])
    return dict(VERDICT) if action in ("uphold", "dismiss") else {}


async def walk(
    given: Given, make: Callable[[], Awaitable[str]], place: tuple[str, str | None], actions: Sequence[str],
    regulation: Mapping[Key, Outcome],
) -> set[Key]:  # fmt: skip
    """Try every move of everybody in this situation; says which were allowed."""
    path, allowed = await make(), set[Key]()
    for action in actions:
        for who in CAST:
            key = (*place, action, who)
            before = await given.trace(path)
            version = (await given.cast["graduate"].get(path)).json()["version"]
            body = await needed(given, who, action)
            answer = await given.cast[who].move(path, action, version, **body)
            if (outcome := regulation.get(key)) is None:
                assert answer.status_code in (403, 404, 409), (key, answer.text)
                assert await given.trace(path) == before, key
                continue
            assert answer.status_code == 201, (key, answer.text)
            told = answer.json()
            assert (told["change"]["to"], told["record"]["stage"]) == outcome, key
            assert told["record"] == (await given.cast[who].get(path)).json(), key
            allowed.add(key)
            await given.new_graduate()
            path = await make()
    return allowed


@pytest.mark.parametrize("kind", KINDS)
async def test_only_the_regulation_annuls_a_placement(world: World, kind: str) -> None:
    given = await Given.everybody(world)
    for place in SITUATIONS:
        await given.new_graduate()
        allowed = await walk(given, lambda at=place: placement(given, kind, *at), place, ACTIONS, ANNULMENT)
        assert allowed == {key for key in ANNULMENT if key[:2] == place}


async def test_nobody_disowns_or_reinstates_by_hand(world: World) -> None:
    given = await Given.everybody(world)
    for kind in KINDS:
        await given.new_graduate()
        path = await placement(given, kind, "annulled", None)
        for action in CASCADES:
            for who in ("graduate", "school", "provincial_education"):
                assert (await given.cast[who].move(path, action)).status_code == 422


@pytest.mark.parametrize("last", BY_THE_LAST_TURN)
async def test_the_body_that_approved_or_the_level_above_annuls(world: World, last: str) -> None:
    given = await Given.everybody(world, left=last == "county")
    await world.settings(["department"] if last == "department" else ["department", "school"])
    turns = {"department": ["department"], "school": ["department", "school"], "county": ["county"]}[last]

    async def approved() -> str:
        path = await given.agreement("submitted", turns[0])
        for who in turns:
            assert (await given.cast[who].move(path, "approve")).is_success
        return path

    path, annulled = await approved(), set()
    for who in CAST:
        answer = await given.cast[who].move(path, "annul", 1 + len(turns), **await needed(given, who, "annul"))
        if answer.is_success:
            annulled.add(who)
            await given.new_graduate(left=last == "county")
            path = await approved()
        else:
            assert answer.status_code in (403, 404), (who, answer.text)
    assert annulled == BY_THE_LAST_TURN[last]


@pytest.mark.parametrize("place", OBJECTION_SITUATIONS, ids=str)
async def test_only_the_regulation_moves_an_objection(world: World, place: tuple[str, str | None]) -> None:
    given = await Given.everybody(world)
    allowed = await walk(given, lambda: objection(given, *place), place, OBJECTION_ACTIONS, OBJECTION)
    assert allowed == {key for key in OBJECTION if key[:2] == place}
