"""Documents drawn from what was read of them, and signed from their approval on."""

from dataclasses import dataclass
from datetime import datetime

from app.certificates import Certified
from app.db import Result
from app.documents.contents import content
from app.service import Service
from app.workflows.engine import Now
from app.workflows.rosters.roster_persons import shown_id_number
from app.workflows.sealed_parts import DETAILS


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PDF, and who signed it."""

    body: bytes
    by: Certified | None


async def drawn(service: Service, kind: str, row: Result) -> Drawn:
    """The PDF of a row: the same bytes whoever draws it, until the templates, the fonts or the signer's key change.

    `Unavailable` while there is no valid certificate to sign with.
    """
    number = shown_id_number(service, row)
    whole = Now({**dict(row.items()), "details": DETAILS.whole(service.sealer, row)})
    shown = content(whole, service.settings.public_url, number)
    by = _signer(service, row) if shown["state"] == "approved" else None
    body = await service.printer.print(kind, shown, row.issued_at)
    return Drawn(await service.signer.sign(body, row.issued_at, by) if by else body, by)


def _signer(service: Service, row: Result) -> Certified | None:
    """Who signs: whoever did when it was stored, else the current key; nobody what was stored before any was signed."""
    now: datetime = service.clock.real()
    if row.sha256 is None:
        return service.signer.current(now) if row.document_id else None
    return row.certificate and (service.signer.former(row.certificate) or service.signer.current(now))
