"""Uploads: the bytes go to the storage first, then a row says that they are there.

A file's type is what its first bytes say, whatever was declared: the sniffing libraries disagree on hostile files.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal, or_, select

from app.change import Change, Row, fresh_id
from app.db import Read, actor
from app.errors import Forbidden, NotFound, UnsupportedMedia
from app.models import StoredFile
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.service import Caller, Service
from app.storage import Storage
from app.workflows.desk import Answer, as_json, look

LIMIT: Final = 64 * 1024 * 1024
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"

_SIGNATURES: Final = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"PK\x03\x04": XLSX,
}
_NOT_IN_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a\x1b")


@dataclass(frozen=True, slots=True)
class _Rule:
    """Who may upload for a purpose, and which types."""

    kinds: frozenset[str]
    types: frozenset[str]


RULES: Final[Mapping[FilePurpose, _Rule]] = {
    FilePurpose.ROSTER: _Rule(frozenset({"school", "provincial_education"}), frozenset({CSV, XLSX})),
    FilePurpose.LICENCE: _Rule(frozenset({"employer"}), frozenset({PDF, JPEG, PNG})),
    FilePurpose.NOTICE: _Rule(frozenset({"employer"}), frozenset({PDF, JPEG, PNG})),
    FilePurpose.STAMPED_SCAN: _Rule(frozenset({"graduate"}), frozenset({PDF, JPEG, PNG})),
    FilePurpose.PROOF: _Rule(frozenset({"graduate"}), frozenset({PDF, JPEG, PNG})),
}

files = table_of(StoredFile)


def mine() -> ColumnElement[bool]:
    """Files that the caller or somebody of their body uploaded."""
    return or_(files.c.account_id == actor.c.account_id, files.c.body_id == actor.c.body_id)


_caller = Read(select(literal(1).label("here")))
_one = Read(
    select(
        files.c.id,
        files.c.name,
        files.c.purpose,
        files.c.media_type,
        files.c.size,
        func.encode(files.c.sha256, "hex").label("sha256"),
        files.c.created_at,
    ).where(files.c.id == actor.c.record_id, mine())
)


def storage(service: Service) -> Storage:
    """Where the bytes are."""
    return Storage(service.settings.data_dir / "files")


async def upload(caller: Caller, name: str, purpose: FilePurpose, chunks: AsyncIterator[bytes]) -> Answer:
    """Keep a file of at most `LIMIT` bytes. Nothing is read before the caller is known, nothing is kept if refused."""
    who, _ = await look(caller, _caller)
    rule = RULES[purpose]
    if who.kind not in rule.kinds:
        raise Forbidden
    file, kept = fresh_id(), storage(caller.service)
    stored = await kept.put(file, chunks, LIMIT)
    media_type = media_type_of(stored.beginning)
    if media_type not in rule.types:
        kept.remove(file)
        raise UnsupportedMedia("file-type-not-taken", params={"types": ", ".join(sorted(rule.types))})
    row = {
        "id": file,
        "account_id": who.account_id,
        "body_id": who.body_id,
        "purpose": purpose.value,
        "name": name,
        "media_type": media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "created_at": caller.service.clock.real(),
    }
    await caller.db.apply(Change(inserts=(Row(files, row),)), session=caller.session)
    return Answer(as_json(_told({**row, "sha256": stored.sha256.hex()})), id=file)


async def one(caller: Caller, file: str) -> Answer:
    """What is known of a file."""
    _, found = await look(caller, _one, record=file)
    if not found:
        raise NotFound
    return Answer(as_json(_told(found[0])))


def media_type_of(beginning: bytes) -> str | None:
    """The type of a file by its first bytes; text without control characters is taken for CSV, the rest is unknown."""
    for signature, media_type in _SIGNATURES.items():
        if beginning.startswith(signature):
            return media_type
    return CSV if beginning and not _NOT_IN_TEXT & frozenset(beginning) else None


def _told(row: Any) -> dict[str, Any]:
    names = ("id", "name", "purpose", "media_type", "size", "sha256", "created_at")
    return {name: row[name] for name in names}
