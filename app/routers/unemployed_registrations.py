"""Registration of unemployed graduates (离校未就业实名登记)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import (
    After,
    Asked,
    Bureaus,
    CaseMovers,
    CaseParties,
    Graduates,
    Limit,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_LIST, ON_READ, ON_READ_OWN, on_move, on_open
from app.schemas.base import RecordId, TimelineOut
from app.schemas.unemployed_registration import (
    ContactPage,
    ContactRateOut,
    Declaration,
    UnemployedRegistrationChange,
    UnemployedRegistrationOut,
    UnemployedRegistrationPage,
)
from app.words import Cohort
from app.words.unemployed import CaseStatus, Residence, ServiceNeed, Situation
from app.workflows import unemployed_contacts as contacts
from app.workflows import unemployed_registrations as registrations
from app.workflows.unemployed_registrations import desk, workflow

if TYPE_CHECKING:
    UnemployedRegistrationMove = BaseModel
else:
    UnemployedRegistrationMove = workflow.moves()

router = APIRouter(prefix="/v1/unemployed-registrations", tags=["unemployed"])


class UnemployedRegistrationFilters(BaseModel):
    """What a list may be narrowed by."""

    status: CaseStatus | None = None
    situation: Situation | None = None
    cohort: Cohort | None = None
    service_needs: ServiceNeed | None = None
    residence_region: Residence | None = None


@router.post(
    "",
    status_code=201,
    response_model=UnemployedRegistrationChange,
    responses=on_open("identity-unverified", "archive-query-only", "rule-not-met", "case-open"),
)
async def declare_situation(body: Declaration, once: Asked, caller: Graduates) -> Response:
    """Say how you are, without a placement. `unemployed` and `no_intention` open a case with the bureau of residence.

    While one is open this is a new declaration in it (`redeclare`), and `Location` leads to it: anything else closes it
    (`destination_kinds` then names the forms to go on with); another county closes it and opens one there (`created`).
    """
    return created(await registrations.declare(caller, body, once), "/v1/unemployed-registrations/{id}")


@router.get("", response_model=UnemployedRegistrationPage, responses=ON_LIST)
async def list_unemployed_registrations(
    request: Request,
    caller: CaseParties,
    filters: Annotated[UnemployedRegistrationFilters, Depends(at_once(UnemployedRegistrationFilters))],
    after: After,
    limit: Limit = 50,
    *,
    overdue: bool = False,
) -> Response:
    """The registrations that are yours to see, newest first; `overdue`: to be contacted before today."""
    narrowed = filters.model_dump(exclude_none=True)
    return page(request, await registrations.page(caller, limit, after, narrowed, overdue=overdue))


@router.get("/contact-rate", response_model=ContactRateOut, responses=ON_READ_OWN)
async def get_contact_rate(
    request: Request, caller: Bureaus, cohort: Cohort, bureau_id: RecordId | None = None
) -> Response:
    """Of the cases of a cohort that you see, in how many the graduate was spoken with at least once."""
    return shown(request, await contacts.rate(caller, cohort, bureau_id))


@router.get("/{id}", response_model=UnemployedRegistrationOut, responses=ON_READ)
async def get_unemployed_registration(request: Request, id: RecordIdInPath, caller: CaseParties) -> Response:
    """One registration, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=UnemployedRegistrationChange,
    responses=on_move("identity-unverified", "archive-query-only"),
)
async def move_unemployed_registration(
    id: RecordIdInPath, body: UnemployedRegistrationMove, version: Version, once: Asked, caller: CaseMovers
) -> Response:
    """The graduate declares anew; the bureau logs what it does, closes the case, or moves it to another."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_unemployed_registration_transitions(
    request: Request, id: RecordIdInPath, caller: CaseParties
) -> Response:
    """What happened to the registration, oldest first."""
    return shown(request, await desk.timeline(caller, id))


@router.get("/{id}/contacts", response_model=ContactPage, responses=ON_READ)
async def list_contacts(
    request: Request, id: RecordIdInPath, caller: CaseParties, after: After, limit: Limit = 50
) -> Response:
    """How the bureau tried to reach the graduate, newest first."""
    return page(request, await contacts.page(caller, id, limit, after))
