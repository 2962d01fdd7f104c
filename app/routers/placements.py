"""All placements in one read: agreements of both kinds and destinations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import page, shown
from app.routers.calling import After, Limit, Parties, RecordIdInPath, at_once
from app.routers.refusals import ON_LIST, ON_READ
from app.schemas.destination import PlacementOut, PlacementPage
from app.words import Cohort, Decision, PlacementKind, Stage
from app.words.destinations import PlacementStatus
from app.workflows import placements

router = APIRouter(prefix="/v1/placements", tags=["placements"])


class PlacementFilters(BaseModel):
    """What a list may be narrowed by."""

    kind: PlacementKind | None = None
    status: PlacementStatus | None = None
    decision: Decision | None = None
    cohort: Cohort | None = None
    stage: Stage | None = None


@router.get("", response_model=PlacementPage, responses=ON_LIST)
async def list_placements(
    request: Request,
    caller: Parties,
    filters: Annotated[PlacementFilters, Depends(at_once(PlacementFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The placements of every kind that are yours to see, newest first."""
    return page(request, await placements.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=PlacementOut, responses=ON_READ)
async def get_placement(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """One placement in short, whatever its kind; `link` leads to the whole of it."""
    return shown(request, await placements.one(caller, id))
