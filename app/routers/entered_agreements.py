"""Entered agreements (录入协议)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import (
    After,
    Asked,
    Graduates,
    ItsSchool,
    ItsSchoolToMove,
    Limit,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import TimelineOut
from app.schemas.destination import EnteredAgreementChange, EnteredAgreementOut, EnteredAgreementPage, EnteredDraft
from app.words import Cohort, Decision, Stage
from app.words.destinations import PlacementStatus
from app.workflows.entered_agreements import desk, open_one, workflow

if TYPE_CHECKING:
    EnteredAgreementMove = BaseModel
else:
    EnteredAgreementMove = workflow.moves()

router = APIRouter(prefix="/v1/entered-agreements", tags=["placements"])


class EnteredAgreementFilters(BaseModel):
    """What a list may be narrowed by."""

    status: PlacementStatus | None = None
    decision: Decision | None = None
    cohort: Cohort | None = None
    stage: Stage | None = None


@router.post(
    "",
    status_code=201,
    response_model=EnteredAgreementChange,
    responses=on_open("identity-unverified", "rule-not-met", "draft-exists"),
)
async def open_entered_agreement(body: EnteredDraft, once: Asked, caller: Graduates) -> Response:
    """Begin a draft; anything may be missing until it is issued. `/v1/forms` tells what a complete one has."""
    return created(await open_one(caller, body, once), "/v1/entered-agreements/{id}")


@router.get("", response_model=EnteredAgreementPage, responses=ON_LIST)
async def list_entered_agreements(
    request: Request,
    caller: ItsSchool,
    filters: Annotated[EnteredAgreementFilters, Depends(at_once(EnteredAgreementFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The entered agreements that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=EnteredAgreementOut, responses=ON_READ)
async def get_entered_agreement(request: Request, id: RecordIdInPath, caller: ItsSchool) -> Response:
    """One entered agreement, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=EnteredAgreementChange,
    responses=on_move("identity-unverified", "live-placement-exists", "draft-exists"),
)
async def move_entered_agreement(
    id: RecordIdInPath, body: EnteredAgreementMove, version: Version, once: Asked, caller: ItsSchoolToMove
) -> Response:
    """Carry out a move; `actions` of the entered agreement says which of them you may do now."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_entered_agreement_transitions(request: Request, id: RecordIdInPath, caller: ItsSchool) -> Response:
    """What happened to the entered agreement, oldest first."""
    return shown(request, await desk.timeline(caller, id))
