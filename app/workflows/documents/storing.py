"""The worker's part: draws what an approval issued, and keeps it. Done twice, it is done once."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Uuid, exists

from app.change import Change, Update
from app.db import SYSTEM, Read, Stale, asked, opened
from app.service import Service
from app.workflows.documents.issuing import ENTRYPOINT, documents
from app.workflows.documents.rows import placements, printed, rows
from app.workflows.documents.serving import storage

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


async def store(service: Service, payload: Mapping[str, Any]) -> None:
    """Store every document of the placement that waits for it: the object first, then the row that says so.

    One that an amendment has replaced meanwhile is left: drawn now, it would say what only the newer one may.

    A character that no font has fails the job: it is tried again once the operator has installed one.
    """
    for row in await service.db.rows(_waiting, {**_SYSTEM, "placement": payload["placement_id"]}):
        if row.id is not None:
            body = await printed(service, row.document_kind, row)
            await storage(service).put(row.document_id, body)
            stored = {"sha256": sha256(body).digest(), "size": len(body), "stored_at": service.clock.real()}
            change = Change(updates=(Update(documents, {"id": row.document_id, "sha256": None}, stored),))
            with suppress(Stale):  # a twin of this job was faster, with the same bytes
                await service.db.apply(change, SYSTEM, **_SYSTEM)
