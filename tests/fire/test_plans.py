"""On two hundred thousand rows every list is an index scan of the caller's own branch, and a page touches few buffers.

Plans are those of prepared statements: generic, made for the service's role, executed.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select

from app.db import Read
from app.devdb import Cluster
from app.policies import its_parties, to_the_caller
from app.workflows import archive_timeline, archives, openings, reviews, standings, todo
from app.workflows.market import job_search
from app.workflows.procedures import DESKS
from app.workflows.unemployed_reads import reached
from app.workflows.view import LAST_ID
from tests.databases import founded
from tests.fire.crowd import ARCHIVES, BIG, FEW, gather
from tests.fire.ground import Arena, Tell
from tests.fire.served import served, session_of
from tests.world import Somebody

pytestmark = pytest.mark.slow

PAGE = 50
ONE_RECORD = 30
BUFFERS = 300
"""Blocks of 8 KiB, at most: 51 rows, and what is shown beside each."""
LOOKED_UP = {"termination": 100, "amendment": 160, "invitation": 100, "application": 100}
"""So many more, for what each row stands beside: its placement, its open review, its graduate, their dispatches."""
OF_A_PERSON = "ix_dispatches_person_id"
"""Of the few dispatches of one person, which stand beside their applications."""
STANDING_BUFFERS = 600
"""So many more, for the placement, the confirmation and the objection of each graduate."""
QUEUE_BUFFERS = 350
"""A review is told with the version of its record: one look-up, whatever its kind."""
NARROWED_BUFFERS = 2100
"""The rows of the largest branch here, one school's: a filter never leads out of the branch."""

FIRST = "01a00000-0000-7000-8000-000000000000"
FIRST_PAGE = {"record": None, "limit": PAGE + 1, "after": LAST_ID, "at": datetime.now(UTC), "key": None, "files": [],
              "region": None}  # fmt: skip
EARLIEST = {"after_at": datetime(1, 1, 2, tzinfo=UTC), "after_id": LAST_ID.replace("f", "0")}
LATEST = {"after_at": datetime(9999, 12, 31, tzinfo=UTC), "after_id": LAST_ID}


@dataclass
class Crowd:
    """A world in a crowd."""

    world: Arena
    people: dict[str, Somebody]


@pytest.fixture(scope="module")
async def crowd(cluster: Cluster) -> AsyncIterator[Crowd]:
    """One of each kind of caller, each with their share of the rows, in a database of their own."""
    line, url = await asyncpg.connect(cluster.url("postgres")), await founded(cluster, "crowd")
    async with served(url) as world:
        kinds = ("department", "school", "county", "city", "provincial_bureau", "provincial_education")
        people = {"graduate": await world.graduate(), "employer": await world.employer()}
        people |= {kind: await world.staff(kind) for kind in kinds}
        await gather(world, str(people["graduate"].graduate), str(people["employer"].body))
        yield Crowd(world, people)
    await line.execute("drop database crowd")
    await line.close()


@dataclass
class Plan:
    """What was executed of a plan."""

    buffers: int
    scans: dict[str, set[str]] = field(default_factory=dict)
    """For each big table, the indexes it was reached by; `Seq Scan` for none."""


async def executed(crowd: Crowd, kind: str, read: Read, values: Mapping[str, Any]) -> Plan:
    """Run a read as this caller, with its generic plan."""
    line = crowd.world.line
    session = session_of(crowd.world, crowd.people[kind])
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
        if node["Actual Loops"] and (name := node.get("Relation Name")) in {*BIG, *FEW, *ARCHIVES}:
            ways = [part["Index Name"] for part in nodes(node) if "Index Name" in part and part["Actual Loops"]]
            plan.scans.setdefault(name, set()).update(ways or [node["Node Type"]])
    return plan


def literal(value: Any) -> str:
    """A value in the text of a statement."""
    if isinstance(value, list):
        return f"'{{{','.join(map(str, value))}}}'"
    return "null" if value is None else str(value) if isinstance(value, int) else f"'{value}'"


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The plan's nodes."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


