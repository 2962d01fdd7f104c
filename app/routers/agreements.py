"""Online agreements (网签协议)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import moved, page, printed, shown
from app.routers.calling import After, Asked, Limit, Parties, PartiesToMove, RecordIdInPath, Version, at_once
from app.routers.refusals import ON_DOCUMENT, ON_LIST, ON_READ, on_move
from app.schemas.agreement import AgreementChange, AgreementOut, AgreementPage
from app.schemas.base import TimelineOut
from app.words import AgreementStatus, Cohort, Decision, DocumentKind, Stage
from app.workflows.agreements import desk, workflow
from app.workflows.documents import serving

if TYPE_CHECKING:
    AgreementMove = BaseModel
else:
    AgreementMove = workflow.moves()

router = APIRouter(prefix="/v1/agreements", tags=["agreements"])


class AgreementFilters(BaseModel):
    """What a list may be narrowed by."""

    status: AgreementStatus | None = None
    decision: Decision | None = None
    cohort: Cohort | None = None
    stage: Stage | None = None


@router.get("", response_model=AgreementPage, responses=ON_LIST)
async def list_agreements(
    request: Request,
    caller: Parties,
    filters: Annotated[AgreementFilters, Depends(at_once(AgreementFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The agreements that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=AgreementOut, responses=ON_READ)
async def get_agreement(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """One agreement, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.get("/{id}/document", response_class=Response, responses=ON_DOCUMENT)
async def get_agreement_document(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """The agreement as a PDF (协议书): the stored one after approval, before that drawn from the record."""
    return printed(request, await serving.pdf(caller, DocumentKind.AGREEMENT, id))


@router.post("/{id}/transitions", status_code=201, response_model=AgreementChange, responses=on_move())
async def move_agreement(
    id: RecordIdInPath, body: AgreementMove, version: Version, once: Asked, caller: PartiesToMove
) -> Response:
    """Approve or reject. `actions` of the agreement says which of these you may do now."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_agreement_transitions(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """What happened to the agreement, oldest first."""
    return shown(request, await desk.timeline(caller, id))
