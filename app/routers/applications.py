"""Applications (就业手续): six kinds, one procedure, one list to follow them all (申请情况跟踪)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, printed, shown
from app.routers.calling import (
    After,
    ApplicationReaders,
    ApplicationReadersToMove,
    Asked,
    Graduates,
    Limit,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_DOCUMENT, ON_LIST, ON_READ, on_move, on_open
from app.schemas.application import ApplicationChange, ApplicationDraft, ApplicationOut, ApplicationPage
from app.schemas.base import TimelineOut
from app.schemas.document import ApplicationDocument
from app.words import Cohort, Decision, Stage
from app.words.applications import ApplicationKind, ApplicationStatus
from app.workflows.applications import printing
from app.workflows.applications.procedure import desk, open_one, workflow

if TYPE_CHECKING:
    ApplicationMove = BaseModel
else:
    ApplicationMove = workflow.moves()

router = APIRouter(prefix="/v1/applications", tags=["applications"])


class ApplicationFilters(BaseModel):
    """What a list may be narrowed by."""

    kind: ApplicationKind | None = None
    status: ApplicationStatus | None = None
    decision: Decision | None = None
    stage: Stage | None = None
    cohort: Cohort | None = None


@router.post(
    "",
    status_code=201,
    response_model=ApplicationChange,
    responses=on_open(
        "identity-unverified", "archive-query-only", "rule-not-met", "application-open", "subsidy-exists"
    ),
)
async def open_application(body: ApplicationDraft, once: Asked, caller: Graduates) -> Response:
    """Begin a draft; anything may be missing until it is submitted. `/v1/forms` tells what a complete one has."""
    return created(await open_one(caller, body, once), "/v1/applications/{id}")


@router.get("", response_model=ApplicationPage, responses=ON_LIST)
async def list_applications(
    request: Request,
    caller: ApplicationReaders,
    filters: Annotated[ApplicationFilters, Depends(at_once(ApplicationFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The applications that are yours to see, of all kinds, newest first: whose turn each is, and since when."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=ApplicationOut, responses=ON_READ)
async def get_application(request: Request, id: RecordIdInPath, caller: ApplicationReaders) -> Response:
    """One application, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.get("/{id}/documents/{document}", response_class=Response, responses=ON_DOCUMENT)
async def get_application_document(
    request: Request, id: RecordIdInPath, document: Annotated[ApplicationDocument, Path()], caller: ApplicationReaders
) -> Response:
    """As a PDF: the form with each level's opinion, or the certificate of the dispatch that was approved."""
    return printed(request, await printing.pdf(caller, document, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=ApplicationChange,
    responses=on_move("identity-unverified", "archive-query-only", "application-open", "subsidy-exists"),
)
async def move_application(
    id: RecordIdInPath, body: ApplicationMove, version: Version, once: Asked, caller: ApplicationReadersToMove
) -> Response:
    """Carry out a move; `actions` of the application says which of them you may do now."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_application_transitions(request: Request, id: RecordIdInPath, caller: ApplicationReaders) -> Response:
    """What happened to the application, oldest first."""
    return shown(request, await desk.timeline(caller, id))
