"""Uploads: received, inspected, kept in the storage, and only then a row says that the file is there.

How much an owner has is counted in the same write, which refuses beyond the quota: of two that race for the last place
one wins.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import CTE, BigInteger, ColumnElement, Date, Integer, Uuid, and_, case, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.change import Asked, Change, Row, SetOf, SetStatement, fresh_id
from app.clock import SHANGHAI, end_of_day
from app.db import Read, Stale, actor
from app.errors import Busy, Conflict, Forbidden, TooMany, UnsupportedMedia
from app.models import FileUsage
from app.models.base import table_of
from app.policies import Actor
from app.schemas.file import FilePurpose
from app.service import Caller
from app.storage import Received, digest_of, receive
from app.upload_safety.media_types import media_type_of
from app.workflows.attaching import files
from app.workflows.files import told
from app.workflows.looking import Answer, as_json, look
from app.workflows.upload_rules import RULES, Quota, Rule, quota_of

usage = table_of(FileUsage)

_ground = Read(
    select(literal(1).label("here")),
    select(usage).where(usage.c.owner_id == func.coalesce(actor.c.body_id, actor.c.account_id)),
)


def _counted(asked: Asked, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """One file more for its owner, if it fits."""
    size = asked("size", BigInteger())
    one = insert(usage).from_select(
        ["owner_id", "day", "day_files", "day_bytes", "files", "bytes"],
        select(asked("owner", Uuid()), asked("day", Date()), literal(1), size, literal(1), size).where(gate),
    )
    same_day = usage.c.day == one.excluded.day
    day_files = case((same_day, usage.c.day_files + 1), else_=1)
    day_bytes = case((same_day, usage.c.day_bytes + size), else_=size)
    fits = and_(
        day_files <= asked("most_day_files", Integer()),
        day_bytes <= asked("most_day_bytes", BigInteger()),
        usage.c.files < asked("most_files", Integer()),
        usage.c.bytes + size <= asked("most_bytes", BigInteger()),
    )
    counted = one.on_conflict_do_update(
        index_elements=["owner_id"],
        set_={
            "day": one.excluded.day,
            "day_files": day_files,
            "day_bytes": day_bytes,
            "files": case((fits, usage.c.files + 1), else_=func.app.refuse("quota", type_=Integer)),
            "bytes": usage.c.bytes + size,
        },
    )
    return (counted.returning(usage.c.owner_id).cte("counted"),)


COUNTED: Final = SetStatement("count a file", _counted)


async def upload(caller: Caller, name: str, purpose: FilePurpose, chunks: AsyncIterator[bytes]) -> Answer:
    """Keep a file. Nothing is read before the caller is known, nothing is kept if refused."""
    rule, storage = RULES[purpose], caller.service.storage
    who = await _permitted(caller, rule, 0)
    with storage.room() as room:
        received = await receive(chunks, room / "sent", rule.most_bytes)
        media_type = media_type_of(received.beginning)
        if media_type not in rule.types:
            raise UnsupportedMedia("file-type-not-taken", params={"types": ", ".join(sorted(rule.types))})
        kept = await caller.service.inspector.admit(received.path, media_type)
        row = await _row(caller, who, received, kept)
        row |= {"purpose": purpose.value, "name": name, "media_type": media_type}
        await storage.put(row["id"], kept)
    try:
        await _write(caller, who, rule, row)
    except BaseException:
        await storage.remove([row["id"]])  # and if this fails too, it is swept
        raise
    return Answer(as_json(told({**row, "sha256": row["sha256"].hex(), "attached": False})), id=row["id"])


async def _permitted(caller: Caller, rule: Rule, more: int) -> Actor:
    """The caller, if they may upload this and so many bytes more."""
    who, (used,) = await look(caller, _ground)
    if who.kind not in rule.kinds:
        raise Forbidden
    if used.owner_id is not None:
        _refuse_beyond(quota_of(who.kind), used, more, caller.service.clock.real())
    return who


def _refuse_beyond(quota: Quota, used: Any, more: int, real: datetime) -> None:
    if used.files >= quota.files:
        raise Conflict("quota-files", params={"most": quota.files})
    if used.bytes + more > quota.bytes:
        raise Conflict("quota-bytes", params={"most": quota.bytes})
    over = used.day_files >= quota.day_files or used.day_bytes + more > quota.day_bytes
    if over and used.day == _day(real):
        raise TooMany("quota-day", retry_after=int((end_of_day(used.day) - real).total_seconds()) + 1)


def _day(real: datetime) -> date:
    return real.astimezone(SHANGHAI).date()


async def _row(caller: Caller, who: Actor, received: Received, kept: Path) -> dict[str, Any]:
    size, digest = await asyncio.to_thread(digest_of, kept)
    return {
        "id": fresh_id(),
        "account_id": who.account_id,
        "body_id": who.body_id,
        "size": received.size,
        "sha256": received.sha256,
        "kept_size": size,
        "kept_sha256": digest,
        "created_at": caller.service.clock.real(),
    }


async def _write(caller: Caller, who: Actor, rule: Rule, row: dict[str, Any]) -> None:
    """The row, counted; looks again when it doesn't fit any more, and that look says why."""
    quota, size = quota_of(who.kind), max(row["size"], row["kept_size"])
    count = {
        "owner": who.body_id or who.account_id,
        "day": _day(row["created_at"]),
        "size": size,
        "most_day_files": quota.day_files,
        "most_day_bytes": quota.day_bytes,
        "most_files": quota.files,
        "most_bytes": quota.bytes,
    }
    change = Change(inserts=(Row(files, row),), sets=(SetOf(COUNTED, count),))
    try:
        await caller.db.apply(change, session=caller.session)
    except Stale:
        await _permitted(caller, rule, size)
        raise Busy("rows-busy", retry_after=1) from None
