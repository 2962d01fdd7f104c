"""The first request after start is not special.

Whatever SQLAlchemy compiles is compiled by then, and every line knows every statement that was declared. A write is put
together when a change first has its shape, in microseconds, and parsed by its line then, in about a millisecond.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import literal, select

from app import statements
from app.change import Change
from app.db import Database, Result
from app.service import Service
from app.settings import Settings
from app.statements import Prepared, Statement, prepared
from app.workflows.procedures import WORKFLOWS
from app.writes import Shape, shape, write_statement
from tests.accounts.lost import in_situation
from tests.agreements.given import BODIES, Given
from tests.amendments.given import amendment, asked
from tests.annulments.given import KINDS, NOTHING, objection, placement, raised, settled
from tests.applications.forms import FORMS
from tests.applications.given import application
from tests.applications.given import carried as carried_on
from tests.applications.given import filled as filled_in
from tests.applications.regulation import CHAINS, GRANT
from tests.archives.given import every_move_of_archives
from tests.core.wire import started
from tests.destinations.forms import CONTRACT, ENTERED
from tests.destinations.given import DESTINATION_WAYS, ENTERED_WAYS, carried, destination, draft, entered, filled
from tests.employers.given import Given as EmployerGiven
from tests.market.given import Given as Market
from tests.privacy.given import Corrections
from tests.terminations.given import before_the_body
from tests.unemployed.given import Cases
from tests.world import World

FILTERS = {
    "/v1/agreements": {"status": "submitted", "decision": "approved", "cohort": "2027", "stage": "school"},
    "/v1/destinations": {
        "kind": "flexible",
        "status": "submitted",
        "decision": "approved",
        "cohort": "2027",
        "stage": "school",
    },
    "/v1/entered-agreements": {"status": "submitted", "decision": "approved", "cohort": "2027", "stage": "school"},
    "/v1/placements": {
        "kind": "flexible",
        "status": "submitted",
        "decision": "approved",
        "cohort": "2027",
        "stage": "school",
    },
    "/v1/applications": {
        "kind": "reassignment",
        "status": "submitted",
        "decision": "approved",
        "cohort": "2027",
        "stage": "school",
    },
    "/v1/invitations": {"status": "sent", "cohort": "2027"},
    "/v1/terminations": {"status": "submitted", "decision": "agreed"},
    "/v1/amendments": {"status": "submitted", "decision": "approved", "cohort": "2027", "stage": "school"},
    "/v1/objections": {
        "kind": "not_mine",
        "status": "submitted",
        "decision": "upheld",
        "stage": "school",
        "cohort": "2027",
    },
    "/v1/confirmations": {"state": "confirmed", "cohort": "2027"},
    "/v1/unemployed-registrations": {
        "status": "open",
        "situation": "unemployed",
        "cohort": "2027",
        "service_needs": "guidance",
        "overdue": "true",
    },
    "/v1/recoveries": {"status": "submitted", "decision": "approved"},
    "/v1/archives": {"status": "recorded", "cohort": "2027"},
    "/v1/employers": {"status": "submitted", "decision": "approved"},
    "/v1/publicities": {"kind": "outstanding_graduate", "cohort": "2027"},
    "/v1/reviews": {"kind": "agreement", "stage": "school", "cohort": "2027", "order": "newest"},
    "/v1/jobs": {"q": "后端", "region": "370102", "level": "bachelor", "salary_from": "5000"},
    "/v1/bodies": {"kind": "school"},
    "/v1/schools": {"city": "济南市", "level": "本科"},
}


@pytest.fixture
async def fresh(settings: Settings, database_url: str) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """A service with one line that has just started and has never written."""
    write_statement.cache_clear()
    async with started(settings, database_url) as running:
        yield running


@pytest.fixture
async def world(fresh: tuple[Service, httpx.AsyncClient], database_url: str) -> AsyncIterator[World]:
    """A world before that service."""
    line = await asyncpg.connect(database_url)
    yield await World.made(*fresh, line)
    await line.close()


async def known_to(line: asyncpg.Connection) -> set[str]:
    """The statements that a line has prepared, as PostgreSQL knows them."""
    return {row["statement"] for row in await line.fetch("select statement from pg_prepared_statements")}


async def every_registration(given: Given) -> None:
    """Walk the destinations and the entered agreements."""
    for make, form, ways in (
        (destination, CONTRACT, DESTINATION_WAYS),
        (entered, ENTERED, ENTERED_WAYS),
    ):
        for situation, stage in ways:
            await given.new_graduate()
            path = await make(given, situation, stage)
            if situation == "draft":
                details = await filled(given.cast["graduate"], form)
                assert (await given.cast["graduate"].move(path, "edit", details=details)).is_success
            if stage == "school":
                await carried(given, path, ("department", "reopen"), ("department", "approve"), ("school", "return"))
            if (stage, form) == ("department", CONTRACT):
                await carried(given, path, ("graduate", "withdraw"))


async def every_amendment(given: Given) -> None:
    """The moves of amendments, and what approving one does to each kind of placement."""
    for situation in ("rejected", "terminated"):
        await given.new_graduate()
        await amendment(given, situation, "graduate")
    for form, ways in ((CONTRACT, DESTINATION_WAYS), (ENTERED, ENTERED_WAYS)):
        await given.new_graduate()
        path = await carried(given, await draft(given.cast["graduate"], form), *ways["approved", None])
        change = await asked(given.cast["graduate"], path)
        assert (await given.cast["school"].move(change, "approve")).is_success
    await given.new_graduate()
    change = await asked(given.cast["employer"], path := await given.agreement("approved", None))
    assert (await given.cast["school"].move(change, "approve")).is_success
    await asked(given.cast["employer"], path, {"work_address": "济南市解放路1号"})  # moot when the agreement ends
    assert (await given.cast["employer"].move(await given.asked(path, "graduate"), "agree")).is_success


async def every_application(given: Given) -> None:
    """Walk the applications."""
    for kind, form in FORMS.items():
        for place in (("rejected", None), (GRANT[kind], None), ("terminated", None), ("draft", None)):
            path = await application(given, kind, *place)
            if place[0] == "draft":
                details = await filled_in(given.cast["graduate"], form)
                assert (await given.cast["graduate"].move(path, "edit", details=details)).is_success
                await carried_on(given, path, ("graduate", "submit"), (CHAINS[kind][0][1], "return"))
            if place[0] == GRANT[kind]:
                await carried_on(given, path, (CHAINS[kind][-1][1], "revoke"))
    for kind, *actions in (
        ("job_seeking_subsidy", "fail", "name_card", "pay"),
        ("deferred_dispatch", "print"),
        ("certificate_reissue", "book", "collect"),
        ("certificate_reissue", "lapse"),
    ):
        path, bureau = await application(given, kind, GRANT[kind], None), CHAINS[kind][-1][1]
        mine = ("name_card", "book")
        await carried_on(given, path, *(("graduate" if one in mine else bureau, one) for one in actions))


async def every_move(world: World) -> None:
    """Walk until each row of each table has been carried out."""
    given = await Given.everybody(world)
    for situation in ("accepted", "declined", "withdrawn", "superseded"):
        await given.new_graduate()
        await given.invitation(situation)
    await given.new_graduate()
    path = await given.invitation("sent")
    for action in ("edit", "extend"):
        assert (await given.cast["employer"].move(path, action, **BODIES[action])).is_success
    for situation in ("approved", "rejected", "terminated"):
        await given.new_graduate()
        await given.agreement(situation, None)
    await given.new_graduate()
    path = await given.agreement("submitted", "school")
    assert (await given.cast["department"].move(path, "reopen")).is_success
    for situation in ("agreed", "refused", "withdrawn"):
        for asker in ("graduate", "employer"):
            await given.new_graduate()
            await given.termination(situation, asker)
    await every_move_of_bodies(world)
    await every_registration(given)
    await every_application(given)
    for of, action in (
        ("entered agreement", "approve"), ("destination", "approve"),
        ("agreement, silent employer, before leaving", "reject"),
    ):  # fmt: skip
        path = await before_the_body(given, of, "school")
        assert (await given.cast["school"].move(path, action, **BODIES.get(action, {}))).is_success
    await every_amendment(given)
    await every_annulment(given)
    await every_move_on_the_market(world)
    await every_move_of_the_unemployed(given)


async def every_annulment(given: Given) -> None:
    """Annulled and in force again, and disowned, of each kind; each move of an objection."""
    for kind in KINDS:
        await given.new_graduate()
        path = await placement(given, kind, "annulled", None)
        graduate = given.cast["graduate"]
        await settled(given, await raised(graduate, path, "annulment"), "provincial_education", "uphold")
        await settled(given, await raised(graduate, path, "not_mine"), "school", "uphold")
    await given.new_graduate(left=True)
    assert (await given.cast["graduate"].post("/v1/confirmations", NOTHING)).is_success
    for situation in ("withdrawn", "dismissed"):
        await given.new_graduate()
        await objection(given, situation, "province" if situation == "dismissed" else None)


async def every_move_on_the_market(world: World) -> None:
    """The moves of jobs and of applications for them."""
    market = await Market.everybody(world)
    for situation in ("rejected", "closed", "taken_down"):
        await market.job(situation)
    for situation in ("viewed", "declined", "invited", "withdrawn"):
        market.cast["graduate"] = await world.graduate()
        await market.application(situation)
    path = await market.job("submitted")
    for who, action in (("county", "return"), ("employer", "edit")):
        assert (await market.act(who, path, action)).is_success


async def every_move_of_the_unemployed(given: Given) -> None:
    """The moves of registrations of unemployed graduates, but for the removal, which is a placement's."""
    cases = await Cases.around(given)
    for last in ("relocate", "close"):
        await cases.given.new_graduate()
        path = await cases.declared()
        await cases.moved(path, "graduate", "redeclare")
        for action in ("log_contact", "give_service", "use_policy"):
            await cases.moved(path, "county", action)
        await cases.moved(path, "county", last)