WHOLE = ("provincial_bureau", "provincial_education")
"""Who sees everybody. How each graduate stands is read off three tables: narrowed by that, all are looked at."""
PARTIES = ("graduate", "employer", "department", "school", "county", "city")
LISTS = {
    "application": "applications",
    "agreement": "placements",
    "invitation": "invitations",
    "termination": "terminations",
    "amendment": "amendments",
    "unemployed_registration": "unemployed_cases",
    "objection": "objections",
}
NARROWED = {
    "application": {
        "kind": "outstanding_graduate",
        "status": "reviewed",
        "decision": "approved",
        "cohort": 2027,
        "stage": "county",
    },
    "agreement": {"status": "reviewed", "decision": "approved", "cohort": 2027, "stage": "county"},
    "invitation": {"status": "accepted", "cohort": 2027},
    "termination": {"status": "reviewed", "decision": "refused"},
    "amendment": {"status": "reviewed", "decision": "rejected", "cohort": 2027, "stage": "county"},
    "unemployed_registration": {
        "status": "open",
        "situation": "unemployed",
        "cohort": 2027,
        "service_needs": "guidance",
        "residence_region": "370102",
        "follow_up_due_on": date(2027, 1, 1),
    },
    "objection": {
        "kind": "not_mine",
        "status": "reviewed",
        "decision": "dismissed",
        "stage": "county",
        "cohort": 2027,
    },
}
SINGLE = ("pk_", "uq_")
"""By these a page's rows find what is shown beside them, one row each."""


VIEWERS = [
    (name, kind)
    for name in LISTS
    for kind in (*PARTIES, "provincial_bureau", "provincial_education")
    if kind in DESKS[name].view.visible(DESKS[name].view.table)
]


@pytest.mark.parametrize(("name", "kind"), VIEWERS)
async def test_a_list_is_one_scan_of_the_index_of_the_callers_own_branch(
    crowd: Crowd, name: str, kind: str, tell: Tell
) -> None:
    view, table = DESKS[name].view, LISTS[name]
    own = {f"ix_{table}_{kind}_id"} if kind in PARTIES else {f"pk_{table}"}
    if (name, kind) == ("application", "provincial_education"):
        own = {"ix_applications_outstanding"}  # the one kind that the office sees
    if kind == "city":
        own.add(f"pk_{table}")  # a seventeenth of all rows: as good a way to the newest of them
    for filters in ((), *((one,) for one in view.filters)):
        plan = await executed(crowd, kind, view.page(filters), FIRST_PAGE | NARROWED[name])
        tell(f"{kind}: {table} {filters}: {plan}")
        found = {*own, f"ix_{table}_{filters[0]}"} if filters == ("residence_region",) else own  # one region of all
        assert plan.scans[table] & found, plan
        assert all(one.startswith(SINGLE) for scans in plan.scans.values() for one in scans - found - {OF_A_PERSON}), (
            plan
        )
        assert plan.buffers <= (NARROWED_BUFFERS if filters else BUFFERS + LOOKED_UP.get(name, 0)), (filters, plan)


@pytest.mark.parametrize("kind", ["graduate", "department", "school", "provincial_bureau", "provincial_education"])
async def test_confirmations_are_one_scan_of_the_graduates_that_are_the_callers(
    crowd: Crowd, kind: str, tell: Tell
) -> None:
    own = {f"ix_graduates_{kind}_id"} if kind in ("department", "school") else {"pk_graduates"}
    named = {"state": "confirmed", "cohort": 2027, "department_id": crowd.world.bodies["department"]}
    kept = set(standings.view.filters) - ({"state"} if kind in WHOLE else set())
    for filters in ((), *((one,) for one in sorted(kept))):
        plan = await executed(crowd, kind, standings.view.page(filters), FIRST_PAGE | named)
        tell(f"{kind}: confirmations {filters}: {plan}")
        found = {*own, "ix_graduates_department_id"} if filters == ("department_id",) else own
        assert plan.scans["graduates"] & found, plan
        assert "Seq Scan" not in set().union(*plan.scans.values()), plan
        assert plan.buffers <= (NARROWED_BUFFERS if filters else BUFFERS + STANDING_BUFFERS), (filters, plan)


