"""Schools, and what each decides for its cohorts."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel

from app.routers.answers import put, shown
from app.routers.calling import AfterKey, Anyone, Limit, SchoolsAdministrators, SignedIn, Version, at_once
from app.routers.publishing import published
from app.routers.refusals import ON_ADMINISTERING, ON_PUBLIC_READ, ON_READ
from app.schemas.school import City, SchoolLevel, SchoolPage, SchoolSettingsDraft, SchoolSettingsOut
from app.words import AnySchoolCode, Cohort
from app.workflows.province import bodies, school_settings
from app.workflows.province.school_settings import Seen

router = APIRouter(prefix="/v1/schools", tags=["bodies"])

Code = Annotated[AnySchoolCode, Path()]
OfCohort = Annotated[Cohort, Path()]
First = Annotated[
    Literal["*"] | None,
    Header(alias="If-None-Match", description="`*`: only if there are none yet.", examples=["*"]),
]
NEW: dict[int | str, dict[str, Any]] = {201: {"model": SchoolSettingsOut, "description": "Set for the first time"}}


async def seen_before(version: Version, first: First = None) -> Seen:
    """What the caller decided on."""
    return Seen(version, first=first is not None)


Decided = Annotated[Seen, Depends(seen_before)]


class SchoolFilters(BaseModel):
    """What a list may be narrowed by."""

    city: City | None = None
    level: SchoolLevel | None = None


@router.get("", response_model=SchoolPage, responses=ON_PUBLIC_READ)
async def list_schools(
    request: Request,
    anyone: Anyone,
    filters: Annotated[SchoolFilters, Depends(at_once(SchoolFilters))],
    after: AfterKey,
    limit: Limit = 50,
) -> Response:
    """The schools of the province's official list, by code."""
    narrowed = filters.model_dump(exclude_none=True)
    return published(request, await bodies.schools_page(anyone.service, limit, after, narrowed))


@router.get("/{code}/settings/{cohort}", response_model=SchoolSettingsOut, responses=ON_READ)
async def get_school_settings(request: Request, code: Code, cohort: OfCohort, caller: SignedIn) -> Response:
    """The school's settings for a cohort; without any (404) the cohort's policy holds."""
    return shown(request, await school_settings.one(caller, code, cohort))


@router.put("/{code}/settings/{cohort}", response_model=SchoolSettingsOut, responses=ON_ADMINISTERING | NEW)
async def put_school_settings(
    request: Request,
    code: Code,
    cohort: OfCohort,
    body: SchoolSettingsDraft,
    seen: Decided,
    caller: SchoolsAdministrators,
) -> Response:
    """Set who reviews and when graduates leave: for the first time, or on the version you saw."""
    answer, new = await school_settings.put(caller, code, cohort, body, seen)
    return put(request, answer, new=new)
