"""Objections (异议): to an annulment, and to a placement that isn't one's own."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import After, Asked, Limit, Parties, PartiesToMove, RecordIdInPath, Sides, Version, at_once
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import TimelineOut
from app.schemas.objection import ObjectionChange, ObjectionDraft, ObjectionOut, ObjectionPage
from app.words import Cohort, ObjectionDecision, ObjectionKind, ObjectionStatus, Stage
from app.workflows.objections import desk, raise_one, workflow

if TYPE_CHECKING:
    ObjectionMove = BaseModel
else:
    ObjectionMove = workflow.moves()

router = APIRouter(prefix="/v1/objections", tags=["placements"])


class ObjectionFilters(BaseModel):
    """What a list may be narrowed by."""

    kind: ObjectionKind | None = None
    status: ObjectionStatus | None = None
    decision: ObjectionDecision | None = None
    stage: Stage | None = None
    cohort: Cohort | None = None


@router.post("", status_code=201, response_model=ObjectionChange, responses=on_open("rule-not-met", "objection-open"))
async def raise_objection(body: ObjectionDraft, once: Asked, caller: Sides) -> Response:
    """Object to an annulment within five working days, or say that a placement isn't yours. Proofs may be named."""
    return created(await raise_one(caller, body, once), "/v1/objections/{id}")


@router.get("", response_model=ObjectionPage, responses=ON_LIST)
async def list_objections(
    request: Request,
    caller: Parties,
    filters: Annotated[ObjectionFilters, Depends(at_once(ObjectionFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The objections that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=ObjectionOut, responses=ON_READ)
async def get_objection(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """One objection, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions", status_code=201, response_model=ObjectionChange, responses=on_move("live-placement-exists")
)
async def move_objection(
    id: RecordIdInPath, body: ObjectionMove, version: Version, once: Asked, caller: PartiesToMove
) -> Response:
    """Uphold, dismiss, escalate, or take it back. Upholding moves the placement in the same write: see `outcome`."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_objection_transitions(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """What happened to the objection, oldest first."""
    return shown(request, await desk.timeline(caller, id))
