"""A settled sandbox in a database of its own, whose every value is sealed with a former key."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from itertools import count
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from app import sandbox
from app.change import fresh_id
from app.devdb import Cluster
from app.models import (
    Amendment,
    Application,
    DataExport,
    Invitation,
    PaymentExport,
    PhoneClaim,
    Placement,
    Recovery,
    RosterCorrection,
)
from app.service import Service
from app.settings import Settings
from app.starting import start, stop
from app.workflows.sealed_parts import (
    AMENDED,
    APPLIED,
    APPLIED_RETURNED,
    DETAILS,
    RETURNED,
    TERMS,
    Sealing,
)
from tests.databases import created, migrated
from tests.fire.test_row_level_security import NOW, add

_serial = count(1)
CONTACT = {"archive_mode": "agency", "archive_phone": "13500000001"}
DIFF = [{"pointer": "/details/archive_phone", "from": "13500000001", "to": "13500000002"}]
FORMER, CURRENT = "sandbox", "2027-01"


def rotated(settings: Settings) -> Settings:
    """The settings after a new sealing key has come, the former one still there."""
    ring = {**settings.sealing_keys, CURRENT: b64encode(b"\x07" * 32).decode()}
    given = settings.model_dump() | {"sealing_keys": ring, "sealing_key_id": CURRENT, "pool_size": 2}
    return Settings(**given)


@pytest.fixture(scope="session")
def settled_url(cluster: Cluster, settings: Settings) -> str:
    """A settled sandbox, beside it what its population has not: a typed registration, a remembered answer."""

    async def settle() -> None:
        service = await start(settings, url)
        await sandbox.settle(service, url)
        await stop(service)
        line = await asyncpg.connect(url)
        await _the_rest(line, service)
        await line.close()

    url = asyncio.run(migrated(cluster, "settled"))
    asyncio.run(settle())
    return url


async def _the_rest(line: asyncpg.Connection, service: Service) -> None:
    seal, account = service.sealer.seal, await line.fetchval("select id from app.accounts where kind = 'staff' limit 1")
    await line.execute(
        "insert into app.remembered values ($1, 'k', 'f', $2, now())",
        account, seal("{}", table="remembered", column="answer", row=f"{account}/k"),
    )  # fmt: skip
    await line.execute(
        "update app.accounts set totp_pending_sealed = $2 where id = $1",
        account, seal("S", table="accounts", column="totp_pending_sealed", row=str(account)),
    )  # fmt: skip
    entry, person = await line.fetchrow("select id, person_id::text from app.roster_entries limit 1")
    await line.execute(
        "update app.roster_entries set phone_sealed = $2, phone_bidx = $3 where id = $1",
        entry, seal("13700000000", table="roster_entries", column="phone_sealed", row=person),
        service.blind_index.of("phone", "13700000000"),
    )  # fmt: skip
    await _waiting(line, service, entry, person)
    for table in ("registration_attempts", "sandbox_messages"):
        one = fresh_id()
        sealed = seal("{}", table=table, column="sealed", row=one)
        if table == "sandbox_messages":
            await line.execute("insert into app.sandbox_messages values ($1, 'b', $2, now())", one, sealed)
        else:
            school = await line.fetchval("select id from app.bodies where kind = 'school' limit 1")
            await line.execute(
                "insert into app.registration_attempts values ($1, $2, $3, '{}', now(), now())", one, school, sealed
            )


async def _waiting(line: asyncpg.Connection, service: Service, entry: str, person: str) -> None:
    """What waits for somebody: a correction, a recovery, a claimed number, a copy of somebody's data."""
    seal, one = service.sealer.seal, fresh_id()
    graduate, school = await line.fetchrow("select id, school_id from app.graduates limit 1")
    account = await line.fetchval("select id from app.accounts where kind = 'graduate' limit 1")
    number, index = "13600000000", service.blind_index.of("phone", "13600000000")
    world: Any = SimpleNamespace(line=line)
    owner = {"person_id": person, "graduate_id": graduate, "school_id": school, "account_id": account}
    wish = {"status": "submitted", "stage": "school", "source": "school", "entry_id": entry}
    sealed = seal("{}", table="roster_corrections", column="sealed", row=str(entry))
    await add(world, RosterCorrection, **owner, **wish, sealed=sealed)
    sealed = seal(number, table="recoveries", column="phone_sealed", row=one)
    case = {"status": "submitted", "stage": "school", "phone_sealed": sealed, "phone_bidx": index}
    await add(world, Recovery, id=one, **owner, **case)
    sealed = seal(number, table="phone_claims", column="sealed", row=one)
    await add(world, PhoneClaim, id=one, person_id=person, status="open", sealed=sealed, bidx=index)
    sealed = seal("6222021234567890128", table="applications", column="bank_card_sealed", row=(card := fresh_id()))
    applied = {"kind": "job_seeking_subsidy", "status": "draft", "bank_card_sealed": sealed}
    await add(world, Application, id=card, **owner, **applied)
    await _contacts(world, service, {"graduate_id": graduate, "person_id": person})
    sealed = seal("{}", table="data_exports", column="sealed", row=one)
    await add(world, DataExport, id=one, account_id=account, person_id=person, sealed=sealed, expires_at=NOW)
    sealed = seal("{}", table="payment_exports", column="sealed", row=one)
    payer = {"account_id": account, "body_id": school, "format": "csv"}
    await add(world, PaymentExport, id=one, **payer, sealed=sealed, expires_at=NOW)


async def _contacts(world: Any, service: Service, owner: dict[str, Any]) -> None:
    """Records that name contacts: an invitation, a placement and an amendment of it, an application, returned ones."""

    def parts(*those: Sealing[Any]) -> dict[str, Any]:
        cells = {"id": fresh_id()}
        for part in those:
            whole = DIFF if part is AMENDED else CONTACT
            cells |= part.cells(service.sealer, cells["id"], whole)
        return {name: json.dumps(cell) if isinstance(cell, dict | list) else cell for name, cell in cells.items()}

    employer = await world.line.fetchval("select id from app.employers limit 1")
    sent = {"status": "withdrawn", "employer_id": employer, "graduate_id": owner["graduate_id"]}
    await add(world, Invitation, **sent, **parts(TERMS))
    drafted = {"kind": "labor_contract", "status": "terminated", "ending": "cancelled", "ended_at": NOW}
    await add(world, Placement, **drafted, **owner, **(placement := parts(DETAILS, RETURNED)))
    taken_back = {"status": "terminated", "ending": "withdrawn", "asked_by": "graduate"}
    taken_back["placement_id"] = placement["id"]
    await add(world, Amendment, **taken_back, **owner, **parts(AMENDED))
    applied = {"kind": "reassignment", "status": "draft"}
    await add(world, Application, **applied, **owner, **parts(APPLIED, APPLIED_RETURNED))


@pytest.fixture
def url(cluster: Cluster, settled_url: str) -> str:
    """A copy of that database for one test."""
    name = f"keys{next(_serial)}"
    return asyncio.run(created(cluster, name, "settled"))


@pytest.fixture
async def line(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A line to it, as its owner."""
    one = await asyncpg.connect(url)
    yield one
    await one.close()


@pytest.fixture
async def rotating(settings: Settings, url: str) -> AsyncIterator[Service]:
    """A service upon it that seals with the current key and opens with both."""
    running = await start(rotated(settings), url)
    yield running
    await stop(running)
