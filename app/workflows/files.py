"""Uploaded files as their owners and the readers of their records see them: known, listed, read, removed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Uuid,
    column,
    delete,
    exists,
    func,
    or_,
    select,
    table,
    union_all,
    update,
)

from app.change import Asked, Change, SetOf, SetStatement
from app.db import Read, Stale, actor, asked
from app.errors import Busy, Conflict, NotFound
from app.models import FileUsage, Import
from app.models.base import table_of
from app.service import Caller
from app.upload_safety.media_types import EXTENSIONS
from app.workflows.attaching import attachments, files, mine, visible
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.view import LAST_ID

usage, imports = table_of(FileUsage), table_of(Import)

SHOWN: Final = ("id", "name", "purpose", "media_type", "size", "sha256", "created_at", "attached")
_ATTEMPTS: Final = 3


def told(row: Any) -> dict[str, Any]:
    """What is said of a file."""
    return {name: row[name] for name in SHOWN}


def _rows(source: FromClause) -> Select[Any]:
    """Files as they are told, and what reading and removing them needs."""
    named = or_(
        exists().where(attachments.c.file_id == source.c.id),
        exists().where(imports.c.file_id == source.c.id),
    )
    owner = func.coalesce(source.c.body_id, source.c.account_id)
    digest = func.encode(source.c.sha256, "hex").label("sha256")
    rest = [one for one in source.c if one.name != "sha256"]
    return select(*rest, digest, named.label("attached"), owner.label("owner_id"))


def _page() -> Read:
    """A page of the caller's own files: of their body, or of a graduate."""
    limit, before = asked("limit", Integer()), files.c.id < asked("after", Uuid(as_uuid=False))
    owned = (
        files.c.body_id == actor.c.body_id,
        (actor.c.body_id.is_(None)) & (files.c.account_id == actor.c.account_id),
    )
    branches = [
        select(
            select(*files.c)
            .where(clause, before)
            .order_by(files.c.id.desc())
            .limit(limit)
            .correlate(actor)
            .subquery(f"branch_{place}")
        )
        for place, clause in enumerate(owned)
    ]
    found = union_all(*branches).subquery("found")
    return Read(_rows(found).order_by(found.c.id.desc()).limit(limit))


_LIST: Final = _page()
_one = Read(_rows(files).where(files.c.id == actor.c.record_id, visible()))
_own = Read(_rows(files).where(files.c.id == actor.c.record_id, mine()))


async def one(caller: Caller, file: str) -> Answer:
    """What is known of a file."""
    return Answer(as_json(told(await _found(caller, _one, file))))


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """The caller's own files, newest first."""
    _, found = await look(caller, _LIST, limit=limit + 1, after=after or LAST_ID)
    return page_of([told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


async def _found(caller: Caller, read: Read, file: str) -> Any:
    _, found = await look(caller, read, record=file)
    if not found:
        raise NotFound
    return found[0]


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Download:
    """A file's content: `open` begins to read it."""

    name: str
    media_type: str
    size: int
    digest: str
    open: Callable[[], Awaitable[AsyncIterator[bytes]]]


async def content(caller: Caller, file: str) -> Download:
    """What a file holds, for whoever may see it."""
    row = await _found(caller, _one, file)
    name, media_type = row.name, row.media_type
    extensions = EXTENSIONS[media_type]
    if name.rpartition(".")[2].lower() not in extensions:  # or a disk would take it for what it is not
        name = f"{name}.{extensions[0]}"
    opening = partial(caller.service.storage.read, file)
    return Download(name, media_type, row.kept_size, row.kept_sha256.hex(), opening)


# -- removing ---------------------------------------------------------------------------------------------------------


def _removed(asked: Asked, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """A file of this owner goes, and is counted off. One that is attached meanwhile is held by its foreign key."""
    gone = (
        delete(files)
        .where(
            gate,
            files.c.id == asked("file", Uuid()),
            func.coalesce(files.c.body_id, files.c.account_id) == asked("owner", Uuid()),
        )
        .returning(
            func.coalesce(files.c.body_id, files.c.account_id).label("owner_id"),
            func.greatest(files.c.size, files.c.kept_size).label("bytes"),
        )
        .cte("gone")
    )
    taken = table("gone", column("owner_id", Uuid()), column("bytes", BigInteger()))
    off = (
        update(usage)
        .where(usage.c.owner_id == taken.c.owner_id)
        .values(files=usage.c.files - 1, bytes=usage.c.bytes - taken.c.bytes)
        .returning(usage.c.owner_id)
        .cte("counted_off")
    )
    return gone, off


REMOVED: Final = SetStatement("remove a file", _removed)


async def remove(caller: Caller, file: str) -> None:
    """Remove a file of one's own that nothing refers to: the row, then the bytes, which would else be swept."""
    for _ in range(_ATTEMPTS):
        row = await _found(caller, _own, file)
        if row.attached:
            raise Conflict("file-attached")
        gone = SetOf(REMOVED, {"file": file, "owner": row.owner_id})
        try:
            await caller.db.apply(Change(sets=(gone,)), session=caller.session)
        except Stale:
            continue
        await caller.service.storage.remove([file])
        return
    raise Busy("rows-busy", retry_after=1)
