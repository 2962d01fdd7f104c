"""The caller: who I am, identity verification, signing codes, messages."""

from fastapi import APIRouter, Request, Response

from app.etags import JSON
from app.routers.answers import moved, page, shown
from app.routers.calling import After, Asked, Limit, SignedIn
from app.routers.refusals import ON_LIST, ON_OBJECTION, ON_PASSWORD, ON_PHONE, ON_READ_OWN, ON_STEP, ON_VERIFICATION
from app.schemas.me import MeOut, MessagePage, SigningCodeOut, VerificationOut
from app.schemas.password_reset import PasswordChange
from app.schemas.phone import PhoneChange, PhoneOut
from app.workflows.accounts import inbox, me, password_changes, phone_changes, signing_codes, verification

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", response_model=MeOut, responses=ON_LIST)
async def get_me(request: Request, caller: SignedIn) -> Response:
    """Who you are here: kind, roles, body; as a graduate also school, cohort, verification, day of leaving."""
    return shown(request, await me.me(caller))


@router.post("/identity-verification", response_model=VerificationOut, responses=ON_VERIFICATION)
async def verify_identity(caller: SignedIn) -> Response:
    """Have your five fields compared with the provincial roster. Until they are equal, procedures are closed to you."""
    return Response((await verification.verify(caller)).body, media_type=JSON)


@router.post("/signing-codes", status_code=201, response_model=SigningCodeOut, responses=ON_STEP)
async def mint_signing_code(once: Asked, caller: SignedIn) -> Response:
    """A code to give an employer, good for seven days. It replaces the former one."""
    return moved(await signing_codes.mint(caller, once))


@router.put("/password", status_code=204, response_class=Response, responses=ON_PASSWORD)
async def change_password(body: PasswordChange, caller: SignedIn) -> Response:
    """Set a new password with the present one. Your other sessions end."""
    await password_changes.change(caller, body)
    return Response(status_code=204)


@router.get("/phone", response_model=PhoneOut, responses=ON_READ_OWN)
async def get_phone(request: Request, caller: SignedIn) -> Response:
    """Your phone, and claims: yours on another person's number, or another person's on yours."""
    return shown(request, await phone_changes.own(caller))


@router.put("/phone", response_model=PhoneOut, responses=ON_PHONE)
async def change_phone(body: PhoneChange, caller: SignedIn) -> Response:
    """Hold another phone, by a code to each. One that somebody else holds moves after 72 hours unless they object."""
    return Response((await phone_changes.change(caller, body)).body, media_type=JSON)


@router.post("/phone/objection", status_code=204, response_class=Response, responses=ON_OBJECTION)
async def object_to_phone_claim(caller: SignedIn) -> Response:
    """Keep your phone, which another person claims."""
    await phone_changes.object_to_claim(caller)
    return Response(status_code=204)


@router.get("/messages", response_model=MessagePage, responses=ON_LIST)
async def list_messages(request: Request, caller: SignedIn, after: After, limit: Limit = 50) -> Response:
    """What procedures have told you or your body, newest first."""
    return page(request, await inbox.page(caller, limit, after))
