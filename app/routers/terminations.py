"""Terminations (解约)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import After, Asked, Limit, Parties, PartiesToMove, RecordIdInPath, Sides, Version, at_once
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import TimelineOut
from app.schemas.termination import TerminationChange, TerminationDraft, TerminationOut, TerminationPage
from app.words import TerminationDecision, TerminationStatus
from app.workflows.terminations import ask, desk, workflow

if TYPE_CHECKING:
    TerminationMove = BaseModel
else:
    TerminationMove = workflow.moves()

router = APIRouter(prefix="/v1/terminations", tags=["terminations"])


class TerminationFilters(BaseModel):
    """What a list may be narrowed by."""

    status: TerminationStatus | None = None
    decision: TerminationDecision | None = None


@router.post(
    "",
    status_code=201,
    response_model=TerminationChange,
    responses=on_open("identity-unverified", "archive-query-only", "rule-not-met", "termination-open"),
)
async def ask_termination(body: TerminationDraft, once: Asked, caller: Sides) -> Response:
    """Ask to end an agreement of either kind, or an approved destination; until it is decided, all stays as it is.

    Of an online agreement the other side answers; if it has asked already, this is the answer `agree`: `change` and
    `record` tell of the open termination, and `Location` leads to it. All else the school decides.
    """
    return created(await ask(caller, body, once), "/v1/terminations/{id}")


@router.get("", response_model=TerminationPage, responses=ON_LIST)
async def list_terminations(
    request: Request,
    caller: Parties,
    filters: Annotated[TerminationFilters, Depends(at_once(TerminationFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The terminations that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=TerminationOut, responses=ON_READ)
async def get_termination(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """One termination, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=TerminationChange,
    responses=on_move("identity-unverified", "archive-query-only"),
)
async def move_termination(
    id: RecordIdInPath, body: TerminationMove, version: Version, once: Asked, caller: PartiesToMove
) -> Response:
    """Sides agree, refuse, or take it back; reviewing bodies approve or reject. Agreed, it ends in the same write."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_termination_transitions(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """What happened to the termination, oldest first."""
    return shown(request, await desk.timeline(caller, id))
