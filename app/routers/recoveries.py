"""Recovery of accounts (账号找回): by who has lost the phone, reviewed by the school or by support."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.etags import JSON
from app.routers.answers import DOWNLOADED, moved, page, shown, told
from app.routers.calling import (
    After,
    Anyone,
    Asked,
    Limit,
    RecordIdInPath,
    RecoveryReaders,
    RecoveryReviewers,
    Version,
    at_once,
)
from app.routers.refusals import ON_INQUIRY, ON_LIST, ON_PHOTO, ON_READ, ON_RECOVERY, ON_REDEMPTION, on_move
from app.schemas.base import TimelineOut
from app.schemas.recovery import (
    RecoveryChange,
    RecoveryDraft,
    RecoveryInquiry,
    RecoveryOut,
    RecoveryPage,
    RecoveryStandingOut,
    RecoveryTicketOut,
    Redemption,
    RedemptionOut,
)
from app.words import Decision, RecoveryStatus
from app.workflows.accounts import recovery_openings, recovery_photos, recovery_redemptions
from app.workflows.accounts.recoveries import desk, workflow

if TYPE_CHECKING:
    RecoveryMove = BaseModel
else:
    RecoveryMove = workflow.moves()

router = APIRouter(prefix="/v1/recoveries", tags=["recoveries"])

_PICTURE: dict[str, Any] = {"schema": {"type": "string", "format": "binary", "maxLength": 1_000_000}}
_PHOTO: dict[int | str, dict[str, Any]] = {
    200: {"description": "The photo.", "content": {"image/jpeg": _PICTURE, "image/png": _PICTURE}}
}


class RecoveryFilters(BaseModel):
    """What a list may be narrowed by."""

    status: RecoveryStatus | None = None
    decision: Decision | None = None


@router.post("", status_code=202, response_model=RecoveryTicketOut, responses=ON_RECOVERY)
async def open_recovery(body: RecoveryDraft, visitor: Anyone) -> Response:
    """Ask to get into your account again. The answer is the same whether or not there is such an account."""
    return told(await recovery_openings.open_case(visitor.service, body), 202)


@router.post("/inquiries", response_model=RecoveryStandingOut, responses=ON_INQUIRY)
async def follow_recovery(body: RecoveryInquiry, visitor: Anyone) -> Response:
    """Where a case stands, by its reference and secret."""
    return Response((await recovery_openings.follow(visitor.service, body)).body, media_type=JSON)


@router.post("/redemptions", status_code=201, response_model=RedemptionOut, responses=ON_REDEMPTION)
async def redeem_recovery(body: Redemption, visitor: Anyone) -> Response:
    """Set password and phone of an approved case, within 72 hours, by the code sent to the new phone. Good once."""
    answer = await recovery_redemptions.redeem(visitor.service, body, visitor.network)
    return Response(answer.body, status_code=201, media_type=JSON)


@router.get("", response_model=RecoveryPage, responses=ON_LIST)
async def list_recoveries(
    request: Request,
    caller: RecoveryReaders,
    filters: Annotated[RecoveryFilters, Depends(at_once(RecoveryFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The recoveries that are yours to see, newest first. Support sees those that it has claimed."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=RecoveryOut, responses=ON_READ)
async def get_recovery(request: Request, id: RecordIdInPath, caller: RecoveryReaders) -> Response:
    """One recovery, with what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.get("/{id}/photo", response_class=Response, responses={**_PHOTO, **ON_PHOTO})
async def get_recovery_photo(id: RecordIdInPath, caller: RecoveryReviewers) -> Response:
    """The photo, for the reviewer who has claimed the review. Each look is kept; the photo goes with the decision."""
    photo = await recovery_photos.read(caller, id)
    return Response(photo.content, media_type=photo.media_type, headers=DOWNLOADED)


@router.post("/{id}/transitions", status_code=201, response_model=RecoveryChange, responses=on_move())
async def move_recovery(
    id: RecordIdInPath, body: RecoveryMove, version: Version, once: Asked, caller: RecoveryReaders
) -> Response:
    """Approve or reject; withdraw, as the account's holder. Approving sends a one-time code to the new phone."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_recovery_transitions(request: Request, id: RecordIdInPath, caller: RecoveryReaders) -> Response:
    """What happened to the recovery, oldest first."""
    return shown(request, await desk.timeline(caller, id))
