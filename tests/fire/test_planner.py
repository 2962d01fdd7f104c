"""Row-level security and guards hold under whatever plan PostgreSQL chooses."""

from collections.abc import Sequence
from typing import Any

import pytest

from app import main
from app.service import Service
from tests.agreements.given import BODIES, Given
from tests.fire.planner import EVERY_PLAN, SOME_PLANS, Doubting, Planner
from tests.fire.served import served
from tests.world import Somebody

pytestmark = pytest.mark.slow

UNGATED = """
    with actor as (select * from app.begin_request($1, $2)),
         moved as (update app.invitations i set version = version + 1, status = 'withdrawn' from actor
                    where i.id = actor.record_id and i.version = 1 returning i.id)
    select (select count(*) from actor), (select count(*) from moved)
"""
GATED = UNGATED.replace("from actor\n", "").replace(
    "i.id = actor.record_id", "i.id = $2 and (select account_id is not null from actor)"
)


@pytest.fixture
def plans(trials: int) -> Sequence[Any]:
    """All of them in a full run."""
    return EVERY_PLAN if trials >= 50 else SOME_PLANS


async def lists(cast: dict[str, Somebody]) -> None:
    """Every list, narrowed and not, as everybody."""
    for who in cast.values():
        for path in (
            "/v1/invitations", "/v1/invitations?status=sent", "/v1/agreements", "/v1/agreements?status=reviewed&cohort=2027",
            "/v1/terminations", "/v1/reviews", "/v1/reviews?order=newest&stage=school", "/v1/me/todo", "/v1/me/options",
        ):  # fmt: skip
            answer = await who.get(path)
            assert answer.status_code == 200, answer.text


async def whole_life(given: Given) -> None:
    """Every move of invitation, agreement, review and termination, and every read on the way."""
    cast = given.cast
    for situation in ("accepted", "declined", "withdrawn", "superseded"):
        await given.invitation(situation)
        await given.new_graduate()
    path = await given.invitation("sent")
    for action, who in (("edit", "employer"), ("extend", "employer")):
        assert (await cast[who].move(path, action, **BODIES[action])).status_code == 201
    await given.invitation("lapsed")
