"""Row-level security and guards hold under whatever plan PostgreSQL chooses."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from app import starting
from tests.agreements.given import BODIES, Given
from tests.agreements.regulation import AGREEMENT, INVITATION, TERMINATION
from tests.contract import committed
from tests.fire.ground import Tell
from tests.fire.planner import EVERY_PLAN, SOME_PLANS, Doubting, Planner
from tests.fire.served import served, session_of
from tests.terminations.given import before_the_body
from tests.terminations.regulation import REGULATION as BY_BODIES
from tests.world import World

pytestmark = pytest.mark.slow

UNGATED = """
    with actor as (select * from app.begin_request($1, $2)),
         moved as (update app.invitations i set version = version + 1, status = 'withdrawn' from actor
                    where i.id = actor.record_id and i.version = 1 returning i.id)
    select count(*) from moved
"""
GATED = UNGATED.replace("from actor\n", "").replace(
    "i.id = actor.record_id", "i.id = $2 and (select account_id is not null from actor)"
)


@pytest.fixture
def plans(trials: int) -> Sequence[Any]:
    """All of them in a full run."""
    return EVERY_PLAN if trials >= 50 else SOME_PLANS


async def every_move(given: Given) -> None:
    """Each move that the regulation of invitation, agreement and termination allows; escalations with them."""
    regulations = (
        (INVITATION, lambda situation, _: given.invitation(situation)),
        (AGREEMENT, given.agreement),
        (TERMINATION, given.termination),
    )
    for regulation, bring in regulations:
        for situation, stage, action, who in regulation:
            await given.new_graduate(left=stage == "county")
            path = await bring(situation, stage)
            moved = await given.cast[who].move(path, action, **BODIES.get(action, {}))
            assert moved.status_code == 201, moved.text
            assert (await given.cast[who].get(f"{path}/transitions")).status_code == 200
    for of, stage, action, who in BY_BODIES:
        if action == "approve":
            path = await before_the_body(given, of, stage)
            assert (await given.cast[who].move(path, action)).status_code == 201
    await given.new_graduate()
    await given.invitation("superseded")
    await given.new_graduate()
    await given.invitation("lapsed")
    await given.invitation("sent")  # of the same pair: the lapsed one expires


async def every_list(given: Given) -> None:
    """Every operation that reads and names no record, as everybody; and the queue with its claims."""
    paths = [path for path, operations in committed()["paths"].items() if "get" in operations and "{" not in path]
    narrowed = ["/v1/agreements?status=reviewed&cohort=2027", "/v1/invitations?status=sent",
                "/v1/reviews?order=newest&stage=department&limit=3", "/v1/terminations?decision=agreed"]  # fmt: skip
    for who in given.cast.values():
        for path in (*paths, *narrowed):
            answer = await who.get(path)
            assert answer.status_code < 500, answer.text
    reviewer = given.cast["department"]
    for review in (await reviewer.get("/v1/reviews?limit=1")).json()["items"]:
        claim = f"/v1/reviews/{review['id']}/claim"
        assert (await reviewer.client.put(claim, headers=reviewer.headers({}))).status_code == 200
        assert (await reviewer.client.delete(claim, headers=reviewer.headers({}))).status_code == 200


async def test_every_statement_says_and_does_the_same_under_every_plan(
    database_url: str, plans: Sequence[Any], tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = 12 if plans is EVERY_PLAN else 4
    async with Planner.at(database_url, plans) as planner:
        made = {"planner": planner, "often": often, "tried": Counter(), "differences": []}
        doubts = type("Doubts", (Doubting,), made)
        monkeypatch.setattr(starting, "Database", doubts)
        async with served(database_url) as world:
            given = await Given.everybody(world)
            await every_move(given)
            await every_list(given)
    tried = doubts.tried
    writes = sum("moved_" in sql or "added_" in sql for sql in tried)
    tell(f"{len(tried)} statements, {writes} of them writes, {tried.total()} times under {len(plans)} plans:"
         f" {len(doubts.differences)} differences")  # fmt: skip
    assert doubts.differences == []
    assert writes >= len(INVITATION) + len(AGREEMENT)


async def test_a_write_without_its_gate_is_wrong_under_some_plans(database_url: str, world: World, tell: Tell) -> None:
    given = await Given.everybody(world)
    record = (await given.invitation("sent")).rpartition("/")[2]
    session, done = session_of(world, given.cast["employer"]), {}
    async with Planner.at(database_url, EVERY_PLAN) as planner:
        for sql in (UNGATED, GATED):
            outcomes = await planner.outcomes(sql, session, record)
            done[sql] = {rows: len(plans) for (rows, *_), plans in outcomes.items()}
    tell(f"rows changed, and under how many plans: ungated {done[UNGATED]}, gated {done[GATED]}")
    assert len(done[UNGATED]) == 2
    assert len(done[GATED]) == 1
