"""The second wall: when a statement forgets its own scope, row-level security alone lets nothing foreign through."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    cast,
    column,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.change import fresh_id
from app.db import Database, Read, Statement, actor
from app.models import (
    Access,
    Account,
    Amendment,
    Application,
    ArchiveMovement,
    Attachment,
    Base,
    Bucket,
    Challenge,
    Client,
    Confirmation,
    Contact,
    DataExport,
    Dispatch,
    FamiliarNetwork,
    FileUsage,
    Import,
    ImportRow,
    Job,
    JobApplication,
    OneTimeCode,
    PaymentExport,
    PaymentImport,
    PaymentImportRow,
    Phone,
    PhoneClaim,
    PhotoReading,
    Publicity,
    PublicityItem,
    Quota,
    Recovery,
    RecoveryPhoto,
    RegistrationAttempt,
    Remembered,
    Review,
    RosterCorrection,
    RosterEntry,
    SandboxMessage,
    StoredFile,
    Task,
    UnemployedCase,
)
from app.models.base import PARTIES, table_of
from tests.agreements.given import Given
from tests.annulments.given import raised
from tests.fire.planner import SOME_PLANS, Planner
from tests.fire.served import session_of
from tests.world import Somebody, World

REFERENCE = {
    "alembic_version", "bodies", "bureaus_of_regions", "calendar_days", "calendar_years", "clock_offset",
    "minimum_wages", "policies", "regions", "school_settings", "schools",
    "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics",
}  # fmt: skip
"""Open to every caller: what is published anyway, and the queue's own counts, which name nobody."""

SHARED = {"buckets", "challenges", "one_time_codes"}
"""Open inside any request: keyed by digests and random ids, and needed before anybody is known."""

CASES = {"applications", "contacts", "publicity_items", "unemployed_cases"}
PARTY = {
    "amendments", "documents", "events", "invitations", "objections", "placements", "reviews", "terminations", "trail",
} | CASES  # fmt: skip
EVERYBODYS = {"accounts", "attachments", "file_usage", "files", "remembered", "sessions", "tasks"}
"""What everybody has of their own."""

ARCHIVES = {"archive_movements", "dispatches"}
SEES: Mapping[str, set[str]] = {
    "graduate": PARTY | EVERYBODYS | ARCHIVES
    | {"accesses", "confirmations", "data_exports", "graduates", "job_applications", "jobs", "messages", "persons",
       "phone_claims", "phones", "quotas", "recoveries", "roster_corrections", "roster_entries"},
    "employer": PARTY - CASES | EVERYBODYS | {"accesses", "employers", "job_applications", "jobs", "messages"},
    "department": PARTY | EVERYBODYS | ARCHIVES
    | {"confirmations", "graduates", "persons", "quotas", "roster_corrections", "roster_entries"},
    "school": PARTY | EVERYBODYS | ARCHIVES
    | {"clients", "confirmations", "graduates", "import_rows", "persons", "publicities", "quotas", "recoveries",
       "recovery_photo_readings", "recovery_photos", "registration_attempts", "roster_corrections", "roster_entries",
       "imports"},
    "county": PARTY - {"invitations"} | EVERYBODYS | ARCHIVES
    | {"archive_bureaus", "employers", "jobs", "payment_exports", "payment_import_rows", "payment_imports"},
    "city": PARTY - {"invitations"} | EVERYBODYS | ARCHIVES | {"archive_bureaus", "employers", "jobs"},
    "provincial_bureau": PARTY | EVERYBODYS | ARCHIVES
    | {"archive_bureaus", "confirmations", "employers", "graduates", "import_rows", "imports", "jobs", "persons",
       "publicities", "quotas", "recoveries"},
    "provincial_education": PARTY | EVERYBODYS
    | {"confirmations", "employers", "graduates", "import_rows", "jobs", "persons", "publicities", "quotas",
       "roster_corrections", "roster_entries", "imports"},
}  # fmt: skip
"""The tables in which each caller sees rows of their own world, written by hand from model.md §3."""

WHOLE_PROVINCE = {
    kind: SEES[kind] - {"file_usage", "remembered"} for kind in ("provincial_bureau", "provincial_education")
} | {"graduate": {"jobs"}}
"""Those in which rows of all worlds are theirs to see; the body is one for all worlds, and so are its colleagues.
The market is one for all graduates."""

Keys = dict[str, set[str]]
NOW = datetime.now(UTC)


