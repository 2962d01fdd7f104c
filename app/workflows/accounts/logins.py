"""Logins of graduates, employers' operators and staff (domain.md §2, model.md, Accounts).

Three statements: the captcha is taken away and the account read, the try is counted, the session begins. Nobody learns
which part was wrong: a login that names nobody costs the same hash and the same tries, and has the same answer. How
often a password may be guessed, `guesses` says.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import LargeBinary, Select, SmallInteger, Text, func, or_, select, true

from app.change import Change, Update
from app.db import PUBLIC, Result, Stale, asked
from app.errors import Forbidden, Reason, Unauthenticated
from app.models import Account, Employer, Graduate, Person, Phone
from app.models.base import table_of
from app.schemas.auth import CaptchaPurpose, EmployerLogin, GraduateLogin, Login, StaffLogin
from app.security import totp
from app.service import Service
from app.workflows.accounts import captchas, sessions
from app.workflows.accounts.captchas import Spending
from app.workflows.accounts.guesses import IS_FAMILIAR, Guess
from app.workflows.accounts.second_factor import recovery_digest
from app.workflows.accounts.witnessing import Witness, witnessed
from app.workflows.looking import Answer

accounts, employers, graduates = table_of(Account), table_of(Employer), table_of(Graduate)
persons, phones = table_of(Person), table_of(Phone)

_PROOFS: Final = ("totp_step", "recovery_codes")
_NEEDED = (
    *(accounts.c[name] for name in ("id", "password_hash", "totp_sealed", "enrol_until", *_PROOFS)),
    IS_FAMILIAR,
)


def _account(kind: str) -> Select[Any]:
    return select(*_NEEDED).where(accounts.c.kind == kind, accounts.c.disabled_at.is_(None))


def _graduates_account() -> Select[Any]:
    """The account of a person and level, with the graduate of the cohort asked for, or of the latest."""
    cohort = asked("cohort", SmallInteger())
    graduate = (
        select(graduates.c.id.label("graduate_id"))
        .where(graduates.c.person_id == accounts.c.person_id, graduates.c.level == accounts.c.level)
        .where(or_(cohort.is_(None), graduates.c.cohort == cohort))
        .order_by(graduates.c.cohort.desc())
        .limit(1)
        .lateral("graduate")
    )
    named = func.coalesce(
        select(phones.c.person_id).where(phones.c.bidx == asked("phone_bidx", LargeBinary())).scalar_subquery(),
        select(persons.c.id).where(persons.c.id_bidx == asked("id_bidx", LargeBinary())).scalar_subquery(),
    )
    mine = _account("graduate").where(accounts.c.person_id == named, accounts.c.level == asked("level", Text()))
    return mine.add_columns(graduate.c.graduate_id).select_from(accounts.join(graduate, true()))


def _operators_account() -> Select[Any]:
    employer = (
        select(employers.c.id)
        .where(employers.c.credit_code == asked("credit_code", Text()), employers.c.standing != "closed")
        .scalar_subquery()
    )
    phone = asked("phone_bidx", LargeBinary())
    return _account("employer").where(accounts.c.body_id == employer, accounts.c.phone_bidx == phone)


def _staff_account() -> Select[Any]:
    return _account("staff").where(accounts.c.username == asked("username", Text()))


FOUND_BY: Final[Mapping[type[Login], Spending]] = {
    GraduateLogin: Spending(_graduates_account()),
    EmployerLogin: Spending(_operators_account()),
    StaffLogin: Spending(_staff_account()),
}


async def sign_in(service: Service, given: Login, network: bytes, device: str | None) -> Answer:
    """Tokens of a new session; 422 `captcha-wrong`, 429, 401 `login-refused`, 403 for staff who can't enrol."""
    with witnessed(given.as_, network) as witness:
        return await _signed_in(service, given, network, device, witness)


async def _signed_in(service: Service, given: Login, network: bytes, device: str | None, witness: Witness) -> Answer:
    named = _named(service, given)
    guess = Guess((given.as_, *(value for name, value in named.items() if name != "cohort")), network)
    asked_for = {**named, "familiar": guess.familiar(service)}
    found = await captchas.spend(
        service, given.captcha, CaptchaPurpose.LOGIN, network, FOUND_BY[type(given)], asked_for
    )
    familiar = bool(found.is_familiar)
    budgets = await guess.count(service, familiar=familiar)
    if not await service.passwords.verify(given.password, found.password_hash):
        raise Unauthenticated("login-refused")
    amr, used = _second_factor(service, given, found) if isinstance(given, StaffLogin) else (("pwd",), {})
    witness.factors = amr
    proof = {"password_hash": await _of_today(service, given.password, found.password_hash), **used}
    graduate = found.graduate_id if isinstance(given, GraduateLogin) else None
    begun = sessions.begin(service, found.id, graduate, amr, device)
    before = {name: found[name] for name in proof}
    held = Update(accounts, {"id": found.id, **before}, proof)  # a reset at the same moment wins over a login
    change = Change((held,), (begun.row,), guess.right(service, familiar=familiar))
    try:
        await service.db.apply(change, PUBLIC, purpose="login")
    except Stale as error:  # the same code, or a new password, at the same moment
        raise Unauthenticated("login-refused") from error
    return replace(begun.answer, budgets=budgets)


def _named(service: Service, given: Login) -> dict[str, Any]:
    """What names the account."""
    index = service.blind_index.of
    match given:
        case GraduateLogin(phone=phone, id_number=number):
            return {
                "level": given.level.value,
                "cohort": given.cohort,
                "phone_bidx": phone and index("phone", phone),
                "id_bidx": number and index("id_number", number),
            }
        case EmployerLogin():
            return {"credit_code": given.credit_code, "phone_bidx": index("phone", given.phone)}
        case StaffLogin():
            return {"username": given.username}


def _second_factor(service: Service, given: StaffLogin, found: Result) -> tuple[tuple[str, ...], dict[str, Any]]:
    """How the person proved themselves (RFC 8176), and what is never to be used again: a code's step, a recovery code.

    `otp` is the authenticator, `mfa` a recovery code in its place; `pwd` alone is an initial password, to enrol with.
    """
    if found.totp_sealed is None:
        return _to_enrol(service, found), {}
    if given.totp is not None:
        secret = service.sealer.open(found.totp_sealed, table="accounts", column="totp_sealed", row=found.id)
        step = totp.matches(secret, given.totp, service.clock.real(), found.totp_step)
        if step is not None:
            return ("pwd", "otp"), {"totp_step": step}
    elif given.recovery_code is not None:
        digest = recovery_digest(service, found.id, given.recovery_code)
        if digest in found.recovery_codes:
            return ("pwd", "mfa"), {"recovery_codes": [one for one in found.recovery_codes if one != digest]}
    raise Unauthenticated("login-refused")


def _to_enrol(service: Service, found: Result) -> tuple[str, ...]:
    """The proof of somebody who is let in to enrol, while the initial password lasts."""
    if found.enrol_until is None or found.enrol_until <= service.clock.real():
        code = "second-factor-missing" if found.enrol_until is None else "initial-password-expired"
        raise Forbidden(code, reason=Reason(code, who="administrator", how="ask-for-a-new-password"))
    return ("pwd",)


async def _of_today(service: Service, password: str, hash: str) -> str:
    """The hash, made anew when it was made with other parameters than today's, or imported."""
    return await service.passwords.hash(password) if service.passwords.needs_rehash(hash) else hash
