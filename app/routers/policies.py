"""The policies of the cohorts (届)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.routers.calling import Anyone
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE
from app.schemas.policy import PolicyList, PolicyOut
from app.words import Cohort
from app.workflows.province import cohort_policies

router = APIRouter(prefix="/v1/policies", tags=["reference"])


@router.get("", response_model=PolicyList, responses=ON_PUBLIC_READ)
async def list_policies(request: Request, anyone: Anyone) -> Response:
    """The policy of each cohort that holds now, the youngest first."""
    return published(request, await cohort_policies.every(anyone.service))


@router.get("/{cohort}", response_model=PolicyOut, responses=ON_PUBLIC_READ_ONE)
async def get_policy(request: Request, cohort: Annotated[Cohort, Path()], anyone: Anyone) -> Response:
    """What holds for a cohort."""
    return published(request, await cohort_policies.one(anyone.service, cohort))
