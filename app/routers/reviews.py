"""The review queue of your body."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from app.routers.answers import multi, page, shown
from app.routers.calling import (
    AfterKey,
    Asked,
    Limit,
    RecordIdInPath,
    Reviewers,
    ReviewersInBulk,
    ReviewingBodies,
    at_once,
)
from app.routers.refusals import ON_BULK, ON_CLAIM, ON_LIST, ON_READ
from app.schemas.base import RecordId
from app.schemas.review import Decisions, DecisionsOut, RecordKind, ReviewOut, ReviewPage
from app.words import Cohort, Stage
from app.workflows import reviews
from app.workflows.procedures import DESKS

router = APIRouter(prefix="/v1/reviews", tags=["reviews"])


class ReviewFilters(BaseModel):
    """What the queue may be narrowed by."""

    record_kind: Annotated[RecordKind | None, Query(alias="kind")] = None
    stage: Stage | None = None
    school_id: RecordId | None = None
    department_id: RecordId | None = None
    cohort: Cohort | None = None


@router.get("", response_model=ReviewPage, responses=ON_LIST)
async def list_reviews(
    request: Request,
    caller: ReviewingBodies,
    filters: Annotated[ReviewFilters, Depends(at_once(ReviewFilters))],
    after: AfterKey,
    limit: Limit = 50,
    order: Literal["oldest", "newest"] = "oldest",
) -> Response:
    """What waits for your body, oldest first unless asked otherwise."""
    narrowed = filters.model_dump(exclude_none=True)
    return page(request, await reviews.queue(caller, limit, after, narrowed, newest=order == "newest"))


@router.get("/{id}", response_model=ReviewOut, responses=ON_READ)
async def get_review(request: Request, id: RecordIdInPath, caller: ReviewingBodies) -> Response:
    """One open review of your body."""
    return shown(request, await reviews.one(caller, id))


@router.put("/{id}/claim", response_model=ReviewOut, responses=ON_CLAIM)
async def claim_review(request: Request, id: RecordIdInPath, caller: Reviewers) -> Response:
    """Take the review for 15 minutes, or for 15 more, so that no colleague decides it meanwhile."""
    return shown(request, await reviews.claim(caller, id))


@router.delete("/{id}/claim", response_model=ReviewOut, responses=ON_CLAIM)
async def release_review(request: Request, id: RecordIdInPath, caller: Reviewers) -> Response:
    """Give the review back."""
    return shown(request, await reviews.claim(caller, id, release=True))


@router.post("/decisions", status_code=207, response_model=DecisionsOut, responses=ON_BULK)
async def decide_reviews(request: Request, body: Decisions, once: Asked, caller: ReviewersInBulk) -> Response:
    """Decide up to 50 at once. Each has its own result; `dry_run` judges and carries nothing out."""
    results = await reviews.decide_many(caller, DESKS, body.items, once, dry_run=body.dry_run)
    return multi(request, results, dry_run=body.dry_run)
