"""Minimum wages (最低工资标准), by region and first day."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.routers.answers import put
from app.routers.calling import AfterKey, Anyone, CalendarKeepers, Limit
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ, ON_STEP
from app.routers.schools import Decided
from app.schemas.minimum_wage import (
    EffectiveFrom,
    MinimumWageDraft,
    MinimumWageOut,
    MinimumWagePage,
    MinimumWagesOfRegionOut,
)
from app.words import Region
from app.workflows.province import minimum_wages

router = APIRouter(prefix="/v1/minimum-wages", tags=["reference"])

InRegion = Annotated[Region, Path()]


@router.get("", response_model=MinimumWagePage, responses=ON_PUBLIC_READ)
async def list_minimum_wages(request: Request, anyone: Anyone, after: AfterKey, limit: Limit = 50) -> Response:
    """What holds today in each region that has a minimum wage of its own, by region."""
    return published(request, await minimum_wages.page(anyone.service, limit, after))


@router.get("/{region}", response_model=MinimumWagesOfRegionOut, responses=ON_PUBLIC_READ)
async def get_minimum_wages_of_region(request: Request, region: InRegion, anyone: Anyone) -> Response:
    """What holds in a place today, and what it had and will have of its own."""
    return published(request, await minimum_wages.of_region(anyone.service, region))


@router.put(
    "/{region}/{effective_from}",
    response_model=MinimumWageOut,
    responses=ON_STEP | {201: {"model": MinimumWageOut, "description": "Entered for the first time"}},
)
async def put_minimum_wage(
    request: Request,
    region: InRegion,
    effective_from: Annotated[EffectiveFrom, Path()],
    body: MinimumWageDraft,
    seen: Decided,
    caller: CalendarKeepers,
) -> Response:
    """Say what holds in a region from a day on: with `If-None-Match: *`, or on the version you saw."""
    answer, new = await minimum_wages.put(caller, region, effective_from, body, seen)
    return put(request, answer, new=new)
