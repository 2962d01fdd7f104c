"""Accounts of the staff of bodies."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.routers.answers import created, page, shown
from app.routers.calling import Administrators, After, Limit, RecordIdInPath
from app.routers.refusals import ON_ADMINISTERING, on_open, promise
from app.schemas.base import RecordId
from app.schemas.staff import StaffCreated, StaffDraft, StaffOut, StaffPage
from app.workflows.accounts import staff

router = APIRouter(prefix="/v1/staff", tags=["bodies"])


@router.post("", status_code=201, response_model=StaffCreated, responses=on_open("username-taken"))
async def create_staff(body: StaffDraft, caller: Administrators) -> Response:
    """Make an account in your body or one below. Password and second factor are told once, here."""
    return created(await staff.make(caller, body), "/v1/staff/{id}")


@router.get("", response_model=StaffPage, responses=ON_ADMINISTERING)
async def list_staff(
    request: Request,
    caller: Administrators,
    after: After,
    body_id: Annotated[RecordId | None, Query(description="Absent: your own body.")] = None,
    limit: Limit = 50,
) -> Response:
    """The staff of a body, for its administrator or the one above."""
    return page(request, await staff.page(caller, body_id, limit, after))


@router.get("/{id}", response_model=StaffOut, responses=ON_ADMINISTERING)
async def get_staff(request: Request, id: RecordIdInPath, caller: Administrators) -> Response:
    """One account, for the administrator of its body or the one above."""
    return shown(request, await staff.one(caller, id))


@router.post("/{id}/disable", response_model=StaffOut, responses=promise("role-missing", "not-found", "own-account"))
async def disable_staff(request: Request, id: RecordIdInPath, caller: Administrators) -> Response:
    """Let somebody in no more: their sessions end at once."""
    return shown(request, await staff.disable(caller, id))
