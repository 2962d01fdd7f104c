"""Thirty-two requests at once over HTTP: exactly one wins, the others are refused, and the database agrees."""

from collections.abc import Awaitable, Callable

import pytest

from tests.agreements.given import Given
from tests.fire.ground import Ground
from tests.fire.races import SCENARIOS, Heat, race

pytestmark = pytest.mark.slow

WITHOUT_UNIQUE_RULES = tuple(
    f"drop index app.{rule}"
    for rule in (
        "uq_trail_one_per_version",
        "uq_placements_one_live_per_graduate",
        "uq_invitations_one_pending_per_pair",
        "uq_terminations_one_open_per_placement",
        "uq_reviews_one_open_per_record",
    )
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
async def test_of_thirty_two_at_once_exactly_one_wins(
    ground: Ground, trials: int, scenario: Callable[[Given], Awaitable[Heat]]
) -> None:
    async with ground.arena() as arena:
        outcome = await race(await Given.everybody(arena), scenario, trials)
    print(outcome)
    assert outcome.winners == {1: trials}, outcome
    assert outcome.faults == [], outcome
