"""The caller: who I am, identity verification, signing codes, messages."""

from fastapi import APIRouter, Request, Response

from app.routers.answers import moved, page, shown, told
from app.routers.calling import After, Asked, Graduates, Limit, SignedIn
from app.routers.refusals import ON_LIST, ON_SESSION, ON_STEP, ON_VERIFICATION
from app.schemas.me import MeOut, MessagePage, ReadDraft, SigningCodeOut, VerificationOut
from app.workflows.accounts import inbox, me, signing_codes, verification

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", response_model=MeOut, responses=ON_LIST)
async def get_me(request: Request, caller: SignedIn) -> Response:
    """Who you are here: kind, roles, body; as a graduate also school, cohort, verification, day of leaving."""
    return shown(request, await me.me(caller))


@router.post("/identity-verification", response_model=VerificationOut, responses=ON_VERIFICATION)
async def verify_identity(caller: Graduates) -> Response:
    """Have your five fields compared with the provincial roster. Until they are equal, procedures are closed to you."""
    return told(await verification.verify(caller))


@router.post("/signing-codes", status_code=201, response_model=SigningCodeOut, responses=ON_STEP)
async def mint_signing_code(once: Asked, caller: Graduates) -> Response:
    """A code to give an employer, good for seven days. It replaces the former one."""
    return moved(await signing_codes.mint(caller, once))


@router.get("/messages", response_model=MessagePage, responses=ON_LIST)
async def list_messages(request: Request, caller: SignedIn, after: After, limit: Limit = 50) -> Response:
    """What procedures have told you or your body, newest first."""
    return page(request, await inbox.page(caller, limit, after))


@router.post("/messages/read", status_code=204, response_class=Response, responses=ON_SESSION)
async def read_messages(body: ReadDraft, caller: SignedIn) -> Response:
    """Say that you have read your messages up to this one: they are unread no more, and nobody is told by phone."""
    await inbox.read(caller, body.through)
    return Response(status_code=204)
