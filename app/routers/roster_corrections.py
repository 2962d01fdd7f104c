"""Corrections of a roster that graduates ask for (更正申请)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import (
    After,
    Asked,
    EntryReaders,
    EntryReadersToMove,
    Graduates,
    Limit,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import TimelineOut
from app.schemas.roster_correction import (
    RosterCorrectionChange,
    RosterCorrectionDraft,
    RosterCorrectionOut,
    RosterCorrectionPage,
)
from app.words import CorrectionStatus, Decision, Stage
from app.workflows.rosters.correction_requests import ask, desk, workflow

if TYPE_CHECKING:
    RosterCorrectionMove = BaseModel
else:
    RosterCorrectionMove = workflow.moves()

router = APIRouter(prefix="/v1/roster-corrections", tags=["rosters"])


class RosterCorrectionFilters(BaseModel):
    """What a list may be narrowed by."""

    status: CorrectionStatus | None = None
    decision: Decision | None = None
    stage: Stage | None = None


@router.post(
    "",
    status_code=201,
    response_model=RosterCorrectionChange,
    responses=on_open("rule-not-met", "roster-correction-open"),
)
async def ask_roster_correction(body: RosterCorrectionDraft, once: Asked, caller: Graduates) -> Response:
    """Say what is wrong in an entry of yours and what is right. Your school reviews it, and approving writes it."""
    return created(await ask(caller, body, once), "/v1/roster-corrections/{id}")


@router.get("", response_model=RosterCorrectionPage, responses=ON_LIST)
async def list_roster_corrections(
    request: Request,
    caller: EntryReaders,
    filters: Annotated[RosterCorrectionFilters, Depends(at_once(RosterCorrectionFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The corrections that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=RosterCorrectionOut, responses=ON_READ)
async def get_roster_correction(request: Request, id: RecordIdInPath, caller: EntryReaders) -> Response:
    """One correction, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=RosterCorrectionChange,
    responses=on_move("roster-entry-exists"),
)
async def move_roster_correction(
    id: RecordIdInPath, body: RosterCorrectionMove, version: Version, once: Asked, caller: EntryReadersToMove
) -> Response:
    """Approve, reject, or take it back. The last approval writes the roster in the same change."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_roster_correction_transitions(request: Request, id: RecordIdInPath, caller: EntryReaders) -> Response:
    """What happened to the correction, oldest first."""
    return shown(request, await desk.timeline(caller, id))
