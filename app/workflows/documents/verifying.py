"""Verification by anybody: whether a document is genuine, and how things stand now. Names are masked by the database.

Unknown, malformed and rejected are one answer. A code has 100 random bits; limits by network spare the service.
"""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import LargeBinary, Text, func, select

from app.db import PUBLIC, Read, Result, asked, opened
from app.documents import verification_page
from app.errors import Malformed, NotFound, TooLarge, TooMany
from app.pages.shell import Page
from app.service import Service
from app.words import VerificationCode
from app.workflows.accounts.limits import Limit, Window
from app.workflows.looking import Answer, as_json

LIMIT: Final = 10 * 1024 * 1024
"""Bytes of a document to check."""
PURPOSE: Final = "verification"
VERIFYING: Final = Limit("document_verifications", Window(60, 60))
CHECKING: Final = Limit("document_checks", Window(60, 60))
_code: Final = TypeAdapter[str](VerificationCode)

_NAMES = (
    "id", "kind", "document_code", "issued_at", "placement_kind", "application_kind", "number", "graduate_name",
    "school_name", "unit_name", "state", "signed_on", "approved_at", "ended_at", "signed_by", "certificate",
)  # fmt: skip
_OTHERWISE = ("id", "document_code", "signed_by", "certificate")
_verified = func.app.verified_document(asked("code", Text()), asked("sha256", LargeBinary())).table_valued(
    *_NAMES, name="verified"
)
_one = Read(select(*_verified.c).where(opened(PUBLIC).c.account_id.is_not(None)), door=PUBLIC)


async def verify(service: Service, code: str, network: bytes) -> Answer:
    """What the code's document says, and how things stand now; 404 for any code without one."""
    budgets = await VERIFYING.count(service, PURPOSE, network)
    found = await _found(service, code=code, sha256=None)
    if found is None:
        raise NotFound
    return Answer(as_json(_told(found)), budgets=budgets)


async def page(service: Service, code: str | None, language: str, network: bytes) -> Page:
    """The same for people; without a code, the form that asks for one."""
    if code is None:
        return Page(verification_page.form(language))
    try:
        await VERIFYING.count(service, PURPOSE, network)
        found = await _found(service, code=_code.validate_python(code), sha256=None)
    except ValidationError:
        found = None
    except TooMany:
        return Page(verification_page.too_many(language), 429)
    if found is None:
        return Page(verification_page.unknown(language), 404)
    return Page(verification_page.verified(_told(found), language))


async def check(service: Service, chunks: AsyncIterator[bytes], network: bytes) -> Answer:
    """Whether these bytes are a document that the service stored. They are hashed as they come, and not kept."""
    digest, size = sha256(), 0
    async for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise TooLarge(params={"limit": LIMIT})
        digest.update(chunk)
    if not size:
        raise Malformed("malformed-body")
    budgets = await CHECKING.count(service, PURPOSE, network)
    found = await _found(service, code=None, sha256=digest.digest())
    return Answer(as_json({"genuine": found is not None, "document": found and _told(found)}), budgets=budgets)


async def _found(service: Service, **by: Any) -> Result | None:
    (row,) = await service.db.rows(_one, {"purpose": PURPOSE, **by})
    return None if row.id is None else row


def _told(row: Result) -> dict[str, Any]:
    told = {name: row[name] for name in _NAMES if name not in _OTHERWISE}
    signature = row.certificate and {"by": row.signed_by, "certificate_sha256": row.certificate.hex()}
    return {"code": row.document_code, **told, "signature": signature}
