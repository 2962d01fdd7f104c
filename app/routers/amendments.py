"""Amendments (变更申请)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import After, Asked, Limit, Parties, PartiesToMove, RecordIdInPath, Sides, Version, at_once
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.amendment import AmendmentChange, AmendmentDraft, AmendmentOut, AmendmentPage
from app.schemas.base import TimelineOut
from app.words import AmendmentStatus, Cohort, Decision, Stage
from app.workflows.amendments import ask, desk, workflow

if TYPE_CHECKING:
    AmendmentMove = BaseModel
else:
    AmendmentMove = workflow.moves()

router = APIRouter(prefix="/v1/amendments", tags=["amendments"])


class AmendmentFilters(BaseModel):
    """What a list may be narrowed by."""

    status: AmendmentStatus | None = None
    decision: Decision | None = None
    cohort: Cohort | None = None
    stage: Stage | None = None


@router.post(
    "",
    status_code=201,
    response_model=AmendmentChange,
    responses=on_open("identity-unverified", "archive-query-only", "rule-not-met", "amendment-open"),
)
async def ask_amendment(body: AmendmentDraft, once: Asked, caller: Sides) -> Response:
    """Ask for a change of contacts, addresses or the post of a placement in force. Who approved it reviews."""
    return created(await ask(caller, body, once), "/v1/amendments/{id}")


@router.get("", response_model=AmendmentPage, responses=ON_LIST)
async def list_amendments(
    request: Request,
    caller: Parties,
    filters: Annotated[AmendmentFilters, Depends(at_once(AmendmentFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The amendments that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=AmendmentOut, responses=ON_READ)
async def get_amendment(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """One amendment with its `diff`, and what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post("/{id}/transitions", status_code=201, response_model=AmendmentChange, responses=on_move())
async def move_amendment(
    id: RecordIdInPath, body: AmendmentMove, version: Version, once: Asked, caller: PartiesToMove
) -> Response:
    """Approve, reject, or take it back. Approving writes the placement in the same change."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_amendment_transitions(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """What happened to the amendment, oldest first."""
    return shown(request, await desk.timeline(caller, id))
