"""The caller: who I am, how I prove it, what I am told, who saw my data, my copy of it."""

from fastapi import APIRouter, Request, Response

from app.etags import JSON
from app.routers.answers import accepted, done, moved, page, printed, secret, shown, told
from app.routers.calling import After, Asked, Graduates, Limit, RecordIdInPath, Sides, SignedIn, Staff
from app.routers.refusals import (
    ON_AUTHENTICATOR,
    ON_CONFIRMATION,
    ON_DOCUMENT,
    ON_LIST,
    ON_OBJECTION,
    ON_PASSWORD,
    ON_PHONE,
    ON_READ_OWN,
    ON_SESSION,
    ON_STEP,
    ON_VERIFICATION,
    promise,
)
from app.schemas.archive import ArchiveTimelineOut
from app.schemas.data_export import DataExportDraft, DataExportOut
from app.schemas.me import (
    ConfirmationDraft,
    ConfirmationOut,
    MeOut,
    MessagePage,
    ReadDraft,
    SigningCodeOut,
    VerificationOut,
)
from app.schemas.password_reset import PasswordChange
from app.schemas.phone import PhoneChange, PhoneOut
from app.schemas.reveal import AccessPage
from app.schemas.second_factor import AuthenticatorOut, Confirmation, RecoveryCodesOut
from app.schemas.task import TaskOut
from app.words import DocumentKind
from app.workflows import archive_timeline
from app.workflows.accounts import (
    accesses,
    confirmation,
    data_exports,
    inbox,
    me,
    password_changes,
    phone_changes,
    second_factor,
    signing_codes,
    verification,
)
from app.workflows.documents import serving

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", response_model=MeOut, responses=ON_LIST)
async def get_me(request: Request, caller: SignedIn) -> Response:
    """Who you are here: kind, roles, body; as a graduate also school, cohort, verification, day of leaving."""
    return shown(request, await me.me(caller))


@router.post("/identity-verification", response_model=VerificationOut, responses=ON_VERIFICATION)
async def verify_identity(caller: Graduates) -> Response:
    """Have your five fields compared with the provincial roster. Until they are equal, procedures are closed to you."""
    return told(await verification.verify(caller))


@router.post("/totp", status_code=201, response_model=AuthenticatorOut, responses=ON_AUTHENTICATOR)
async def begin_authenticator(caller: Staff) -> Response:
    """A secret for your authenticator app, shown once. In place of an authenticator that you have: after a step-up."""
    return Response((await second_factor.begin(caller)).body, 201, media_type=JSON)


@router.post("/totp/confirmation", status_code=201, response_model=RecoveryCodesOut, responses=ON_CONFIRMATION)
async def confirm_authenticator(body: Confirmation, caller: Staff) -> Response:
    """Prove that your app has the secret; an initial password is replaced with it. Your other sessions end."""
    return Response((await second_factor.confirm(caller, body)).body, 201, media_type=JSON)


@router.post("/recovery-codes", status_code=201, response_model=RecoveryCodesOut, responses=ON_AUTHENTICATOR)
async def renew_recovery_codes(caller: Staff) -> Response:
    """Ten new recovery codes, shown once; the former ones are void. After a step-up."""
    return Response((await second_factor.renew_recovery_codes(caller)).body, 201, media_type=JSON)


@router.post("/signing-codes", status_code=201, response_model=SigningCodeOut, responses=ON_STEP)
async def mint_signing_code(once: Asked, caller: Graduates) -> Response:
    """A code to give an employer, good for seven days. It replaces the former one."""
    return moved(await signing_codes.mint(caller, once))


@router.put("/password", status_code=204, response_class=Response, responses=ON_PASSWORD)
async def change_password(body: PasswordChange, caller: SignedIn) -> Response:
    """Set a new password with the present one. Your other sessions end."""
    return done(await password_changes.change(caller, body))