@pytest.mark.parametrize("kind", ["employer", "county", "city", "provincial_bureau", "provincial_education"])
async def test_the_jobs_of_a_body_are_one_scan_of_its_index(crowd: Crowd, kind: str, tell: Tell) -> None:
    own = {f"ix_jobs_{kind}_id"} if kind in PARTIES else {"pk_jobs"}
    for asked in ({}, {"q": "工程"}):
        plan = await executed(crowd, kind, job_search.PAGE, FIRST_PAGE | job_search.values(PAGE, None, asked))
        tell(f"{kind}: jobs {asked}: {plan}")
        assert plan.scans["jobs"] >= own, plan
        assert plan.scans["jobs"] <= own | {"pk_jobs"}, plan
        assert plan.buffers <= NARROWED_BUFFERS, (asked, plan)


ARCHIVE_BUFFERS = 1500
"""A dispatch stands beside its movements, and whether it passes the caller, each under a policy that looks it up."""
MIDDLE = "01a00000-0000-7000-8000-000000018000"


@pytest.mark.parametrize("kind", ["graduate", "department", "school", "county", "city", "provincial_bureau"])
async def test_a_list_of_archives_is_one_scan_of_the_callers_own_index_however_far_it_is_turned(
    crowd: Crowd, kind: str, tell: Tell
) -> None:
    """A bureau's is the index of those that pass it, in the order of the list: no page looks at the ones before."""
    view = DESKS["dispatch"].view
    by_way = kind in ("county", "city")
    own = f"ix_dispatches_{'person' if kind == 'graduate' else kind}_id"
    for after, filters in ((LAST_ID, ()), (MIDDLE, ()), (LAST_ID, ("status",)), (LAST_ID, ("cohort",))):
        values = FIRST_PAGE | {"after": after, "status": "recorded", "cohort": 2027}
        plan = await executed(crowd, kind, view.page(filters), values)
        tell(f"{kind}: archives {after[-5:]} {filters}: {plan}")
        if kind != "graduate" or after == LAST_ID:
            assert (own in plan.scans["dispatches"]) is not (by_way or kind == "provincial_bureau"), plan
        assert plan.scans.get("archive_bureaus", set()) <= {"pk_archive_bureaus"}, plan
        assert set().union(*plan.scans.values()) <= {own, *(f"pk_{one}" for one in ARCHIVES)}, plan
        assert plan.buffers <= (NARROWED_BUFFERS if filters else ARCHIVE_BUFFERS), (filters, plan)


async def test_a_file_and_a_persons_timeline_are_found_by_their_keys(crowd: Crowd) -> None:
    desk = DESKS["dispatch"]
    for read in (desk.view.one, desk.view.to_move, desk._timeline):
        for kind in ("school", "county"):
            plan = await executed(crowd, kind, read, FIRST_PAGE | {"record": FIRST})
            assert set().union(*plan.scans.values()) <= {f"pk_{one}" for one in ARCHIVES}, plan
            assert plan.buffers <= 2 * ONE_RECORD, plan
    plan = await executed(crowd, "graduate", archive_timeline._STEPS, FIRST_PAGE)
    assert "ix_dispatches_person_id" in plan.scans["dispatches"]
    assert set().union(*plan.scans.values()) <= {"ix_dispatches_person_id", *(f"pk_{one}" for one in ARCHIVES)}
    assert plan.buffers <= 2 * ONE_RECORD, plan


