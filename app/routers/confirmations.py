"""Confirmations (去向确认) of where graduates went."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, page, shown
from app.routers.calling import After, Asked, Graduates, ItsSchool, Limit, RecordIdInPath, at_once
from app.routers.refusals import ON_LIST, ON_READ, on_open
from app.schemas.base import RecordId
from app.schemas.confirmation import (
    DestinationConfirmationChange,
    DestinationConfirmationDraft,
    DestinationConfirmationOut,
    StandingPage,
)
from app.words import Cohort, ConfirmationState
from app.workflows import standings
from app.workflows.confirmations import confirm, desk

router = APIRouter(prefix="/v1/confirmations", tags=["placements"])


class StandingFilters(BaseModel):
    """What a list may be narrowed by."""

    state: ConfirmationState | None = None
    cohort: Cohort | None = None
    department_id: RecordId | None = None


@router.post(
    "",
    status_code=201,
    response_model=DestinationConfirmationChange,
    responses=on_open("identity-unverified", "archive-query-only", "rule-not-met", "already-confirmed"),
)
async def confirm_destination(body: DestinationConfirmationDraft, once: Asked, caller: Graduates) -> Response:
    """Confirm, once you have left, where you went, or that you went nowhere. What isn't yours you object to instead."""
    return created(await confirm(caller, body, once), "/v1/confirmations/{id}")


@router.get("", response_model=StandingPage, responses=ON_LIST)
async def list_confirmations(
    request: Request,
    caller: ItsSchool,
    filters: Annotated[StandingFilters, Depends(at_once(StandingFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The graduates that are yours to see, and whether each has confirmed where they went."""
    return page(request, await standings.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=DestinationConfirmationOut, responses=ON_READ)
async def get_confirmation(request: Request, id: RecordIdInPath, caller: ItsSchool) -> Response:
    """One confirmation, as it was given."""
    return shown(request, await desk.one(caller, id))