def key(columns: Sequence[str]) -> str:
    """The primary key as one text."""
    return f"concat_ws('/', {', '.join(f'{name}::text' for name in columns)})"


async def guarded(line: asyncpg.Connection) -> dict[str, list[str]]:
    """The tables under row-level security, each with the columns of its primary key."""
    rows = await line.fetch(
        "select relname, array_agg(attname order by attnum) as columns from pg_class"
        "  join pg_index on indrelid = pg_class.oid and indisprimary"
        "  join pg_attribute on attrelid = pg_class.oid and attnum = any (indkey)"
        " where relnamespace = 'app'::regnamespace and relrowsecurity and relforcerowsecurity group by 1 order by 1"
    )
    return {row["relname"]: row["columns"] for row in rows}


async def keys(line: asyncpg.Connection) -> Keys:
    """Every row there is."""
    return {
        name: {row[0] for row in await line.fetch(f"select {key(columns)} from app.{name}")}  # noqa: S608 (the catalog's)
        for name, columns in (await guarded(line)).items()
    }


async def add(world: World, model: type[Base], **values: Any) -> str:
    """A row with these values, and with something of the right type wherever something is needed; its first column."""
    some = {Uuid: fresh_id(), Text: "-", Integer: 1, SmallInteger: 1, BigInteger: 1, Boolean: False, DateTime: NOW,
            LargeBinary: fresh_id().encode(), ARRAY: [], JSONB: "{}", Date: NOW.date()}  # fmt: skip
    cells = {
        one.name: values.get(one.name, some[type(one.type)])
        for one in table_of(model).columns
        if one.name in values or not one.nullable
    }
    places = ", ".join(f"${place}" for place in range(1, len(cells) + 1))
    row = f"insert into {table_of(model)} ({', '.join(cells)}) values ({places}) returning {next(iter(cells))}"  # noqa: S608 (the model's)
    return await world.line.fetchval(row, *cells.values())


@pytest.fixture(autouse=True)
async def forgotten(world: World) -> AsyncIterator[None]:
    """What is made up, and sealed with no key, goes with its test: the province would list it to others."""
    yield
    await world.line.execute("delete from app.documents where application_id is not null")
    for made_up in (
        "contacts",
        "unemployed_cases",
        "job_applications",
        "jobs",
        "publicity_items",
        "publicities",
        "applications",
        "roster_corrections",
        "recovery_photo_readings",
        "recovery_photos",
        "recoveries",
        "archive_movements",
        "archive_bureaus",
        "dispatches",
    ):
        await world.line.execute(f"delete from app.{made_up}")  # noqa: S608 (a table of ours)
    await world.line.execute("delete from app.roster_entries where name = '-'")


