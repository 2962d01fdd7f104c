"""Documents for those whom they concern: the stored one, or drawn on demand from the record."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from app.db import Read, Result, actor
from app.errors import NotFound, Unavailable
from app.policies import its_parties, to_the_caller
from app.service import Caller, Service
from app.storage import Storage
from app.words import DocumentKind
from app.workflows.documents.drawing import drawn
from app.workflows.documents.issuing import AGREEMENTS
from app.workflows.documents.rows import of_placement, placements
from app.workflows.live_placements import is_in_force, is_live
from app.workflows.looking import look

_mine = placements.c.graduate_id == actor.c.graduate_id

_READS: Final = {
    DocumentKind.AGREEMENT: Read(
        of_placement(DocumentKind.AGREEMENT).where(
            placements.c.id == actor.c.record_id,
            placements.c.kind.in_([kind.value for kind in AGREEMENTS]),
            placements.c.status != "draft",
            to_the_caller(its_parties(placements)),
        )
    ),
    DocumentKind.INFORMATION_SHEET: Read(
        of_placement(DocumentKind.INFORMATION_SHEET).where(_mine, is_live(placements))
    ),
    DocumentKind.DESTINATION_CERTIFICATE: Read(
        of_placement(DocumentKind.DESTINATION_CERTIFICATE).where(_mine, is_in_force(placements))
    ),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and what to call it."""

    body: bytes
    name: str


def storage(service: Service) -> Storage:
    """Where the bytes of issued documents are: no upload, and never swept."""
    return Storage.of(service.settings, "documents")


def named(document: str, digest: bytes) -> str:
    """What stored bytes are called: two who store one document differently never write over one another."""
    return f"{document}-{digest.hex()}"


async def pdf(caller: Caller, kind: DocumentKind, record: str | None = None) -> Printed:
    """The document of an agreement by its id, or of the caller's own placement. 404 while there is none."""
    _, found = await look(caller, _READS[kind], record=record)
    if not found:
        raise NotFound
    row = found[0]
    body = await _stored(caller.service, row) or (await drawn(caller.service, kind, row)).body
    return Printed(body, f"{kind.replace('_', '-')}-{row.number or row.id}.pdf")


async def _stored(service: Service, row: Result) -> bytes | None:
    """The stored bytes, if they are there and are what they were."""
    if row.sha256 is None:
        return None
    for name in (named(row.document_id, row.sha256), row.document_id):  # the latter: before documents were signed
        with suppress(Unavailable):
            body = b"".join([piece async for piece in await storage(service).read(name)])
            if sha256(body).digest() == row.sha256:
                return body
    return None
