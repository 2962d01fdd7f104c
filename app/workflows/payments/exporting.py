"""The job behind a file for the bank: first it is recorded that somebody sees whose data, then the file is there.

What is recorded moves with the work, so whoever takes the job up again records nobody twice.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Uuid, func, select

from app.change import Change, Update
from app.db import SYSTEM, Read, Result, Stale, asked
from app.models import Person
from app.models.base import table_of
from app.outbox import Interrupted
from app.policies import THE_SYSTEM
from app.schemas.payment import SheetFormat
from app.service import Service
from app.words import AccessPurpose, RevealReason, SeenField, StaffRole
from app.workflows.accounts.accesses import Look, seen
from app.workflows.applications.eligibility import applications
from app.workflows.payments.exports import ENTRYPOINT, KEPT, due, exports
from app.workflows.payments.sheets import Header, PaymentNumber, written
from app.workflows.promised_tasks import fail
from app.workflows.province.bodies import FIRST_ID
from app.workflows.rosters.roster_persons import id_number_of
from app.workflows.tasks import tasks

CHUNK: Final = 500
LOOK: Final = Look(AccessPurpose.EXPORT, (SeenField.ID_NUMBER, SeenField.BANK_CARD), RevealReason.PAYMENT)
_JOB: Final = {"job": ENTRYPOINT, "body": None}

persons = table_of(Person)
_body = asked("payer", Uuid(as_uuid=False))
_EXPORT: Final = Read(
    select(*exports.c).where(exports.c.id == asked("task", Uuid(as_uuid=False)), exports.c.sealed.is_(None)),
    door=SYSTEM,
)
_COUNT: Final = Read(select(func.count().label("waiting")).select_from(applications).where(due(_body)), door=SYSTEM)
_DUE: Final = Read(
    select(*(applications.c[name] for name in ("id", "version", "person_id", "graduate_name", "amount")))
    .add_columns(applications.c.details["bank"].as_string().label("bank"))
    .add_columns(applications.c.bank_card_sealed, persons.c.id_sealed)
    .join_from(applications, persons, persons.c.id == applications.c.person_id)
    .where(due(_body), applications.c.id > asked("after", Uuid(as_uuid=False)))
    .order_by(applications.c.id)
    .limit(CHUNK),
    door=SYSTEM,
)


async def run(service: Service, payload: Mapping[str, Any], ending: asyncio.Event) -> None:
    """Make the file, once: who comes later finds it made. Raises `Interrupted` between chunks when `ending` is set."""
    (export,) = await service.db.rows(_EXPORT, {**_JOB, "task": payload["task"]})
    if export.id is None:
        return
    whose = {**_JOB, "payer": export.body_id, "cohort": export.cohort}
    (total,) = await service.db.rows(_COUNT, whose)
    rows: list[Mapping[Header, Any]] = []
    position, after = export.position, FIRST_ID
    while chunk := [row for row in await service.db.rows(_DUE, {**whose, "after": after}) if row.id is not None]:
        if ending.is_set():
            raise Interrupted
        rows += [_cells(service, row) for row in chunk]
        after = chunk[-1].id
        if after > position:
            unrecorded = [row for row in chunk if row.id > position]
            await _record(service, export, unrecorded, position, (len(rows), total.waiting))
            position = after
    if not rows:  # paid since it was asked for
        await fail(service, ENTRYPOINT, export.id, "nothing-to-pay")
        return
    await _keep(service, export, await asyncio.to_thread(written, rows, SheetFormat(export.format)), len(rows))


def _cells(service: Service, row: Result) -> Mapping[Header, Any]:
    place = {"table": applications.name, "column": "bank_card_sealed", "row": row.id}
    return {
        Header.NUMBER: str(PaymentNumber(row.id, row.version)),
        Header.NAME: row.graduate_name,
        Header.ID_NUMBER: id_number_of(service, row.person_id, row.id_sealed),
        Header.BANK: row.bank,
        Header.CARD: service.sealer.open(row.bank_card_sealed, **place),
        Header.AMOUNT: row.amount,
    }


async def _record(
    service: Service, export: Result, rows: Sequence[Result], position: str, progress: tuple[int, int]
) -> None:
    """That whoever asked sees these persons' data. `Stale` if another worker is at it."""
    who = THE_SYSTEM._replace(account_id=export.account_id, body_id=export.body_id, roles=(StaffRole.REVIEWER,))
    done, total = progress
    working = {"status": "running", "done": done, "total": max(done, total), "updated_at": service.clock.real()}
    updates = (
        Update(exports, {"id": export.id, "position": position}, {"position": rows[-1].id}),
        Update(tasks, {"id": export.id}, working),
    )
    recorded = seen(service, who, LOOK, persons=[row.person_id for row in rows])
    await service.db.apply(Change(updates, recorded), SYSTEM, **_JOB)


async def _keep(service: Service, export: Result, content: bytes, rows: int) -> None:
    real, place = service.clock.real(), {"table": exports.name, "column": "sealed", "row": export.id}
    sealed = service.sealer.seal(b64encode(content).decode(), **place)
    done = {"status": "succeeded", "done": rows, "total": rows, "updated_at": real}
    made = (
        Update(exports, {"id": export.id, "sealed": None}, {"sealed": sealed, "expires_at": real + KEPT}),
        Update(tasks, {"id": export.id}, done),
    )
    with suppress(Stale):
        await service.db.apply(Change(made), SYSTEM, **_JOB)
