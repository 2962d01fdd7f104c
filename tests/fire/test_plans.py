"""On two hundred thousand rows every list is an index scan of the caller's own branch, and a page touches few buffers.

Plans are those of prepared statements: generic, made for the service's role, executed.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from app.db import Read
from app.workflows import DESKS, reviews, todo
from app.workflows.view import LAST_ID
from tests.fire.crowd import BIG, gather
from tests.fire.ground import Arena, Ground
from tests.fire.served import served
from tests.world import Somebody

pytestmark = pytest.mark.slow

PAGE = 50
FIRST_PAGE = {"record": None, "limit": PAGE + 1, "after": LAST_ID, "at": datetime.now(UTC), "key": None}
FIRST_OF_QUEUE = {**FIRST_PAGE, "after_at": datetime(1, 1, 2, tzinfo=UTC), "after_id": LAST_ID.replace("f", "0")}


@dataclass
class Crowd:
    """A world in a crowd."""

    world: Arena
    people: dict[str, Somebody]


@pytest.fixture(scope="module")
async def crowd(ground: Ground) -> AsyncIterator[Crowd]:
    """One of each kind of caller, each with their share of the rows."""
    async with served(await ground.database()) as world:
        kinds = ("department", "school", "county", "city", "provincial_bureau", "provincial_education")
        people = {"graduate": await world.graduate(), "employer": await world.employer()}
        people |= {kind: await world.staff(kind) for kind in kinds}
        await gather(world, str(people["graduate"].graduate), str(people["employer"].body))
        yield Crowd(world, people)


@dataclass
class Plan:
    """What was executed of a plan."""

    buffers: int
    scans: dict[str, set[str]] = field(default_factory=dict)
    """For each big table, the indexes it was reached by; `Seq Scan` for none."""


async def executed(crowd: Crowd, kind: str, read: Read, values: Mapping[str, Any]) -> Plan:
    """Run a read as this caller, with its generic plan."""
    line, who = crowd.world.line, crowd.people[kind]
    session = crowd.world.service.tokens.read(who.token, datetime.now(UTC)).session_id
    arguments = ", ".join(literal(value) for value in read.arguments({**values, "session": session}))
    async with line.transaction():
        await line.execute("set local plan_cache_mode = force_generic_plan; set local role employment_app;"
                           " set local search_path = app; set local jit = off")  # fmt: skip
        await line.execute(f"prepare one as {read.sql}")
        for _ in range(2):  # the second time, the catalog is in the caches and no longer counts
            told = await line.fetchval(f"explain (analyze, buffers, format json) execute one ({arguments})")
        await line.execute("deallocate one")
    (top,) = json.loads(told)
    plan = Plan(top["Plan"]["Shared Hit Blocks"] + top["Plan"]["Shared Read Blocks"])
    for node in nodes(top["Plan"]):
        if node["Actual Loops"] and (name := node.get("Relation Name")) in BIG and "Bitmap" not in node["Node Type"]:
            plan.scans.setdefault(name, set()).add(node.get("Index Name", node["Node Type"]))
        elif node["Actual Loops"] and node["Node Type"] == "Bitmap Index Scan":
            plan.scans.setdefault("bitmap", set()).add(node["Index Name"])
    return plan


def literal(value: Any) -> str:
    """A value in the text of a statement."""
    return "null" if value is None else str(value) if isinstance(value, int) else f"'{value}'"


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The plan's nodes."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


async def test_try(crowd: Crowd) -> None:
    for kind in crowd.people:
        for name, desk in DESKS.items():
            for filters in [()] + [(f,) for f in desk.view.filters] + [tuple(desk.view.filters)]:
                values = {"status": "reviewed", "decision": "approved", "cohort": 2027, "stage": "school"}
                try:
                    plan = await executed(crowd, kind, desk.view.page(filters), {**FIRST_PAGE, **values})
                    print(kind, name, filters, plan)
                except Exception as e: print(kind, name, filters, repr(e)[:300])
        for filters in [(), *[(f,) for f in reviews.FILTERS]]:
            for newest in (False,True):
                values = {"record_kind":"agreement","stage":"school","school_id":crowd.world.bodies["school"],"department_id":crowd.world.bodies["department"],"cohort":2027}
                first = dict(FIRST_OF_QUEUE)
                if newest: first |= {"after_at": datetime(9999,12,31,tzinfo=UTC), "after_id": LAST_ID}
                plan = await executed(crowd, kind, reviews.queue_read(filters, newest=newest), {**first, **values})
                print(kind, 'queue', filters, newest, plan)
        plan = await executed(crowd, kind, todo._facts, FIRST_PAGE)
        print(kind, 'todo', plan)
        for name, desk in DESKS.items():
            rec = "01a00000-0000-7000-8000-000000000000"
            for n, r in (("one",desk.view.one),("move",desk.view.to_move),("timeline",desk._timeline)):
                plan = await executed(crowd, kind, r, {**FIRST_PAGE, "record": rec})
                print(kind, name, n, plan)
