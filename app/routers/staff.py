"""Accounts of the staff of bodies."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.routers.answers import created, moved, page, shown
from app.routers.calling import Administrators, After, Limit, RecordIdInPath, Version
from app.routers.refusals import ON_ADMINISTERING, ON_STAFF_CHANGE, on_open
from app.schemas.base import RecordId
from app.schemas.staff import StaffCreated, StaffDraft, StaffOut, StaffPage, StaffPatch
from app.workflows.accounts import staff, staff_changes

router = APIRouter(prefix="/v1/staff", tags=["bodies"])


@router.post("", status_code=201, response_model=StaffCreated, responses=on_open("username-taken"))
async def create_staff(body: StaffDraft, caller: Administrators) -> Response:
    """Make an account in your body or one below. The initial password is told once, here; it lasts seven days."""
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


@router.patch("/{id}", response_model=StaffOut, responses=ON_STAFF_CHANGE)
async def edit_staff(
    request: Request, id: RecordIdInPath, body: StaffPatch, version: Version, caller: Administrators
) -> Response:
    """Give somebody another name or other roles. They hold from the next request on."""
    return shown(request, await staff_changes.edit(caller, id, body, version))


@router.post("/{id}/disable", response_model=StaffOut, responses=ON_STAFF_CHANGE)
async def disable_staff(request: Request, id: RecordIdInPath, caller: Administrators) -> Response:
    """Let somebody in no more: their sessions end at once."""
    return shown(request, await staff_changes.disable(caller, id))


@router.post("/{id}/enable", response_model=StaffOut, responses=ON_STAFF_CHANGE)
async def enable_staff(request: Request, id: RecordIdInPath, caller: Administrators) -> Response:
    """Let somebody in again, with the password and second factor that they had."""
    return shown(request, await staff_changes.enable(caller, id))


@router.post("/{id}/reset", status_code=201, response_model=StaffCreated, responses=ON_STAFF_CHANGE)
async def reset_staff(id: RecordIdInPath, version: Version, caller: Administrators) -> Response:
    """A new initial password, told once, for who lost password or authenticator. Sessions end; they enrol anew."""
    return moved(await staff_changes.reset(caller, id, version))