async def test_the_clause_of_one_dispatch_reads_them_all_for_a_page(crowd: Crowd, tell: Tell) -> None:
    """Why a bureau's page starts at what passes it."""
    table = DESKS["dispatch"].view.table
    there = archives.passing(table).there
    plain = select(*table.c).where(there, table.c.id < MIDDLE).order_by(table.c.id.desc()).limit(PAGE)
    plan = await executed(crowd, "county", Read(plain), FIRST_PAGE)
    tell(f"one clause of archives: {plan}")
    assert plan.buffers > ARCHIVE_BUFFERS


@pytest.mark.parametrize("kind", ["department", "school", "county"])
@pytest.mark.parametrize("newest", [False, True], ids=["oldest", "newest"])
async def test_the_queue_is_one_scan_of_the_index_of_open_reviews(
    crowd: Crowd, kind: str, tell: Tell, *, newest: bool
) -> None:
    bodies = crowd.world.bodies
    values = {"record_kind": "agreement", "stage": kind, "cohort": 2027}
    values |= {"school_id": bodies["school"], "department_id": bodies["department"]}
    page, edge = (reviews.NEWEST_FIRST, LATEST) if newest else (reviews.OLDEST_FIRST, EARLIEST)
    for filters in ((), *((one,) for one in reviews.FILTERS)):
        plan = await executed(crowd, kind, page(filters), FIRST_PAGE | values | edge)
        tell(f"{kind}: queue {filters}: {plan}")
        assert plan.scans.pop("reviews") == {"ix_reviews_open"}
        assert all(one.startswith("pk_") for scans in plan.scans.values() for one in scans), plan
        assert plan.buffers <= (NARROWED_BUFFERS if filters else QUEUE_BUFFERS), (filters, plan)


@pytest.mark.parametrize("name", LISTS)
async def test_one_record_is_found_by_its_key_for_showing_and_for_moving(crowd: Crowd, name: str) -> None:
    desk, table = DESKS[name], LISTS[name]
    for read in (desk.view.one, desk.view.to_move, desk._timeline):
        plan = await executed(crowd, "school", read, FIRST_PAGE | {"record": FIRST})
        assert plan.scans[table] == {f"pk_{table}"}
        assert all(one.startswith(SINGLE) for scans in plan.scans.values() for one in scans), plan
        assert plan.buffers <= ONE_RECORD


@pytest.mark.parametrize("kind", ["county", "city", "provincial_bureau"])
async def test_the_contact_rate_is_counted_on_an_index(crowd: Crowd, kind: str, tell: Tell) -> None:
    county = crowd.people["county"].body
    for named in ({}, {"body_id": county}):
        plan = await executed(crowd, kind, reached(named), FIRST_PAGE | {"cohort": 2027} | named)
        tell(f"{kind}: contact rate {named}: {plan}")
        assert "Seq Scan" not in plan.scans["unemployed_cases"], plan
        if kind == "county" or named:  # of one bureau no more than its own rows are looked at
            assert plan.buffers <= NARROWED_BUFFERS, plan


async def test_what_to_do_next_and_what_to_open_are_found_by_indexes(crowd: Crowd) -> None:
    for kind in crowd.people:
        looked_at = set[str]()
        for read in (todo._waits, openings._grounds):
            plan = await executed(crowd, kind, read, FIRST_PAGE)
            looked_at |= plan.scans.keys()
            assert "Seq Scan" not in set().union(*plan.scans.values())
            assert plan.buffers <= BUFFERS, plan
        assert looked_at >= set(BIG)


async def test_one_clause_for_all_callers_reads_the_whole_table(crowd: Crowd, tell: Tell) -> None:
    """Why a list has branches: the clause that serves for one record is no way to a page."""
    table = DESKS["agreement"].view.table
    plain = select(*table.c).where(to_the_caller(its_parties(table))).order_by(table.c.id.desc()).limit(PAGE)
    plan = await executed(crowd, "county", Read(plain), FIRST_PAGE)
    tell(f"one clause: {plan}")
    assert plan.scans["placements"] == {"Seq Scan"}
    assert plan.buffers > NARROWED_BUFFERS
