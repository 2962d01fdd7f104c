"""Refused registrations, for the school that can help."""

from fastapi import APIRouter, Request, Response

from app.routers.answers import page
from app.routers.calling import After, Limit, SchoolsStaff
from app.routers.refusals import ON_STAFF_LIST
from app.schemas.registration_attempt import RegistrationAttemptPage
from app.workflows.accounts import registration_attempts

router = APIRouter(prefix="/v1/registration-attempts", tags=["rosters"])


@router.get("", response_model=RegistrationAttemptPage, responses=ON_STAFF_LIST)
async def list_registration_attempts(
    request: Request, caller: SchoolsStaff, after: After, limit: Limit = 50
) -> Response:
    """Registrations at your school that were refused in the last 30 days, with what differs, newest first."""
    return page(request, await registration_attempts.page(caller, limit, after))
