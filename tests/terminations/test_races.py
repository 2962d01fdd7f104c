"""Both sides, the worker and a reviewer at once: exactly one gets their way.

The rivals are held back until all of them have looked, so that they meet in the write and nowhere else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from app.workflows.escalations import escalate
from tests.agreements.given import BODIES, Given
from tests.terminations.given import asked, asking, clock_at, last_moment
from tests.world import World


@asynccontextmanager
async def all_between_look_and_write(world: World, rivals: int) -> AsyncIterator[None]:
    """The first write of each of so many rivals waits for the others to have looked."""
    database, gate, waiting = world.service.db, asyncio.Event(), iter(range(rivals))
    apply = database.apply

    async def held(*change: Any, **given: Any) -> Any:
        if next(waiting, rivals) == rivals - 1:
            gate.set()
        await gate.wait()
        return await apply(*change, **given)

    database.apply = held  # type: ignore[method-assign]
    try:
        yield
    finally:
        del database.apply  # the class has it; an attribute left here would hide what other tests patch there


async def at_once(world: World, *rivals: Awaitable[Any]) -> list[int]:
    """The statuses of rivals who have all looked before one of them writes; the worker's has none."""
    async with all_between_look_and_write(world, len(rivals)):
        answers = await asyncio.gather(*rivals)
    return [answer.status_code for answer in answers if answer is not None]


async def further_steps(given: Given, path: str) -> list[str]:
    """What was done with a termination after it was asked for."""
    items = (await given.cast["graduate"].get(f"{path}/transitions")).json()["items"]
    return [one["action"] for one in items[1:]]


async def test_of_answers_a_withdrawal_and_the_escalation_one_wins(world: World) -> None:
    given = await Given.everybody(world)
    for _ in range(4):
        await given.new_graduate()
        path = await asked(given, await given.agreement("approved", None))
        graduate, employer = given.cast["graduate"], given.cast["employer"]
        async with clock_at(world, await last_moment(world, path) + timedelta(minutes=1)):
            statuses = await at_once(
                world,
                employer.move(path, "agree", 1),
                employer.move(path, "refuse", 1),
                graduate.move(path, "withdraw", 1),
                escalate(world.service),
            )
        (step,) = await further_steps(given, path)
        assert statuses.count(201) == (step != "escalate"), (step, statuses)
        assert {*statuses} <= {201, 409, 412}


async def test_one_after_the_other_two_get_their_way(world: World) -> None:
    """The control: what is escalated may still be taken back, by who looks again."""
    given = await Given.everybody(world)
    path = await asked(given, await given.agreement("approved", None))
    async with clock_at(world, await last_moment(world, path)):
        await escalate(world.service)
    assert (await given.cast["graduate"].move(path, "withdraw", 1)).status_code == 412
    assert (await given.cast["graduate"].move(path, "withdraw")).status_code == 201
    assert await further_steps(given, path) == ["escalate", "withdraw"]


@pytest.mark.parametrize("asks_twice", [False, True], ids=["the other side", "the same side"])
async def test_both_ask_and_there_is_one_termination(world: World, *, asks_twice: bool) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    second = "graduate" if asks_twice else "employer"
    statuses = await at_once(world, asking(given, agreement, "graduate"), asking(given, agreement, second))
    rows = await world.line.fetch(
        "select decision from app.terminations where placement_id = $1", agreement.rpartition("/")[2]
    )
    assert [row["decision"] for row in rows] == ([None] if asks_twice else ["agreed"])
    assert sorted(statuses) == ([201, 409] if asks_twice else [201, 201])


STRANDED = """
    select t.id from app.terminations t join app.placements p on p.id = t.placement_id
     where t.status = 'submitted' and (p.status = 'terminated' or p.decision = 'rejected') and p.id = $1
"""


async def test_no_termination_is_left_open_on_what_was_rejected_meanwhile(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("submitted", "department")
    rejected = given.cast["department"].move(agreement, "reject", 1, **BODIES["reject"])
    statuses = await at_once(world, asking(given, agreement), rejected)
    record = agreement.rpartition("/")[2]
    assert sorted(statuses) in ([201, 409], [201, 412])
    assert await world.line.fetch(STRANDED, record) == []
    await given.new_graduate()
    agreement = await given.agreement("submitted", "department")
    await asked(given, agreement)
    await world.line.execute(
        "update app.placements set status = 'reviewed', decision = 'rejected', stage = null where id = $1",
        agreement.rpartition("/")[2],
    )
    assert len(await world.line.fetch(STRANDED, agreement.rpartition("/")[2])) == 1, "the control: it would be found"
