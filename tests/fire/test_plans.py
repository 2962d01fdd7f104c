"""On two hundred thousand rows every list is an index scan of the caller's own branch, and a page touches few buffers.

Plans are those of prepared statements: generic, made for the service's role, executed.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Read
from app.policies import its_parties, to_the_caller
from app.workflows import DESKS, reviews, todo
from app.workflows.view import LAST_ID
from tests.fire.crowd import BIG, gather
from tests.fire.ground import Arena, Ground
from tests.fire.served import served
from tests.world import Somebody

pytestmark = pytest.mark.slow

PAGE = 50
BUFFERS = 1000
"""Pages of 8 KiB, at most: 51 rows found among some hundreds, and what is shown beside each."""
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
        if node["Actual Loops"] and (name := node.get("Relation Name")) in BIG:
            ways = [part["Index Name"] for part in nodes(node) if "Index Name" in part]
            plan.scans.setdefault(name, set()).update(ways or [node["Node Type"]])
    return plan


def literal(value: Any) -> str:
    """A value in the text of a statement."""
    return "null" if value is None else str(value) if isinstance(value, int) else f"'{value}'"


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The plan's nodes."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


PARTIES = ("graduate", "employer", "department", "school", "county", "city")
LISTS = {"agreement": "placements", "invitation": "invitations", "termination": "terminations"}
NARROWED = {"status": "reviewed", "decision": "approved", "cohort": 2027, "stage": "school"}
UNIQUE = ("pk_", "uq_")
"""By these a page's rows find what is shown beside them, one row each."""


@pytest.mark.parametrize("kind", [*PARTIES, "provincial_bureau", "provincial_education"])
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_one_scan_of_the_index_of_the_callers_own_branch(crowd: Crowd, name: str, kind: str) -> None:
    view, table = DESKS[name].view, LISTS[name]
    index = f"ix_{table}_{kind}_id" if kind in PARTIES else f"pk_{table}"
    for filters in ((), *((one,) for one in view.filters)):
        plan = await executed(crowd, kind, view.page(filters), {**FIRST_PAGE, **NARROWED})
        print(kind, name, filters, plan)
        assert index in plan.scans[table]
        assert all(one.startswith(UNIQUE) for scans in plan.scans.values() for one in scans - {index}), plan
        assert plan.buffers <= BUFFERS, (filters, plan)


@pytest.mark.parametrize("kind", ["department", "school", "county"])
@pytest.mark.parametrize("newest", [False, True], ids=["oldest", "newest"])
async def test_the_queue_is_one_scan_of_the_index_of_open_reviews(crowd: Crowd, kind: str, *, newest: bool) -> None:
    bodies = crowd.world.bodies
    narrowed = {"record_kind": "agreement", "school_id": bodies["school"], "department_id": bodies["department"]}
    edge = {"after_at": datetime(9999, 12, 31, tzinfo=UTC), "after_id": LAST_ID} if newest else {}
    for filters in ((), *((one,) for one in reviews.FILTERS)):
        values = {**FIRST_OF_QUEUE, **NARROWED, **narrowed, **edge}
        plan = await executed(crowd, kind, reviews.queue_read(filters, newest=newest), values)
        print(kind, 'queue', filters, plan)
        assert plan.scans.pop("reviews") == {"ix_reviews_open"}
        assert all(one.startswith("pk_") for scans in plan.scans.values() for one in scans), plan
        assert plan.buffers <= BUFFERS, (filters, plan)


@pytest.mark.parametrize("name", LISTS)
async def test_one_record_is_found_by_its_key_for_showing_and_for_moving(crowd: Crowd, name: str) -> None:
    desk, record = DESKS[name], {"record": "01a00000-0000-7000-8000-000000000000"}
    for read in (desk.view.one, desk.view.to_move, desk._timeline):
        plan = await executed(crowd, "school", read, {**FIRST_PAGE, **record})
        assert plan.scans[LISTS[name]] == {f"pk_{LISTS[name]}"}
        assert all(one.startswith(UNIQUE) for scans in plan.scans.values() for one in scans), plan
        assert plan.buffers <= 50


async def test_what_to_do_next_is_found_by_indexes(crowd: Crowd) -> None:
    for kind in crowd.people:
        plan = await executed(crowd, kind, todo._facts, FIRST_PAGE)
        print(kind, plan)
        assert "Seq Scan" not in set().union(*plan.scans.values())


async def test_one_clause_for_all_callers_reads_the_whole_table(crowd: Crowd) -> None:
    """Why lists have branches: the clause that serves for one record is no way to a page."""
    table = DESKS["agreement"].view.table
    plain = select(*table.c).where(to_the_caller(its_parties(table))).order_by(table.c.id.desc()).limit(PAGE)
    plan = await executed(crowd, "county", Read(plain), FIRST_PAGE)
    print("one clause", plan)
    assert plan.buffers > BUFFERS
