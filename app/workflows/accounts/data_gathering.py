"""The job behind a person's copy of their data: reads all that is kept of them, in one statement, and seals it.

Left out is what proves (hashes, secrets), what others keep for themselves (claims, findings), and who of a body's
staff did something: a person learns which body, and in which role.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, Table, Uuid, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from app.change import Change, Update
from app.db import SYSTEM, Read, Stale, asked
from app.models import (
    Access,
    Account,
    Amendment,
    Application,
    ArchiveMovement,
    Body,
    Confirmation,
    Contact,
    Dispatch,
    Graduate,
    Invitation,
    JobApplication,
    Message,
    Objection,
    Person,
    Phone,
    PhoneClaim,
    Placement,
    Recovery,
    RosterCorrection,
    RosterEntry,
    Session,
    StoredFile,
    Termination,
    TrailEntry,
    UnemployedCase,
)
from app.models.base import table_of
from app.service import Service
from app.workflows.accounts.data_exports import ENTRYPOINT, KEPT, exports
from app.workflows.accounts.phones import number
from app.workflows.looking import as_json
from app.workflows.rosters.roster_persons import id_number_of, phone_of
from app.workflows.sealed_parts import PARTS
from app.workflows.tasks import tasks

_JOB: Final = {"job": ENTRYPOINT, "body": None}
_SEALED: Final = {"phone_bidx", "phone_sealed", "sealed", "person_id"}

persons, phones, bodies = table_of(Person), table_of(Phone), table_of(Body)
entries, corrections, trail = table_of(RosterEntry), table_of(RosterCorrection), table_of(TrailEntry)
accounts, graduates, accesses = table_of(Account), table_of(Graduate), table_of(Access)
applications = table_of(Application)
cases, contacts = table_of(UnemployedCase), table_of(Contact)
sessions, files, messages = table_of(Session), table_of(StoredFile), table_of(Message)
dispatches, movements = table_of(Dispatch), table_of(ArchiveMovement)
_person = asked("person", Uuid(as_uuid=False))
"""Given, and not joined: a sub-select that lost its join would show others."""
_graduates = select(graduates.c.id).where(graduates.c.person_id == _person)
_accounts = select(accounts.c.id).where(accounts.c.person_id == _person)


def _columns(table: Table, *left_out: str) -> list[ColumnElement[Any]]:
    return [one for one in table.c if one.name not in left_out]


def _of_a_procedure(table: Table, *left_out: str) -> Select[Any]:
    return select(*_columns(table, *left_out)).where(table.c.graduate_id.in_(_graduates))


def _steps() -> Select[Any]:
    """The timelines of their records: by which body, never by whom."""
    mine = (
        Invitation,
        JobApplication,
        Placement,
        Termination,
        Amendment,
        Application,
        Objection,
        RosterCorrection,
        UnemployedCase,
    )
    own = [table_of(one) for one in mine]
    records = [trail.c.record_id.in_(select(one.c.id).where(one.c.graduate_id.in_(_graduates))) for one in own]
    entry = trail.c.record_id.in_(select(entries.c.id).where(entries.c.person_id == _person))
    dispatch = trail.c.record_id.in_(select(dispatches.c.id).where(dispatches.c.person_id == _person))
    shown = _columns(trail, "id", "account_id", "real_at", "hash")
    named = select(*shown, bodies.c.name.label("body_name"))
    return named.select_from(trail.outerjoin(bodies, bodies.c.id == trail.c.body_id)).where(
        or_(entry, dispatch, *records)
    )


_PARTS: Final[Mapping[str, Select[Any]]] = {
    "graduates": select(*_columns(graduates, "verified_hash")).where(graduates.c.person_id == _person),
    "roster_entries": select(*_columns(entries, "import_id", "phone_bidx")).where(entries.c.person_id == _person),
    "roster_corrections": _of_a_procedure(corrections),
    "dispatches": select(*_columns(dispatches)).where(dispatches.c.person_id == _person),
    "archive_movements": select(movements).where(
        movements.c.dispatch_id.in_(select(dispatches.c.id).where(dispatches.c.person_id == _person))
    ),
    "accounts": select(*(accounts.c[name] for name in ("id", "level", "display_name", "created_at", "disabled_at")))
    .where(accounts.c.person_id == _person),
    "sessions": select(*_columns(sessions, "refresh_hash", "scopes")).where(sessions.c.account_id.in_(_accounts)),
    "invitations": _of_a_procedure(table_of(Invitation)),
    "job_applications": _of_a_procedure(table_of(JobApplication)),
    "placements": _of_a_procedure(table_of(Placement), "findings"),
    "terminations": _of_a_procedure(table_of(Termination)),
    "amendments": _of_a_procedure(table_of(Amendment)),
    "objections": _of_a_procedure(table_of(Objection)),
    "confirmations": _of_a_procedure(table_of(Confirmation)),
    "applications": select(*_columns(applications, "findings")).where(applications.c.person_id == _person),
    "unemployed_cases": _of_a_procedure(cases),
    "contacts": select(*_columns(contacts, "account_id"))
    .where(contacts.c.case_id.in_(select(cases.c.id).where(cases.c.graduate_id.in_(_graduates)))),
    "recoveries": select(*_columns(table_of(Recovery), "phone_bidx", "phone_sealed"))
    .where(table_of(Recovery).c.person_id == _person),
    "phone_claims": select(*_columns(table_of(PhoneClaim), "bidx", "sealed"))
    .where(table_of(PhoneClaim).c.person_id == _person),
    "steps": _steps(),
    "messages": select(messages).where(messages.c.to_graduate_id.in_(_graduates)),
    "accesses": select(*_columns(accesses, "account_id"), bodies.c.name.label("body_name"))
    .select_from(accesses.outerjoin(bodies, bodies.c.id == accesses.c.body_id))
    .where(accesses.c.person_id == _person),
    "files": select(*(files.c[name] for name in ("id", "name", "purpose", "media_type", "size", "created_at")))
    .where(files.c.account_id.in_(_accounts)),
}  # fmt: skip


def _listed(name: str, rows: Select[Any]) -> ColumnElement[Any]:
    part = rows.subquery(name)
    row = func.jsonb_agg(func.to_jsonb(literal_column(f"{name}.*")), type_=JSONB)
    nothing = literal_column("'[]'::jsonb", JSONB)
    return select(func.coalesce(row, nothing)).select_from(part).scalar_subquery().label(name)


_ASKED: Final = Read(
    select(exports.c.id, exports.c.person_id).where(
        exports.c.id == asked("task", Uuid(as_uuid=False)), exports.c.sealed.is_(None)
    ),
    door=SYSTEM,
)
_ALL: Final = Read(
    select(
        persons.c.id,
        persons.c.id_sealed,
        phones.c.sealed.label("phone_sealed"),
        phones.c.proven_at,
        *(_listed(f"{name}_kept", rows) for name, rows in _PARTS.items()),
    )
    .select_from(persons.outerjoin(phones, phones.c.person_id == persons.c.id))
    .where(persons.c.id == _person),
    door=SYSTEM,
)


async def run(service: Service, payload: Mapping[str, Any], _ending: asyncio.Event) -> None:
    """Make the file, once: who comes later finds it made."""
    (one,) = await service.db.rows(_ASKED, {**_JOB, "task": payload["task"]})
    if one.id is None:
        return
    (row,) = await service.db.rows(_ALL, {**_JOB, "person": one.person_id})
    real = service.clock.real()
    text = as_json(_gathered(service, row)).decode()
    sealed = service.sealer.seal(text, table=exports.name, column="sealed", row=one.id)
    done = {"status": "succeeded", "done": 1, "total": 1, "updated_at": real}
    made = (
        Update(exports, {"id": one.id, "sealed": None}, {"sealed": sealed, "expires_at": real + KEPT}),
        Update(tasks, {"id": one.id}, done),
    )
    with suppress(Stale):
        await service.db.apply(Change(updates=made), SYSTEM, **_JOB)


def _gathered(service: Service, row: Any) -> dict[str, Any]:
    """The file: the person's own values open, for it is their file."""
    opened = service.sealer.open
    phone = row.phone_sealed and number(service, row.phone_sealed, row.id)
    kept = {name: row[f"{name}_kept"] for name in _PARTS}
    for one in kept["roster_entries"]:
        one["phone"] = phone_of(service, row.id, _bytes(one["phone_sealed"]))
    for one in kept["roster_corrections"]:
        text = opened(_bytes(one["sealed"]), table=corrections.name, column="sealed", row=one["entry_id"])
        one["changes"] = orjson.loads(text)
    for one in kept["applications"]:
        if card := _bytes(one.pop("bank_card_sealed")):
            place = {"table": applications.name, "column": "bank_card_sealed", "row": one["id"]}
            one["details"]["bank_card"] = opened(card, **place)
    for part in PARTS:
        for one in kept[part.table.name]:
            sealed = {part.beside.name: _bytes(one.pop(part.beside.name))}
            one[part.name] = one[part.name] and part.whole(service.sealer, {**one, **sealed})
    lists = {
        name: [{key: value for key, value in one.items() if key not in _SEALED} for one in many]
        for name, many in kept.items()
    }
    person = {"id_number": id_number_of(service, row.id, row.id_sealed), "phone": phone}
    return {"made_at": service.clock.real(), "person": {**person, "phone_proven_at": row.proven_at}, **lists}


def _bytes(cell: str | None) -> Any:
    """Bytes as PostgreSQL's JSON has them."""
    return None if cell is None else bytes.fromhex(cell.removeprefix("\\x"))
