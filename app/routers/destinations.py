"""Destinations (毕业去向登记): seven kinds, one procedure."""

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
from app.schemas.destination import DestinationChange, DestinationDraft, DestinationOut, DestinationPage
from app.words import Cohort, Decision, Stage
from app.words.destinations import DestinationKind, PlacementStatus
from app.workflows.destinations import desk, open_one, workflow

if TYPE_CHECKING:
    DestinationMove = BaseModel
else:
    DestinationMove = workflow.moves()

router = APIRouter(prefix="/v1/destinations", tags=["placements"])


class DestinationFilters(BaseModel):
    """What a list may be narrowed by."""

    kind: DestinationKind | None = None
    status: PlacementStatus | None = None
    decision: Decision | None = None
    cohort: Cohort | None = None
    stage: Stage | None = None


@router.post(
    "",
    status_code=201,
    response_model=DestinationChange,
    responses=on_open("identity-unverified", "rule-not-met", "draft-exists"),
)
async def open_destination(body: DestinationDraft, once: Asked, caller: Graduates) -> Response:
    """Begin a draft; anything may be missing until it is submitted. `/v1/forms` tells what a complete one has."""
    return created(await open_one(caller, body, once), "/v1/destinations/{id}")


@router.get("", response_model=DestinationPage, responses=ON_LIST)
async def list_destinations(
    request: Request,
    caller: ItsSchool,
    filters: Annotated[DestinationFilters, Depends(at_once(DestinationFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The destinations that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=DestinationOut, responses=ON_READ)
async def get_destination(request: Request, id: RecordIdInPath, caller: ItsSchool) -> Response:
    """One destination, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=DestinationChange,
    responses=on_move("identity-unverified", "live-placement-exists", "draft-exists"),
)
async def move_destination(
    id: RecordIdInPath, body: DestinationMove, version: Version, once: Asked, caller: ItsSchoolToMove
) -> Response:
    """Carry out a move; `actions` of the destination says which of them you may do now."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_destination_transitions(request: Request, id: RecordIdInPath, caller: ItsSchool) -> Response:
    """What happened to the destination, oldest first."""
    return shown(request, await desk.timeline(caller, id))
