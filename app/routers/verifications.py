"""Verification of issued documents, for programs and for people."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from app.documents.verification_page import path_of
from app.routers.answers import told
from app.routers.calling import Anyone, Visitor
from app.routers.publishing import Spoken, for_people, spoken
from app.routers.refusals import ON_CHECK, ON_VERIFYING
from app.schemas.document import DocumentCheckOut, VerificationOut
from app.words import VerificationCode
from app.workflows.documents import verifying

router = APIRouter(prefix="/v1", tags=["documents"])
page_router = APIRouter(prefix="/verify", include_in_schema=False)

_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The PDF as it is, at most 10 MiB. It is hashed and not kept.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/verifications/{code}", response_model=VerificationOut, responses=ON_VERIFYING)
async def get_verification(code: Annotated[VerificationCode, Path()], visitor: Anyone) -> Response:
    """What the document with this code says, its parties masked, and how things stand now."""
    return told(await verifying.verify(visitor.service, code, visitor.network))


@router.post("/document-checks", response_model=DocumentCheckOut, responses=ON_CHECK, openapi_extra=_BYTES)
async def check_document(request: Request, visitor: Anyone) -> Response:
    """Whether a PDF is one that this service issued, to the last bit, and how things stand now."""
    return told(await verifying.check(visitor.service, request.stream(), visitor.network))


@page_router.get("")
async def ask_for_a_code(visitor: Anyone, code: str | None = None, lang: Spoken = None) -> Response:
    """The form, or the way to the page of the code that was typed into it."""
    language = spoken(visitor, lang)[:2]
    return RedirectResponse(f"{path_of(code)}?lang={language}", 303) if code else await _page(visitor, None, lang)


@page_router.get("/{code}")
async def show_verification(code: str, visitor: Anyone, lang: Spoken = None) -> Response:
    """What the QR code opens."""
    return await _page(visitor, code, lang)


async def _page(visitor: Visitor, code: str | None, lang: str | None) -> Response:
    language = spoken(visitor, lang)
    return for_people(await verifying.page(visitor.service, code, language, visitor.network), language)