async def lives(world: World) -> dict[str, Somebody]:
    """The people of a world in which every table has rows of theirs."""
    given = await Given.everybody(world, left=True)
    cast, school = given.cast, given.cast["school"].body
    agreement = await given.agreement("submitted", "county")
    await given.asked(agreement, "graduate")
    placement = dict(await world.line.fetchrow("select * from app.placements where id = $1", agreement[-36:]))
    parties = {party: placement[party] for party in PARTIES}
    of_it = {"placement_id": placement["id"], "placement_kind": placement["kind"], "asked_by": "graduate"}
    await add(world, Amendment, **parties, **of_it, status="submitted", stage="county")
    await raised(cast["graduate"], agreement, "not_mine")
    await add(world, Confirmation, graduate_id=cast["graduate"].graduate)
    for who in cast.values():
        own = {"account_id": who.account, "body_id": who.body}
        file = await add(world, StoredFile, **own)
        await add(world, Attachment, record_kind="invitation", file_id=file)
        await add(world, FileUsage, owner_id=who.account)
        await add(world, Task, **own, status="waiting")
        await add(world, Remembered, account_id=who.account)
    person = await world.line.fetchval("select person_id from app.graduates where id = $1", cast["graduate"].graduate)
    await add(world, Phone, person_id=person)
    await add(world, PhoneClaim, person_id=person, status="open")
    await recovers(world, cast, person)
    await applies(world, cast, person)
    entry = fresh_id()
    await add(world, RosterEntry, id=entry, source="provincial", school_id=school, person_id=person)
    theirs = {"graduate_id": cast["graduate"].graduate, "school_id": school, "department_id": cast["department"].body}
    asked = {"entry_id": entry, "person_id": person, "status": "submitted", "stage": "school", "source": "provincial"}
    await add(world, RosterCorrection, **theirs, **asked)
    followed = {"county_id": cast["county"].body, "city_id": cast["city"].body, "body_id": cast["county"].body}
    case, closed = fresh_id(), {"status": "closed", "ending": "placed", "closed_at": NOW}
    await add(world, UnemployedCase, id=case, **theirs, **followed, **closed)
    log = {"channel": "phone", "result": "reached", "account_id": cast["county"].account}
    await add(world, Contact, **log, case_id=case, body_id=cast["county"].body)
    looked = {"account_id": cast["school"].account, "body_id": school, "purpose": "reveal", "fields": ["phone"]}
    await add(world, Access, **looked, person_id=person)
    await add(world, Access, **looked, employer_id=cast["employer"].body)
    files_way = {"school_id": school, "department_id": cast["department"].body, "county_id": world.bodies["county"]}
    dispatch = fresh_id()
    await add(
        world, Dispatch, id=dispatch, **files_way, city_id=world.bodies["city"], recorder_id=school, person_id=person,
        status="recorded", number=fresh_id(),
    )  # fmt: skip
    await add(world, ArchiveMovement, dispatch_id=dispatch)
    await add(world, DataExport, account_id=cast["graduate"].account, person_id=person)
    await add(world, RegistrationAttempt, school_id=school)
    bodys = {"body_id": school, "responsible_id": cast["school"].account}
    client = await add(world, Account, kind="client", **bodys)
    await add(world, Client, id=client, body_id=school, scopes=["reviews:read"])
    await offers(world, cast)
    imported = await add(world, Import, kind="roster", source="school", file_id=file, body_id=school)
    for model in (SandboxMessage, Bucket, Challenge, FamiliarNetwork, OneTimeCode):
        await add(world, model)
    await add(world, ImportRow, import_id=imported)
    await pays(world, cast["county"])
    await world.line.execute("insert into app.pgqueuer (priority, status, entrypoint) values (0, 'queued', 'nobody')")
    return cast


async def offers(world: World, cast: Mapping[str, Somebody]) -> None:
    """A post of the employer that its bureaus know, and the graduate's application for it."""
    employer, job = cast["employer"].body, fresh_id()
    posted = {"employer_id": employer, "county_id": cast["county"].body, "city_id": cast["city"].body}
    await add(world, Job, id=job, **posted, status="reviewed", decision="approved", end_on=NOW.date())
    theirs = {"graduate_id": cast["graduate"].graduate, "employer_id": employer}
    await add(world, JobApplication, id=fresh_id(), job_id=job, **theirs, status="sent")


async def pays(world: World, county: Somebody) -> None:
    """A file for the bank of a county, and what the bank gave back."""
    own = {"account_id": county.account, "body_id": county.body}
    await add(world, PaymentExport, **own, format="csv")
    await add(world, PaymentImportRow, import_id=await add(world, PaymentImport, **own))


async def applies(world: World, cast: Mapping[str, Somebody], person: str) -> None:
    """An award that the graduate applies for, the one kind that the education office sees: published, with a quota."""
    bodies = {f"{kind}_id": cast[kind].body for kind in ("department", "school", "county", "city")}
    stands = {"kind": "outstanding_graduate", "status": "submitted", "stage": "school"}
    graduate = {"person_id": person, "graduate_id": cast["graduate"].graduate}
    one, listed = fresh_id(), fresh_id()
    await add(world, Application, id=one, **graduate, **stands, **bodies)
    review = fresh_id()
    await add(world, Review, id=review, record_id=one, record_kind="application", body_id=bodies["school_id"])
    await add(world, Quota, body_id=bodies["department_id"], set_by=bodies["school_id"])
    days = {"begins_on": NOW.date(), "ends_on": NOW.date() + timedelta(days=7)}
    await add(world, Publicity, id=listed, body_id=bodies["school_id"], kind="outstanding_graduate", **days)
    await add(world, PublicityItem, publicity_id=listed, application_id=one, review_id=review)


async def recovers(world: World, cast: Mapping[str, Somebody], person: str) -> None:
    """A recovery of the graduate's account; somebody of the school has claimed its review and seen the photo."""
    school, recovery = cast["school"], fresh_id()
    own = {"id": recovery, "account_id": cast["graduate"].account, "person_id": person}
    stands = {"status": "submitted", "stage": "school", "graduate_id": cast["graduate"].graduate}
    await add(world, Recovery, **own, **stands, school_id=school.body)
    await add(world, RecoveryPhoto, recovery_id=recovery)
    await add(world, PhotoReading, recovery_id=recovery, account_id=school.account, body_id=school.body)
    await add(
        world, Review, record_kind="recovery", record_id=recovery, body_id=school.body, claimed_by=school.account,
        school_id=school.body,
    )  # fmt: skip


