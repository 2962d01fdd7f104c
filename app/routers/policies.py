"""The policies of the cohorts (届): what holds, and the versions that the province adds."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.etags import JSON
from app.routers.answers import created
from app.routers.calling import AfterKey, Anyone, Asked, Limit, PolicyKeepers
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE, promise
from app.routers.schools import Decided
from app.schemas.base import Version
from app.schemas.policy import (
    PolicyList,
    PolicyOut,
    PolicyRehearsalOut,
    PolicyVersionDraft,
    PolicyVersionOut,
    PolicyVersionPage,
)
from app.words import Cohort
from app.workflows.province import cohort_policies, policy_versions

router = APIRouter(prefix="/v1/policies", tags=["reference"])

OfCohort = Annotated[Cohort, Path()]


@router.get("", response_model=PolicyList, responses=ON_PUBLIC_READ)
async def list_policies(request: Request, anyone: Anyone) -> Response:
    """The policy of each cohort that holds now, the youngest first."""
    return published(request, await cohort_policies.every(anyone.service))


@router.get("/{cohort}", response_model=PolicyOut, responses=ON_PUBLIC_READ_ONE)
async def get_policy(request: Request, cohort: OfCohort, anyone: Anyone) -> Response:
    """What holds for a cohort."""
    return published(request, await cohort_policies.one(anyone.service, cohort))


@router.get("/{cohort}/versions", response_model=PolicyVersionPage, responses=ON_PUBLIC_READ)
async def list_policy_versions(
    request: Request, cohort: OfCohort, anyone: Anyone, after: AfterKey, limit: Limit = 50
) -> Response:
    """All versions of a cohort's policy, the newest first: past, present and still to come."""
    return published(request, await policy_versions.page(anyone.service, cohort, limit, after))


@router.get("/{cohort}/versions/{version}", response_model=PolicyVersionOut, responses=ON_PUBLIC_READ_ONE)
async def get_policy_version(
    request: Request, cohort: OfCohort, version: Annotated[Version, Path()], anyone: Anyone
) -> Response:
    """One version with its rules, and what differs from the version before."""
    return published(request, await policy_versions.one(anyone.service, cohort, version))


@router.post(
    "/{cohort}/versions",
    status_code=201,
    response_model=PolicyVersionOut,
    responses=promise("role-missing", "step-up-required", sends=("ETag", "Location")),
)
async def add_policy_version(
    cohort: OfCohort, body: PolicyVersionDraft, seen: Decided, once: Asked, caller: PolicyKeepers
) -> Response:
    """Add a version, on the newest one that you saw; the first of a cohort with `If-None-Match: *`. After a step-up."""
    answer = await policy_versions.add(caller, cohort, body, seen, once)
    return created(answer, f"/v1/policies/{cohort}/versions/{{id}}")


@router.post("/{cohort}/rehearsals", response_model=PolicyRehearsalOut, responses=promise("role-missing", sends=()))
async def rehearse_policy_version(cohort: OfCohort, body: PolicyVersionDraft, caller: PolicyKeepers) -> Response:
    """What a version would change, and what is wrong with it. Nothing is written."""
    return Response((await policy_versions.rehearse(caller, cohort, body)).body, media_type=JSON)