async def every_move_of_bodies(world: World) -> None:
    """The moves of employers, of corrections of the roster, and of recoveries."""
    employers = await EmployerGiven.everybody(world)
    for situation in ("draft", "approved", "rejected"):
        path = await employers.employer(situation, "county")
        if situation == "draft":
            for action in ("edit", "attach", "submit"):
                assert (await employers.cast["operator"].move(path, action, **employers.body(action))).is_success
    await every_move_of_archives(world)
    corrections = await Corrections.made(world)
    for situation in ("terminated", "rejected", "approved"):
        await corrections.correction("school", situation, None)
        await corrections.world.line.execute(
            "update app.roster_entries set name = '王小明' where id = $1", corrections.entries["school"]
        )
    for situation in ("rejected", "withdrawn", "lapsed", "redeemed"):
        await in_situation(world, situation, await world.staff("school", "reviewer"))


async def test_every_line_knows_every_declared_statement_at_start(settings: Settings, database_url: str) -> None:
    declared = {one.sql for one in prepared() if one.declared}
    assert len(declared) > 300
    async with started(settings, database_url, lines=3) as (service, _):
        assert len(service.db._idle) == 3
        for line in service.db._idle:
            assert declared <= await known_to(line)


async def test_no_read_is_prepared_after_start(world: World) -> None:
    (line,) = world.service.db._idle
    given = await Given.everybody(world)
    agreement = await given.agreement("submitted", "school")
    before = await known_to(line)
    bureau = await world.staff("provincial_bureau")
    for who in (given.cast["graduate"], given.cast["school"], bureau):
        for path in (agreement, f"{agreement}/transitions", "/v1/me", "/v1/me/todo", "/v1/me/options"):
            assert (await who.get(path)).status_code == 200, path
    for path in FILTERS:
        assert (await bureau.get(path)).status_code == 200, path
    assert await known_to(line) == before


