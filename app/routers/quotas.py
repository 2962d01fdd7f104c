"""Quotas of outstanding graduates (省优名额)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from app.routers.answers import page, shown
from app.routers.calling import After, Limit, QuotaKeepers, QuotaReaders, at_once
from app.routers.refusals import ON_LIST, promise
from app.schemas.base import RecordId
from app.schemas.quota import QuotaDraft, QuotaOut, QuotaPage
from app.words import Cohort
from app.workflows.applications import quotas

router = APIRouter(prefix="/v1/quotas", tags=["applications"])


class QuotaFilters(BaseModel):
    """What a list may be narrowed by."""

    cohort: Cohort | None = None


@router.get("", response_model=QuotaPage, responses=ON_LIST)
async def list_quotas(
    request: Request,
    caller: QuotaReaders,
    filters: Annotated[QuotaFilters, Depends(at_once(QuotaFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """Your body's quotas and those that it has set, newest first."""
    return page(request, await quotas.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.put(
    "/{body_id}/{cohort}", response_model=QuotaOut, responses=promise("role-missing", "not-found", "quota-below-used")
)
async def put_quota(
    request: Request,
    body_id: Annotated[RecordId, Path()],
    cohort: Annotated[Cohort, Path()],
    body: QuotaDraft,
    caller: QuotaKeepers,
) -> Response:
    """Say how many places a body below yours has: a department of your school, or a school."""
    return shown(request, await quotas.put(caller, body_id, cohort, body.allowed))
