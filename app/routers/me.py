"""The caller: who I am, identity verification, second factor, signing codes, messages."""

from fastapi import APIRouter, Request, Response

from app.etags import JSON
from app.routers.answers import moved, page, shown
from app.routers.calling import After, Asked, Limit, SignedIn
from app.routers.refusals import ON_AUTHENTICATOR, ON_CONFIRMATION, ON_LIST, ON_STEP, ON_VERIFICATION
from app.schemas.me import MeOut, MessagePage, SigningCodeOut, VerificationOut
from app.schemas.second_factor import AuthenticatorOut, Confirmation, RecoveryCodesOut
from app.workflows.accounts import inbox, me, second_factor, signing_codes, verification

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", response_model=MeOut, responses=ON_LIST)
async def get_me(request: Request, caller: SignedIn) -> Response:
    """Who you are here: kind, roles, body; as a graduate also school, cohort, verification, day of leaving."""
    return shown(request, await me.me(caller))


@router.post("/identity-verification", response_model=VerificationOut, responses=ON_VERIFICATION)
async def verify_identity(caller: SignedIn) -> Response:
    """Have your five fields compared with the provincial roster. Until they are equal, procedures are closed to you."""
    return Response((await verification.verify(caller)).body, media_type=JSON)


@router.post("/totp", status_code=201, response_model=AuthenticatorOut, responses=ON_AUTHENTICATOR)
async def begin_authenticator(caller: SignedIn) -> Response:
    """A secret for your authenticator app, shown once. In place of an authenticator that you have: after a step-up."""
    return Response((await second_factor.begin(caller)).body, 201, media_type=JSON)


@router.post("/totp/confirmation", status_code=201, response_model=RecoveryCodesOut, responses=ON_CONFIRMATION)
async def confirm_authenticator(body: Confirmation, caller: SignedIn) -> Response:
    """Prove that your app has the secret; an initial password is replaced with it. Your other sessions end."""
    return Response((await second_factor.confirm(caller, body)).body, 201, media_type=JSON)


@router.post("/recovery-codes", status_code=201, response_model=RecoveryCodesOut, responses=ON_AUTHENTICATOR)
async def renew_recovery_codes(caller: SignedIn) -> Response:
    """Ten new recovery codes, shown once; the former ones are void. After a step-up."""
    return Response((await second_factor.renew_recovery_codes(caller)).body, 201, media_type=JSON)


@router.post("/signing-codes", status_code=201, response_model=SigningCodeOut, responses=ON_STEP)
async def mint_signing_code(once: Asked, caller: SignedIn) -> Response:
    """A code to give an employer, good for seven days. It replaces the former one."""
    return moved(await signing_codes.mint(caller, once))


@router.get("/messages", response_model=MessagePage, responses=ON_LIST)
async def list_messages(request: Request, caller: SignedIn, after: After, limit: Limit = 50) -> Response:
    """What procedures have told you or your body, newest first."""
    return page(request, await inbox.page(caller, limit, after))
