"""Forgotten passwords (domain.md §2, 6a): level or employer, ID number or credit code, and the account's proven phone.

Four statements: the captcha is taken away and the account read, the code is proven, the tries are counted with what is
written. Whether there is no such account, or the phone is another's: the same hash, the same refusal, the same time.
An imported account that never had a password gets its first one by a code to the phone of its school's roster.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import LargeBinary, Select, Text, and_, or_, select

from app.change import Change, Row, SetOf, Update
from app.db import AlreadyExists, Result, asked
from app.errors import Forbidden
from app.models import Account, Employer, Graduate, Person, Phone, RosterEntry
from app.models.base import table_of
from app.schemas.auth import CaptchaPurpose, PhoneCodePurpose
from app.schemas.password_reset import GraduateReset, OperatorReset, Reset
from app.service import Service
from app.workflows.accounts import captchas, new_passwords, phone_codes, phones, session_endings
from app.workflows.accounts.captchas import Spending
from app.workflows.accounts.limits import Limit, Window
from app.workflows.accounts.notes import note
from app.workflows.looking import Answer
from app.workflows.sms import text_message

PURPOSE: Final = "password_reset"
RESETTING: Final = Limit("password_resets", Window(10, 86400))
"""Of one name, whether it names anybody or not."""

accounts, employers, graduates = table_of(Account), table_of(Employer), table_of(Graduate)
persons, held, entries = table_of(Person), table_of(Phone), table_of(RosterEntry)
_NEEDED = (accounts.c.id, accounts.c.display_name, accounts.c.person_id)
_enabled = accounts.c.disabled_at.is_(None)
_phone = asked("phone_bidx", LargeBinary())


def _graduates_account() -> Select[Any]:
    """The account whose person holds the phone; or that has neither password nor phone yet, but this one in the roster.

    `own_phone` is what the person holds, `graduate_id` the latest graduate, who is told.
    """
    latest = (
        select(graduates.c.id)
        .where(graduates.c.person_id == persons.c.id, graduates.c.level == accounts.c.level)
        .order_by(graduates.c.cohort.desc())
        .limit(1)
        .scalar_subquery()
    )
    listed = select(entries.c.id).where(
        entries.c.person_id == persons.c.id, entries.c.source == "school", entries.c.phone_bidx == _phone
    )
    unused = and_(accounts.c.password_hash.is_(None), held.c.bidx.is_(None), listed.exists())
    return (
        select(*_NEEDED, latest.label("graduate_id"), held.c.bidx.label("own_phone"))
        .select_from(persons.join(accounts, accounts.c.person_id == persons.c.id))
        .outerjoin(held, held.c.person_id == persons.c.id)
        .where(persons.c.id_bidx == asked("id_bidx", LargeBinary()), accounts.c.level == asked("level", Text()))
        .where(_enabled, or_(held.c.bidx == _phone, unused))
    )


def _operators_account() -> Select[Any]:
    open_ones = and_(employers.c.credit_code == asked("credit_code", Text()), employers.c.standing != "closed")
    return (
        select(*_NEEDED)
        .select_from(accounts.join(employers, employers.c.id == accounts.c.body_id))
        .where(accounts.c.kind == "employer", accounts.c.phone_bidx == _phone, _enabled, open_ones)
    )


FOUND_BY: Final[Mapping[type[Reset], Spending]] = {
    GraduateReset: Spending(_graduates_account()),
    OperatorReset: Spending(_operators_account()),
}


async def reset(service: Service, given: Reset, network: bytes) -> Answer:
    """Set the new password; 422 (password, captcha, code), 429, or 403 `reset-refused` for whatever does not fit."""
    new_passwords.judge(service, given.password, given.phone, getattr(given, "id_number", None))
    named = _named(service, given)
    purpose = CaptchaPurpose.PASSWORD_RESET
    found = await captchas.spend(service, given.captcha, purpose, network, FOUND_BY[type(given)], named)
    await phone_codes.prove(service, PhoneCodePurpose.PASSWORD_RESET, given.phone, given.code)
    new_passwords.judge(service, given.password, found.display_name)
    hashed = await service.passwords.hash(given.password)
    change = Change.of(_written(service, given, found, hashed)) if found.id else Change()
    subject = (given.as_, *(value for name, value in named.items() if name != "phone_bidx"))
    try:
        budgets = await RESETTING.count(service, PURPOSE, *subject, also=change)
    except AlreadyExists as error:  # somebody else proved the roster's phone at the same moment
        raise Forbidden("reset-refused") from error
    if not found.id:
        raise Forbidden("reset-refused")
    return Answer(b"", budgets=budgets)


def _named(service: Service, given: Reset) -> dict[str, Any]:
    """What names the account."""
    index = service.blind_index.of
    phone = {"phone_bidx": index("phone", given.phone)}
    if isinstance(given, GraduateReset):
        return {"level": given.level.value, "id_bidx": index("id_number", given.id_number), **phone}
    return {"credit_code": given.credit_code, **phone}


def _written(service: Service, given: Reset, found: Result, hashed: str) -> Iterator[Row | Update | SetOf]:
    """The password; all sessions end; the account's holder is told."""
    yield Update(accounts, {"id": found.id, "disabled_at": None}, {"password_hash": hashed})
    yield session_endings.end_all(service, found.id)
    yield text_message(service.sealer, given.phone, "password-changed")
    if isinstance(given, GraduateReset):
        if found.graduate_id:
            yield note(service, found.graduate_id, "password-changed")
        if found.own_phone is None:
            yield phones.give(service, found.person_id, given.phone, None)
