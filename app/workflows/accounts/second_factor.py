"""The second factor of staff, enrolled by the person: nobody else ever sees its secret (domain.md §2).

A new colleague signs in with the initial password, is shown a secret, and confirms a code of it together with a
password of their own: one change makes the account theirs. A new authenticator in place of the present one, and new
recovery codes, ask for a step-up.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from sqlalchemy import select

from app.change import Change, Update
from app.db import Read, Result, Stale, actor
from app.errors import Busy, Conflict, FieldError, Forbidden, Invalid
from app.models import Account, Session
from app.models.base import table_of
from app.policies import NO_STAFF, Actor, is_enrolling
from app.schemas.second_factor import Confirmation
from app.security import totp
from app.security.recovery_codes import new_codes
from app.service import Caller, Service
from app.workflows.accounts import new_passwords
from app.workflows.accounts.account_steps import sessions_end, step
from app.workflows.accounts.step_ups import demand
from app.workflows.looking import Answer, as_json, greet, look

ISSUER: Final = "Graduate Employment"
"""What an authenticator app calls this service."""

Meeting = Callable[[Caller, Read], Awaitable[tuple[Actor, list[Result]]]]

accounts, sessions = table_of(Account), table_of(Session)
_NAMES = ("id", "username", "display_name", "password_hash", "totp_pending_sealed", "enrol_until", "steps")
_OWN: Final = Read(select(*(accounts.c[name] for name in _NAMES)).where(accounts.c.id == actor.c.account_id))


async def begin(caller: Caller) -> Answer:
    """A secret for a new authenticator. It replaces one that was shown and not confirmed."""
    service = caller.service
    who, own = await _own(caller)
    if not is_enrolling(who):
        demand(service, who)
    secret = totp.new_secret()
    sealed = service.sealer.seal(secret, table="accounts", column="totp_pending_sealed", row=own.id)
    await _apply(caller, Change((Update(accounts, _held(own), {"totp_pending_sealed": sealed}),)))
    return Answer(as_json({"secret": secret, "uri": totp.uri(secret, own.username, ISSUER)}))


async def confirm(caller: Caller, given: Confirmation) -> Answer:
    """Put the authenticator in use; other sessions end. 409 `authenticator-not-begun`, 403 `totp-wrong`, 422."""
    service = caller.service
    who, own = await _own(caller)
    if own.totp_pending_sealed is None:
        raise Conflict("authenticator-not-begun")
    secret = service.sealer.open(own.totp_pending_sealed, table="accounts", column="totp_pending_sealed", row=own.id)
    real = service.clock.real()
    used = totp.matches(secret, given.totp, real, None)
    if used is None:
        raise Forbidden("totp-wrong")
    codes, kept = _recovery_codes(service, own.id)
    new = {
        "password_hash": await _password(service, own, given.new_password),
        "totp_sealed": service.sealer.seal(secret, table="accounts", column="totp_sealed", row=own.id),
        "totp_step": used,
        "totp_pending_sealed": None,
        "recovery_codes": kept,
        "enrol_until": None,
        "steps": own.steps + 1,
    }
    held = {**_held(own), "totp_pending_sealed": own.totp_pending_sealed}
    proven = Update(sessions, {"id": caller.session, "ended_at": None}, {"amr": ["pwd", "otp"], "auth_at": real})
    taken = step(service, who, own.id, own.steps + 1, "enrol", "active")
    others = sessions_end(own.id, real, but=caller.session)
    await _apply(caller, Change((Update(accounts, held, new), proven), (taken,), (others,)))
    return codes


async def renew_recovery_codes(caller: Caller) -> Answer:
    """A new set; the former ones are void."""
    who, own = await _own(caller, look)
    demand(caller.service, who)
    codes, kept = _recovery_codes(caller.service, own.id)
    new = {"recovery_codes": kept, "steps": own.steps + 1}
    taken = step(caller.service, who, own.id, own.steps + 1, "renew_recovery_codes", "active")
    await _apply(caller, Change((Update(accounts, _held(own), new),), (taken,)))
    return codes


def recovery_digest(service: Service, account: str, code: str) -> bytes:
    """What is kept of a recovery code."""
    return service.fingerprint.of("recovery-code", account, code)


def _recovery_codes(service: Service, account: str) -> tuple[Answer, list[bytes]]:
    """A new set: as it is told, and as it is kept."""
    codes = new_codes()
    return Answer(as_json({"recovery_codes": codes})), [recovery_digest(service, account, code) for code in codes]


async def _password(service: Service, own: Result, new: str | None) -> str:
    """The hash to keep: of a new password where the present one is initial, else as it is."""
    if own.enrol_until is None:
        if new is not None:
            raise _wrong("password-not-initial")
        return str(own.password_hash)
    if new is None:
        raise _wrong("required")
    new_passwords.judge(service, new, own.username, own.display_name, kind="staff", pointer="/body/new_password")
    if await service.passwords.verify(new, own.password_hash):
        raise _wrong("password-unchanged")
    return await service.passwords.hash(new)


def _wrong(code: str) -> Invalid:
    return Invalid(errors=[FieldError("/body/new_password", code)])


async def _own(caller: Caller, meet: Meeting = greet) -> tuple[Actor, Result]:
    who, (own,) = await meet(caller, _OWN)
    if who.kind in NO_STAFF:
        raise Forbidden
    return who, own


def _held(own: Result) -> dict[str, Any]:
    return {"id": own.id, "steps": own.steps}


async def _apply(caller: Caller, change: Change) -> None:
    try:
        await caller.db.apply(change, session=caller.session)
    except Stale as error:  # an administrator, or the person elsewhere, at the same moment
        raise Busy("rows-busy", retry_after=1) from error