async def test_every_table_is_under_row_level_security_or_is_published(world: World) -> None:
    tables = {row[0] for row in await world.line.fetch(
        "select relname from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p')"
    )}  # fmt: skip
    assert tables - (await guarded(world.line)).keys() == REFERENCE


def without_scope(name: str, columns: Sequence[str]) -> Read:
    """Everything that row-level security leaves of a table."""
    one = table(name, *(column(each) for each in columns), schema="app")
    joined = func.concat_ws("/", *(cast(one.c[each], Text) for each in columns)).label("key")
    return Read(select(joined).select_from(one).where(actor.c.account_id.is_not(None)))


async def test_without_its_scope_a_read_shows_each_caller_their_own_world_and_nothing_foreign(
    world: World, database_url: str
) -> None:
    people = await lives(world)
    before = await keys(world.line)
    await lives(await World.made(world.service, world.client, world.line))
    foreign = {name: rows - before[name] for name, rows in (await keys(world.line)).items()}
    assert [name for name, rows in foreign.items() if not rows] == []
    async with Planner.at(database_url, SOME_PLANS) as planner:
        for kind, own in SEES.items():
            session, seen = session_of(world, people[kind]), dict[str, set[str]]()
            for name, columns in (await guarded(world.line)).items():
                read = without_scope(name, columns)
                found = await world.service.db.rows(read, {"session": session, "record": None})
                assert found, "no session"
                seen[name] = {row.key for row in found if row.key is not None}
                if name in PARTY:
                    assert len(await planner.outcomes(read.sql, session, None)) == 1, (kind, name)
            everywhere = WHOLE_PROVINCE.get(kind, set())
            assert {name for name, rows in seen.items() if rows & foreign[name]} - SHARED == everywhere, kind
            assert {name for name, rows in seen.items() if rows - foreign[name]} - SHARED == own, kind


async def test_a_subsidy_with_its_bank_card_is_not_for_the_education_office(world: World) -> None:
    given = await Given.everybody(world)
    person = await world.line.fetchval(
        "select person_id from app.graduates where id = $1", given.cast["graduate"].graduate
    )
    stands = {"person_id": person, "status": "submitted", "stage": "school", "school_id": world.bodies["school"]}
    await add(world, Application, **stands, kind="job_seeking_subsidy", id=(one := fresh_id()))
    for kind, sees in (("provincial_education", False), ("provincial_bureau", True), ("school", True)):
        request = {"session": session_of(world, given.cast[kind]), "record": None}
        rows = await world.service.db.rows(without_scope("applications", ["id"]), request)
        assert (one in {row.key for row in rows}) == sees, kind


async def test_the_same_look_notices_a_wall_that_is_down(world: World) -> None:
    graduate = (await lives(world))["graduate"]
    await lives(await World.made(world.service, world.client, world.line))
    read, session = without_scope("placements", ["id"]), session_of(world, graduate)

    async def seen(*changes: str) -> int:
        transaction = world.line.transaction()
        await transaction.start()
        for change in (*changes, "set local role employment_app"):
            await world.line.execute(change)
        rows = await world.line.fetch(read.sql, session, None)
        await transaction.rollback()
        return len(rows)

    assert await seen() == 1
    assert await seen("alter table app.placements disable row level security") > 1


async def test_outside_of_a_request_nothing_is_visible_not_even_after_one_on_the_same_line(
    world: World, database_url: str
) -> None:
    people, tables = await lives(world), await guarded(world.line)
    line = Database(database_url, size=1)
    bare = {name: Statement(select(func.count().label("n")).select_from(table(name, schema="app"))) for name in tables}

    async def visible() -> dict[str, int]:
        return {name: n for name, read in bare.items() if (n := (await line.rows(read, {}))[0].n)}

    assert await visible() == {}
    for kind in SEES:
        request = {"session": session_of(world, people[kind]), "record": None}
        found = await line.rows(without_scope("accounts", ["id"]), request)
        assert any(row.key == people[kind].account for row in found)
        assert await visible() == {}
    await line.close()
