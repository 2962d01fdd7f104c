"""Getting in: captchas, one-time codes, registration, login."""

from fastapi import APIRouter, Request, Response

from app.devices import device_of
from app.routers.answers import done, page, told
from app.routers.calling import After, Anyone, Limit, RecordIdInPath, SignedIn, Staff
from app.routers.refusals import (
    ON_ACTIVATION,
    ON_CAPTCHA,
    ON_LIST,
    ON_LOGIN,
    ON_PHONE_CODE,
    ON_REGISTRATION,
    ON_RESET,
    ON_SESSION,
    ON_STEP_UP,
    promise,
)
from app.schemas.auth import (
    ActivationDraft,
    ActivationOut,
    CaptchaDraft,
    CaptchaOut,
    Login,
    PhoneCodeDraft,
    PhoneCodeOut,
    RefreshDraft,
    RegistrationDraft,
    RegistrationOut,
    SessionPage,
    TokensOut,
)
from app.schemas.password_reset import Reset
from app.schemas.second_factor import StepUp, StepUpOut
from app.workflows.accounts import (
    activations,
    captchas,
    logins,
    password_resets,
    phone_codes,
    registrations,
    session_list,
    sessions,
    step_ups,
)

router = APIRouter(prefix="/v1/auth", tags=["auth"])


@router.post("/captchas", status_code=201, response_model=CaptchaOut, responses=ON_CAPTCHA)
async def create_captcha(body: CaptchaDraft, visitor: Anyone) -> Response:
    """A captcha: an image for people, or a proof of work that needs no eyes. Good for one answer."""
    return told(await captchas.make(visitor.service, body, visitor.network), 201)


@router.post("/phone-codes", status_code=202, response_model=PhoneCodeOut, responses=ON_PHONE_CODE)
async def send_phone_code(body: PhoneCodeDraft, visitor: Anyone) -> Response:
    """Send a one-time code to a phone, once a minute, 5 times an hour, 10 times a day. Tells nothing of its holder."""
    return told(await phone_codes.send(visitor.service, body, visitor.network), 202)


@router.post("/registrations", status_code=201, response_model=RegistrationOut, responses=ON_REGISTRATION)
async def register_graduate(body: RegistrationDraft, visitor: Anyone) -> Response:
    """Register with the five fields of the school's roster. Whatever does not fit has the same answer."""
    return told(await registrations.register(visitor.service, body), 201)


@router.post("/activations", status_code=201, response_model=ActivationOut, responses=ON_ACTIVATION)
async def activate_account(body: ActivationDraft, visitor: Anyone) -> Response:
    """Set the first password of an account that your school made, by a code to the phone in its roster."""
    return told(await activations.activate(visitor.service, body), 201)


@router.post("/password-resets", status_code=204, response_class=Response, responses=ON_RESET)
async def reset_password(body: Reset, visitor: Anyone) -> Response:
    """Set a new password with a code sent to the account's phone. Every session ends; nothing else is told."""
    return done(await password_resets.reset(visitor.service, body, visitor.network))


@router.post("/tokens", status_code=201, response_model=TokensOut, responses=ON_LOGIN)
async def create_tokens(request: Request, body: Login, visitor: Anyone) -> Response:
    """Sign in as a graduate, as an operator of an employer, or as staff. Never tells which part was wrong."""
    device = device_of(request.headers.get("user-agent", ""))
    return told(await logins.sign_in(visitor.service, body, visitor.network, device), 201)


@router.post("/tokens/refresh", response_model=TokensOut, responses=ON_SESSION)
async def refresh_tokens(body: RefreshDraft, visitor: Anyone) -> Response:
    """New tokens for the same session. A refresh token is good once: used again, it ends the session."""
    return told(await sessions.refresh(visitor.service, body.refresh_token))


@router.post("/step-ups", response_model=StepUpOut, responses=ON_STEP_UP)
async def step_up(body: StepUp, caller: Staff) -> Response:
    """Show the authenticator's code again: for ten minutes, what asks for a step-up is open."""
    return told(await step_ups.step_up(caller, body.totp))


@router.delete("/sessions/current", status_code=204, response_class=Response, responses=ON_SESSION)
async def end_session(caller: SignedIn) -> Response:
    """Sign out: the next request with this session is a 401."""
    await sessions.end(caller)
    return Response(status_code=204)


@router.get("/sessions", response_model=SessionPage, responses=ON_LIST)
async def list_sessions(request: Request, caller: SignedIn, after: After, limit: Limit = 50) -> Response:
    """Where you are signed in, the latest first."""
    return page(request, await session_list.page(caller, limit, after))


@router.delete("/sessions/{id}", status_code=204, response_class=Response, responses=promise("not-found", sends=()))
async def end_one_session(id: RecordIdInPath, caller: SignedIn) -> Response:
    """End one session of yours: its next request is a 401."""
    await session_list.end(caller, id)
    return Response(status_code=204)


@router.delete("/sessions", status_code=204, response_class=Response, responses=ON_SESSION)
async def end_other_sessions(caller: SignedIn) -> Response:
    """End all your sessions but this one."""
    await session_list.end_others(caller)
    return Response(status_code=204)
