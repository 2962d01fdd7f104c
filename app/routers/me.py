"""The caller: who I am, identity verification, signing codes, messages."""

from fastapi import APIRouter, Request, Response

from app.etags import JSON
from app.routers.answers import moved, page, printed, shown
from app.routers.calling import After, Asked, Limit, SignedIn
from app.routers.refusals import ON_DOCUMENT, ON_LIST, ON_STEP, ON_VERIFICATION
from app.schemas.me import MeOut, MessagePage, SigningCodeOut, VerificationOut
from app.words import DocumentKind
from app.workflows.accounts import inbox, me, signing_codes, verification
from app.workflows.documents import serving

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


@router.get("/messages", response_model=MessagePage, responses=ON_LIST)
async def list_messages(request: Request, caller: SignedIn, after: After, limit: Limit = 50) -> Response:
    """What procedures have told you or your body, newest first."""
    return page(request, await inbox.page(caller, limit, after))


@router.get("/information-sheet", response_class=Response, responses=ON_DOCUMENT)
async def get_information_sheet(request: Request, caller: SignedIn) -> Response:
    """Your employment information sheet (就业信息登记表) as a PDF, while you have a live placement."""
    return printed(request, await serving.pdf(caller, DocumentKind.INFORMATION_SHEET))


@router.get("/destination-certificate", response_class=Response, responses=ON_DOCUMENT)
async def get_destination_certificate(request: Request, caller: SignedIn) -> Response:
    """The certificate of where you go (毕业去向证明) as a PDF, once it is approved."""
    return printed(request, await serving.pdf(caller, DocumentKind.DESTINATION_CERTIFICATE))
