"""The photo of a recovery: checked, sealed before it is stored, read by who has claimed the case, then forgotten.

Bytes are in a folder of their own under the case's id, as sealed text; what is known of them is a row.
"""

import asyncio
from base64 import b64decode, b64encode
from binascii import Error as Unreadable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ARRAY, Uuid, delete, func, select

from app.change import Change, Row, fresh_id
from app.db import SYSTEM, Read, Statement, asked, run
from app.errors import Conflict, FieldError, Invalid, NotFound, Unavailable
from app.service import Caller, Service
from app.storage import Storage
from app.workflows.accounts.recoveries import FORGET_PHOTO, desk, photos, readings
from app.workflows.looking import look

_SIGNATURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_STRAY: Final = timedelta(hours=1)
"""So long a stored photo may wait for the row that says it is there."""
_id = Uuid(as_uuid=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it was sent."""

    media_type: str
    content: bytes


def taken(sent: str) -> Picture:
    """The picture behind its base64, by its content; anything but JPEG and PNG is a 422 `photo-not-taken`."""
    try:
        content = b64decode(sent, validate=True)
    except Unreadable:
        content = b""
    for signature, media_type in _SIGNATURES.items():
        if content.startswith(signature):
            return Picture(media_type, content)
    raise Invalid(errors=[FieldError("/body/photo", "photo-not-taken")])


def storage(service: Service) -> Storage:
    """Where the sealed photos are."""
    return Storage.of(service.settings, "recovery-photos")


async def keep(service: Service, recovery: str, picture: Picture) -> Mapping[str, Any]:
    """Store a picture, written anew without what rode along, and sealed for its case; the cells of its row."""
    kept = storage(service)
    with kept.room() as room:
        sent = room / "sent"
        await asyncio.to_thread(sent.write_bytes, picture.content)
        content = await asyncio.to_thread((await service.inspector.admit(sent, picture.media_type)).read_bytes)
    text = b64encode(content).decode()
    await kept.put(recovery, service.sealer.seal(text, table="recovery_photos", column="content", row=recovery))
    return {"media_type": picture.media_type, "size": len(content)}


async def remove(service: Service, recovery: str) -> None:
    """Remove the bytes, if they are there."""
    await storage(service).remove([recovery])


# -- reading ----------------------------------------------------------------------------------------------------------


async def read(caller: Caller, recovery: str) -> Picture:
    """The photo, for the reviewer in turn who has claimed the case; 404, or 409 `claim-it-first`. Each look is kept."""
    who, found = await look(caller, desk.view.one, record=recovery)
    if not found or found[0].review_body_id != who.body_id or not who.is_a("reviewer"):
        raise NotFound
    row, service = found[0], caller.service
    if row.photo_of is None or row.claimed_by != who.account_id or row.lease_until <= service.clock.real():
        raise Conflict("claim-it-first")
    picture = await _opened(service, recovery)
    reading = {"id": fresh_id(), "recovery_id": recovery, "account_id": who.account_id, "body_id": who.body_id}
    kept = Row(readings, {**reading, "at": service.clock.real()})
    await caller.db.apply(Change(inserts=(kept,)), session=caller.session)
    return picture


async def _opened(service: Service, recovery: str) -> Picture:
    try:
        sealed = b"".join([piece async for piece in await storage(service).read(recovery)])
    except Unavailable as error:  # decided at this very moment
        raise NotFound from error
    return taken(service.sealer.open(sealed, table="recovery_photos", column="content", row=recovery))


# -- forgetting -------------------------------------------------------------------------------------------------------

_GONE: Final = Statement(delete(photos).where(photos.c.recovery_id == asked("recovery", _id)))
_KNOWN: Final = Read(
    select(photos.c.recovery_id.label("id")).where(photos.c.recovery_id == func.any(asked("ids", ARRAY(_id)))),
    door=SYSTEM,
)


async def forget(service: Service, payload: Mapping[str, Any], _ending: asyncio.Event) -> None:
    """Remove the photo of a case that is decided or over: first its bytes, then its row."""
    await remove(service, payload["recovery"])
    async with service.db.transaction(SYSTEM, job=FORGET_PHOTO, body=None) as line:
        await run(line, _GONE, recovery=payload["recovery"])


async def sweep(service: Service) -> None:
    """Remove photos that no row knows: nobody was named, or the service died between file and row."""
    kept = storage(service)
    async for old in kept.older_than(service.clock.real() - _STRAY):
        found = await service.db.rows(_KNOWN, {"job": FORGET_PHOTO, "body": None, "ids": old})
        await kept.remove(set(old) - {row.id for row in found})
