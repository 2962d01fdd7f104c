"""The worker's part: draws what an approval issued, and keeps it. Done twice, it is done once."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Uuid, exists, select

from app.change import Change, Update
from app.db import SYSTEM, Read, Result, Stale, asked, opened
from app.service import Service
from app.workflows.documents.drawing import drawn
from app.workflows.documents.issuing import ENTRYPOINT, documents
from app.workflows.documents.rows import placements, rows
from app.workflows.documents.serving import named, storage

_SYSTEM: Final = {"job": ENTRYPOINT, "body": None}

newer = documents.alias("newer")
_waiting = Read(
    rows(documents, documents.join(placements, placements.c.id == documents.c.placement_id)).where(
        documents.c.placement_id == asked("placement", Uuid(as_uuid=False)),
        documents.c.placement_version > 1,
        documents.c.sha256.is_(None),
        ~exists().where(
            newer.c.placement_id == documents.c.placement_id,
            newer.c.kind == documents.c.kind,
            newer.c.placement_version > documents.c.placement_version,
        ),
        opened(SYSTEM).c.account_id.is_not(None),
    ),
    door=SYSTEM,
)
_stored = Read(
    select(documents.c.sha256).where(
        documents.c.id == asked("document", Uuid(as_uuid=False)), opened(SYSTEM).c.account_id.is_not(None)
    ),
    door=SYSTEM,
)


async def store(service: Service, payload: Mapping[str, Any]) -> None:
    """Store every document of the placement that waits for it: the object first, then the row that says so.

    One that an amendment has replaced meanwhile is left: drawn now, it would say what only the newer one may.

    A character that no font has fails the job: it is tried again once the operator has installed one.
    """
    for row in await service.db.rows(_waiting, {**_SYSTEM, "placement": payload["placement_id"]}):
        if row.id is not None:
            await _store(service, row)


async def _store(service: Service, row: Result) -> None:
    made = await drawn(service, row.document_kind, row)
    digest = sha256(made.body).digest()
    await storage(service).put(named(row.document_id, digest), made.body)
    stored = {
        "sha256": digest,
        "size": len(made.body),
        "stored_at": service.clock.real(),
        "signed_by": made.by and made.by.name,
        "certificate": made.by and made.by.fingerprint,
    }
    change = Change(updates=(Update(documents, {"id": row.document_id, "sha256": None}, stored),))
    try:
        await service.db.apply(change, SYSTEM, **_SYSTEM)
    except Stale:
        await _give_way(service, row.document_id, digest)


async def _give_way(service: Service, document: str, digest: bytes) -> None:
    """A twin of this job was faster. It has stored the same bytes, or signed with another key: then these go."""
    (stored,) = await service.db.rows(_stored, {**_SYSTEM, "document": document})
    if stored.sha256 != digest:
        await storage(service).remove([named(document, digest)])
