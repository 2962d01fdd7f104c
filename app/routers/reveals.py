"""Personal data unmasked."""

from fastapi import APIRouter, Response

from app.routers.answers import secret
from app.routers.calling import Revealers
from app.routers.refusals import LIMITED, promise
from app.schemas.reveal import RevealDraft, RevealOut
from app.workflows.accounts import reveals

router = APIRouter(prefix="/v1/reveals", tags=["reveals"])


@router.post(
    "",
    response_model=RevealOut,
    responses=promise("role-missing", "step-up-required", "not-found", sends=LIMITED),
)
async def reveal_fields(body: RevealDraft, caller: Revealers) -> Response:
    """ID number or phone of one graduate, the phone of an employer's contact, or those a placement names.

    Of each only what you may see, for a reason that its subject reads.

    For reviewers and administrators who proved both factors within ten minutes, 30 times a day; never repeated by key.
    """
    return secret(await reveals.reveal(caller, body))
