"""The whole product of situation, action and person: what the regulation allows happens, all else leaves no trace."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from tests.agreements.given import Given
from tests.agreements.regulation import CAST, Key, Outcome
from tests.destinations.forms import CONTRACT, ENTERED
from tests.destinations.given import destination, entered, filled, uploaded
from tests.destinations.regulation import (
    DESTINATION,
    DESTINATION_ACTIONS,
    DESTINATION_SITUATIONS,
    ENTERED_ACTIONS,
    ENTERED_SITUATIONS,
)
from tests.destinations.regulation import ENTERED as ENTERED_REGULATION
from tests.world import World

Making = Callable[[Given, str, str | None], Awaitable[str]]


async def bodies(given: Given, form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each action needs beyond its name, so that only person and situation decide."""
    graduate = given.cast["graduate"]
    return {
        "edit": {"details": await filled(graduate, form | {"remarks": "更正"})},
        "attach": {"scan_file_id": await uploaded(graduate, "stamped_scan"), "signed_on": "2026-11-24"},
        "reject": {"reason": "not_eligible"},
        "return": {"comment": "请补充材料。"},
    }


async def walk(
    given: Given, make: Making, form: dict[str, Any], place: tuple[str, str | None], actions: Sequence[str],
    regulation: Mapping[Key, Outcome],
) -> set[Key]:  # fmt: skip
    """Try every move of everybody in this situation; says which were allowed."""
    path, allowed = await make(given, *place), set[Key]()
    needed = await bodies(given, form)
    for action in actions:
        for who in CAST:
            key = (*place, action, who)
            before = await given.trace(path)
            version = (await given.cast["graduate"].get(path)).json()["version"]
            answer = await given.cast[who].move(path, action, version, **needed.get(action, {}))
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
            path, needed = await make(given, *place), await bodies(given, form)
    return allowed


@pytest.mark.parametrize("place", DESTINATION_SITUATIONS, ids=str)
async def test_only_the_regulation_moves_a_destination(world: World, place: tuple[str, str | None]) -> None:
    given = await Given.everybody(world)
    allowed = await walk(given, destination, CONTRACT, place, DESTINATION_ACTIONS, DESTINATION)
    assert allowed == {key for key in DESTINATION if key[:2] == place}


@pytest.mark.parametrize("place", ENTERED_SITUATIONS, ids=str)
async def test_only_the_regulation_moves_an_entered_agreement(world: World, place: tuple[str, str | None]) -> None:
    given = await Given.everybody(world)
    allowed = await walk(given, entered, ENTERED, place, ENTERED_ACTIONS, ENTERED_REGULATION)
    assert allowed == {key for key in ENTERED_REGULATION if key[:2] == place}
