"""Refused registrations, for the school that can help."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from app.routers.answers import page, secret
from app.routers.calling import After, Limit, RecordIdInPath, SchoolsStaff, at_once
from app.routers.refusals import ON_STAFF_LIST, promise
from app.schemas.registration_attempt import (
    AttemptClosing,
    Differing,
    RegistrationAttemptOut,
    RegistrationAttemptPage,
)
from app.words import Cohort, Level
from app.workflows.accounts import registration_attempts

router = APIRouter(prefix="/v1/registration-attempts", tags=["rosters"])


class AttemptFilters(BaseModel):
    """What a list may be narrowed by."""

    level: Level | None = None
    cohort: Cohort | None = None
    field: Annotated[Differing | None, Query(alias="differing", description="One of the fields that differ.")] = None
    is_open: Annotated[bool | None, Query(alias="open", description="Not yet settled, or settled.")] = None


@router.get("", response_model=RegistrationAttemptPage, responses=ON_STAFF_LIST)
async def list_registration_attempts(
    request: Request,
    caller: SchoolsStaff,
    filters: Annotated[AttemptFilters, Depends(at_once(AttemptFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """Registrations at your school that were refused in the last 30 days, with what differs, newest first."""
    narrowed = filters.model_dump(mode="json", exclude_none=True)
    return page(request, await registration_attempts.page(caller, limit, after, narrowed))


@router.post(
    "/{id}/closure",
    response_model=RegistrationAttemptOut,
    responses=promise("role-missing", "not-found", "attempt-closed", sends=()),
)
async def close_registration_attempt(id: RecordIdInPath, body: AttemptClosing, caller: SchoolsStaff) -> Response:
    """Settle an attempt. When the roster is corrected, the person gets a text message: try again."""
    return secret(await registration_attempts.close(caller, id, body.outcome))
