"""Silence is escalated when the last working day has ended, and not a moment before: to whom, told to whom, once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.errors import TransitionRefused
from app.workflows.due import Due
from app.workflows.engine import Decision, Scene
from app.workflows.escalations import escalate
from app.workflows.termination_reads import unanswered
from app.workflows.terminations import Do, workflow
from tests.agreements.given import Given
from tests.terminations.given import SIDES, asked, clock_at, last_moment, overdue, sandbox_clock_at
from tests.working import until, working
from tests.world import World


async def steps(given: Given, path: str) -> list[tuple[str, str, str | None]]:
    """(action, by whom, whose turn it is then) of the timeline."""
    items = (await given.cast["graduate"].get(f"{path}/transitions")).json()["items"]
    return [(one["action"], one["by"]["kind"], one["stage"]) for one in items]


async def told(given: Given, path: str) -> set[tuple[str, str]]:
    """(who, what) of the messages about this termination."""
    rows = await given.world.line.fetch(
        "select kind, to_body_id from app.messages where record_id = $1", path.rpartition("/")[2]
    )
    return {("employer" if row["to_body_id"] else "graduate", row["kind"]) for row in rows}


def waits_for(record: dict[str, Any]) -> tuple[str, str]:
    """Whose turn it is, and of which body."""
    return record["stage"], record["waiting_for"]["body"]["id"]


@pytest.mark.parametrize("asker", SIDES)
@pytest.mark.parametrize(("left", "body"), [(False, "school"), (True, "county")])
async def test_silence_goes_to_the_school_before_leaving_and_to_the_bureau_after(
    world: World, asker: str, body: str, *, left: bool
) -> None:
    given = await Given.everybody(world, left=left)
    agreement = await given.agreement("submitted", "county" if left else "department")
    path = await asked(given, agreement, asker)
    over = await last_moment(world, path)
    async with clock_at(world, over - timedelta(seconds=5)):
        await escalate(world.service)
        assert (await given.cast["graduate"].get(path)).json()["stage"] == "counterparty", "the day has not ended"
        assert (await given.cast[body].get("/v1/reviews?kind=termination")).json()["items"] == []
    async with clock_at(world, over):
        await asyncio.gather(*(escalate(world.service) for _ in range(4)))
        record = (await given.cast["graduate"].get(path)).json()
        assert waits_for(record) == (body, world.bodies[body])
        (review,) = (await given.cast[body].get("/v1/reviews?kind=termination")).json()["items"]
        assert (review["stage"], review["overdue"]) == (body, False)
        assert (review["subject"]["asked_by"], review["subject"]["placement_kind"]) == (asker, "online_agreement")
    assert await steps(given, path) == [("ask", asker, "counterparty"), ("escalate", "system", body)]
    other = SIDES[asker]
    assert await told(given, path) == {
        (other, "termination-submitted"), (asker, "termination-escalated"), (other, "termination-escalated"),
    }  # fmt: skip
    for action in ("agree", "refuse"):
        late = await given.cast[other].move(path, action)
        assert [one["code"] for one in late.json()["unmet"]] == ["a-body-decides"], action
    assert (await given.cast[body].move(path, "approve")).json()["change"]["to"] == "agreed"
    assert (await given.cast["graduate"].get(agreement)).json()["ending"] == "mutual"
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def test_ten_working_days_are_counted_around_a_holiday(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    async with clock_at(world, datetime(2026, 9, 28, 4, tzinfo=UTC)):  # the National Day's week lies between
        path = await asked(given, agreement)
    record = (await given.cast["graduate"].get(path)).json()
    assert record["reply_due_on"] == record["waiting_for"]["due_on"] == "2026-10-16"


async def test_an_answer_is_taken_until_the_worker_has_escalated(world: World) -> None:
    given = await Given.everybody(world)
    path = await asked(given, await given.agreement("approved", None))
    async with clock_at(world, await last_moment(world, path) + timedelta(minutes=1)):
        assert (await given.cast["employer"].move(path, "refuse")).status_code == 201
        await escalate(world.service)
    assert (await given.cast["graduate"].get(path)).json()["decision"] == "refused"


async def test_the_bureau_comes_to_see_an_agreement_that_it_does_not_review(world: World) -> None:
    """Submitted before leaving, so that the school reviews it; silent until after: the bureau ends it all the same."""
    given = await Given.everybody(world)
    agreement = await given.agreement("submitted", "department")
    path = await asked(given, agreement)
    county = given.cast["county"]
    assert {(await county.get(one)).status_code for one in (agreement, path)} == {404}
    await world.line.execute(
        "update app.graduates set leave_on = '2020-06-30' where id = $1", given.cast["graduate"].graduate
    )
    async with clock_at(world, await last_moment(world, path)):
        await escalate(world.service)
    assert (await county.get(agreement)).status_code == 200
    assert (await county.move(path, "approve")).status_code == 201
    assert (await given.cast["department"].get("/v1/reviews")).json()["items"] == []
    assert (await given.cast["school"].get(agreement)).json()["status"] == "terminated"


async def test_the_other_county_sees_nothing(world: World) -> None:
    """The control of the test above, and of every list."""
    given = await Given.everybody(world)
    path = await overdue(given, await given.agreement("approved", None), "graduate")
    elsewhere = await World.made(world.service, world.client, world.line)
    for kind in ("department", "school", "county", "city"):
        stranger = await elsewhere.staff(kind)
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.get("/v1/terminations")).json()["items"] == []


async def test_moving_the_sandboxs_clock_wakes_the_worker(world: World) -> None:
    given = await Given.everybody(world)
    path = await asked(given, await given.agreement("approved", None))
    over = await last_moment(world, path)

    async def stage() -> bool:
        return (await given.cast["graduate"].get(path)).json()["stage"] == "school"

    async with working(world.service):
        assert not await stage()
        async with sandbox_clock_at(world, over):
            await until(stage)


async def test_what_the_procedure_refuses_does_not_hold_up_what_is_behind_it(world: World) -> None:
    given = await Given.everybody(world)
    first = await asked(given, await given.agreement("submitted", "department"), "graduate")
    over = await last_moment(world, first)
    await given.new_graduate()
    second = await asked(given, await given.agreement("submitted", "department"), "graduate")
    refused = first.rpartition("/")[2]

    class Choosy:
        """The procedure, as if a rule of it stood against one record."""

        def cascade(self, scene: Scene) -> Decision:
            if scene.id == refused:
                raise TransitionRefused(action=scene.action, situation="submitted", actions=[], blocked=[])
            return workflow.cascade(scene)

    async with clock_at(world, over):
        with capture_logs() as logs:
            await Due("escalations", unanswered, Choosy(), Do.ESCALATE).move(world.service)  # type: ignore[arg-type]
        stages = [(await given.cast["employer"].get(path)).json()["stage"] for path in (first, second)]
        assert stages == ["counterparty", "school"]
        assert [(one["code"], one["record"]) for one in logs if one["event"] == "due-but-refused"] == [
            ("transition-refused", refused)
        ] * 2, "looked at again while others moved, and then no more"
        await escalate(world.service)
    assert (await given.cast["employer"].get(first)).json()["stage"] == "school", "the control"
