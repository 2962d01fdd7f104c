"""Thirty-two requests at once over HTTP: exactly one wins, the others are refused, and the database agrees."""

from collections.abc import AsyncIterator

import pytest

from tests.agreements.given import Given
from tests.fire.ground import Arena, Ground, Tell
from tests.fire.races import SCENARIOS, Scenario, race

pytestmark = pytest.mark.slow

UNIQUE_RULES = (
    "uq_trail_one_per_version",
    "uq_placements_one_live_per_graduate",
    "uq_invitations_one_pending_per_pair",
    "uq_terminations_one_open_per_placement",
    "uq_reviews_one_open_per_record",
)
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)


@pytest.fixture(scope="module")
async def arena(ground: Ground, variant: str) -> AsyncIterator[Arena]:
    """The API, with requests as close together as chance brings them, or all between look and write."""
    async with ground.arena(variant=variant) as one:
        yield one


@pytest.fixture(scope="module")
async def naive_arena(ground: Ground) -> AsyncIterator[Arena]:
    """An API that reads and then writes, on a database without unique rules."""
    async with ground.arena(*(f"drop index app.{rule}" for rule in UNIQUE_RULES), variant="unguarded") as one:
        yield one


@each_scenario
async def test_of_thirty_two_at_once_exactly_one_wins(
    arena: Arena, variant: str, scenario: Scenario, trials: int, tell: Tell
) -> None:
    outcome = await race(await Given.everybody(await arena.another()), scenario, trials)
    tell(f"{variant}: {outcome}")
    assert outcome.winners == {1: trials}
    assert outcome.faults == []


@each_scenario
async def test_without_guards_and_unique_rules_the_same_race_has_many_winners(
    naive_arena: Arena, scenario: Scenario, tell: Tell
) -> None:
    outcome = await race(await Given.everybody(await naive_arena.another()), scenario, 2)
    tell(f"naive: {outcome}")
    assert any(winners > 1 for winners in outcome.winners), "the naive variant passed: the test proves nothing"
    assert outcome.faults