@dataclass
class Walk:
    """Every move there is, made once on a line that had just started; and what was seen meanwhile."""

    world: World
    shapes: set[Shape]
    learned: set[str]
    """The statements that the line had to prepare."""
    written: set[str]
    """Those that were put together for a change."""


@pytest.fixture(scope="module")
async def walk(settings: Settings, database_url: str) -> AsyncIterator[Walk]:
    """A walk during which compiling is an error."""
    write_statement.cache_clear()
    shapes = set()

    async def seen(self: Database, change: Change, *door: Any, **given: Any) -> Result:
        shapes.add(shape(change, *door))
        return await applied(self, change, *door, **given)

    applied = Database.apply
    async with started(settings, database_url) as (service, client):
        outside = await asyncpg.connect(database_url)
        (line,), world = service.db._idle, await World.made(service, client, outside)
        before = await known_to(line)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Database, "apply", seen)
            patched.setattr(statements.DIALECT, "statement_compiler", refused)
            await every_move(world)
            written = {one.sql for one in prepared() if type(one) is Prepared}
            yield Walk(world, shapes, await known_to(line) - before, written)
        await outside.close()


def refused(*_: Any, **__: Any) -> None:
    raise AssertionError("a statement was compiled")


@pytest.mark.slow
async def test_a_move_prepares_its_own_write_and_nothing_else(walk: Walk) -> None:
    assert walk.learned <= walk.written - {one.sql for one in prepared() if isinstance(one, Statement)}


async def test_nothing_is_compiled_after_start(walk: Walk) -> None:
    rows = await walk.world.line.fetch("select distinct record_kind, action from app.trail")
    walked = {(row["record_kind"], row["action"]) for row in rows}
    walked |= {(name, "edit") for name in ("application", "destination", "entered_agreement")}  # drafts leave no trail
    assert {(name, row.action) for name, one in WORKFLOWS.items() for row in one.table} <= walked
    bureau = await walk.world.staff("provincial_bureau")
    for path, filters in FILTERS.items():
        for count in range(len(filters) + 1):
            for chosen in combinations(filters.items(), count):
                answer = await bureau.get(path, params=dict(chosen))
                assert answer.status_code == 200, answer.text


def test_whatever_compiles_is_found_out(walk: Walk) -> None:
    """The negative control."""
    with pytest.raises(AssertionError, match="compiled"):
        Statement(select(literal(1)))


async def test_a_new_write_is_put_together_in_two_milliseconds(walk: Walk) -> None:
    """Compiled by SQLAlchemy they took 10 to 75."""
    assert len(walk.shapes) > 10
    for one in walk.shapes:
        assert min(_seconds(one) for _ in range(5)) < 0.002


def _seconds(one: Any) -> float:
    began = time.process_time()
    write_statement.__wrapped__(one)
    return time.process_time() - began
