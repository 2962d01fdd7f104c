"""What is kept for a while only, then forgotten: answers, codes, captchas, limits, attempts, tokens, orphaned files.

So are files for banks and from them. Recoveries that nobody took further end here too.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ARRAY, Column, DateTime, MetaData, Table, Uuid, delete, func, select

from app.db import SYSTEM, Read, Statement, asked, run
from app.models import (
    Bucket,
    Challenge,
    DataExport,
    FamiliarNetwork,
    OneTimeCode,
    PaymentExport,
    RegistrationAttempt,
    Remembered,
    Session,
)
from app.models.base import Base, table_of
from app.schemas.base import ID
from app.service import Service
from app.workflows.accounts import recovery_lapses, recovery_photos
from app.workflows.attaching import files
from app.workflows.payments import old_files

ORPHAN: Final = timedelta(hours=24)
"""So long a file may wait for the row that says it is there."""
TOKEN: Final = timedelta(days=1)
"""So long a client's token is remembered after its time."""
LOG: Final = timedelta(days=30)

_JOB: Final = {"job": "forgetting", "body": None}
_at = asked("at", DateTime(timezone=True))


def _over(model: type[Base], until: str) -> Statement:
    """Removes the rows whose time is over."""
    table = table_of(model)
    return Statement(delete(table).where(table.c[until] < _at))


_OVER: Final = (
    _over(Remembered, "until"),
    _over(Challenge, "expires_at"),
    _over(OneTimeCode, "expires_at"),
    _over(Bucket, "until"),
    _over(FamiliarNetwork, "until"),
    _over(RegistrationAttempt, "purge_at"),
    _over(DataExport, "expires_at"),
    _over(PaymentExport, "expires_at"),
)
_sessions = table_of(Session)
_OLD_TOKENS: Final = Statement(delete(_sessions).where(_sessions.c.scopes.is_not(None), _sessions.c.expires_at < _at))
"""Of service clients, which ask for another every ten minutes."""
_log = Table("pgqueuer_log", MetaData(schema="app"), Column("created", DateTime(timezone=True)))
_OLD_LOG: Final = Statement(delete(_log).where(_log.c.created < _at))
_known = Read(
    select(files.c.id).where(files.c.id == func.any(asked("ids", ARRAY(Uuid(as_uuid=False))))),
    door=SYSTEM,
)


async def forget(service: Service) -> None:
    """Forget everything whose time is over, by the wall clock."""
    now = service.clock.real()
    for statement in _OVER:
        await _run(service, statement, at=now)
    await _run(service, _OLD_TOKENS, at=now - TOKEN)
    await _run(service, _OLD_LOG, at=now - LOG)
    await _run(service, old_files.FORGET, at=now - old_files.KEPT)
    await _sweep(service, now - ORPHAN)
    await recovery_lapses.lapse(service)
    await recovery_photos.sweep(service)


async def _run(service: Service, statement: Statement, **values: Any) -> None:
    async with service.db.transaction(SYSTEM, **_JOB) as line:
        await run(line, statement, **values)


async def _sweep(service: Service, before: datetime) -> None:
    """Remove files that no row knows: an upload was refused, or the service died between file and row."""
    async for old in service.storage.older_than(before):
        found = await service.db.rows(_known, {**_JOB, "ids": [file for file in old if ID.fullmatch(file)]})
        await service.storage.remove({*old} - {row.id for row in found})
    await asyncio.to_thread(service.storage.clear, before)