@router.get("/phone", response_model=PhoneOut, responses=ON_READ_OWN)
async def get_phone(request: Request, caller: Graduates) -> Response:
    """Your phone, and claims: yours on another person's number, or another person's on yours."""
    return shown(request, await phone_changes.own(caller))


@router.put("/phone", response_model=PhoneOut, responses=ON_PHONE)
async def change_phone(body: PhoneChange, caller: Graduates) -> Response:
    """Hold another phone, by a code to each. One that somebody else holds moves after 72 hours unless they object."""
    return Response((await phone_changes.change(caller, body)).body, media_type=JSON)


@router.post("/phone/objection", status_code=204, response_class=Response, responses=ON_OBJECTION)
async def object_to_phone_claim(caller: Graduates) -> Response:
    """Keep your phone, which another person claims."""
    await phone_changes.object_to_claim(caller)
    return Response(status_code=204)


@router.get("/messages", response_model=MessagePage, responses=ON_LIST)
async def list_messages(request: Request, caller: SignedIn, after: After, limit: Limit = 50) -> Response:
    """What procedures have told you or your body, newest first."""
    return page(request, await inbox.page(caller, limit, after))


@router.post("/messages/read", status_code=204, response_class=Response, responses=ON_SESSION)
async def read_messages(body: ReadDraft, caller: SignedIn) -> Response:
    """Say that you have read your messages up to this one: they are unread no more, and nobody is told by phone."""
    await inbox.read(caller, body.through)
    return Response(status_code=204)


@router.post(
    "/roster-confirmation",
    response_model=ConfirmationOut,
    responses=promise("role-missing", "stale-version", sends=()),
)
async def confirm_roster(body: ConfirmationDraft, caller: Graduates) -> Response:
    """Say that your entry in the school's roster, in the version you read, is right. Once; some fields lock with it."""
    return Response((await confirmation.confirm(caller, body.version)).body, media_type=JSON)


@router.get("/accesses", response_model=AccessPage, responses=ON_LIST)
async def list_accesses(request: Request, caller: Sides, after: After, limit: Limit = 50) -> Response:
    """Who saw your ID number, phone or card unmasked: when, which body in which role, what, why. The latest first."""
    return page(request, await accesses.page(caller, limit, after))


@router.post(
    "/data-exports",
    status_code=202,
    response_model=TaskOut,
    responses=promise("role-missing", "password-wrong", "passwords-busy", sends=("ETag", "Location")),
)
async def begin_data_export(body: DataExportDraft, once: Asked, caller: Graduates) -> Response:
    """Ask for a copy of all that is kept of you: a task, whose result you alone may fetch for seven days."""
    return accepted(await data_exports.begin(caller, body, once), "/v1/tasks/{id}")


@router.get("/data-exports/{id}", response_model=DataExportOut, responses=promise("not-found", sends=()))
async def get_data_export(id: RecordIdInPath, caller: Graduates) -> Response:
    """The copy, as a file."""
    return secret(await data_exports.file(caller, id), file_name="my-data.json")


@router.get("/archive", response_model=ArchiveTimelineOut, responses=ON_READ_OWN)
async def get_own_archive(request: Request, caller: Graduates) -> Response:
    """Where your personal file went: every dispatch and every leg of its way, the oldest first."""
    return shown(request, await archive_timeline.own(caller))


@router.get("/information-sheet", response_class=Response, responses=ON_DOCUMENT)
async def get_information_sheet(request: Request, caller: Graduates) -> Response:
    """Your employment information sheet (就业信息登记表) as a PDF, while you have a live placement."""
    return printed(request, await serving.pdf(caller, DocumentKind.INFORMATION_SHEET))


@router.get("/destination-certificate", response_class=Response, responses=ON_DOCUMENT)
async def get_destination_certificate(request: Request, caller: Graduates) -> Response:
    """The certificate of where you go (毕业去向证明) as a PDF, once it is approved."""
    return printed(request, await serving.pdf(caller, DocumentKind.DESTINATION_CERTIFICATE))
