"""Invitations (邀请函)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import After, Asked, Employers, Limit, Parties, PartiesToMove, RecordIdInPath, Version, at_once
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import TimelineOut
from app.schemas.invitation import InvitationChange, InvitationDraft, InvitationOut, InvitationPage
from app.words import Cohort, InvitationStatus
from app.workflows.invitations import desk, send, workflow

if TYPE_CHECKING:
    InvitationMove = BaseModel
else:
    InvitationMove = workflow.moves()

router = APIRouter(prefix="/v1/invitations", tags=["invitations"])


class InvitationFilters(BaseModel):
    """What a list may be narrowed by. A lapsed invitation is found under `sent` until its pair moves on."""

    status: InvitationStatus | None = None
    cohort: Cohort | None = None


@router.post(
    "",
    status_code=201,
    response_model=InvitationChange,
    responses=on_open("transition-refused", "rule-not-met", "invitation-pending"),
)
async def send_invitation(body: InvitationDraft, once: Asked, caller: Employers) -> Response:
    """Invite a graduate, by signing code, by full match, or from their application. Any difference is the same 404."""
    return created(await send(caller, body, once), "/v1/invitations/{id}")


@router.get("", response_model=InvitationPage, responses=ON_LIST)
async def list_invitations(
    request: Request,
    caller: Parties,
    filters: Annotated[InvitationFilters, Depends(at_once(InvitationFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The invitations that are yours to see, newest first."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=InvitationOut, responses=ON_READ)
async def get_invitation(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """One invitation, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post(
    "/{id}/transitions",
    status_code=201,
    response_model=InvitationChange,
    responses=on_move(
        "identity-unverified", "archive-query-only", "password-wrong", "passwords-busy", "live-placement-exists"
    ),
)
async def move_invitation(
    id: RecordIdInPath, body: InvitationMove, version: Version, once: Asked, caller: PartiesToMove
) -> Response:
    """Edit, extend, withdraw, decline or accept. Accepting draws the agreement up and submits it at once."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_invitation_transitions(request: Request, id: RecordIdInPath, caller: Parties) -> Response:
    """What happened to the invitation, oldest first."""
    return shown(request, await desk.timeline(caller, id))
