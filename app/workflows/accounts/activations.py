"""Activation of an account that came without a password: by a code to the phone that the school's roster states.

Whatever does not fit has one answer, `activation-refused`, after the same statements and the same hash. The code proves
the phone, so it becomes the person's own, unless another has it.
"""

from typing import Any, Final

from sqlalchemy import LargeBinary, Text, and_, select

from app.change import Change, Row, Update
from app.db import PUBLIC, AlreadyExists, Read, Result, Stale, asked
from app.errors import FieldError, Invalid, RegistrationRefused
from app.models import Account, Person, Phone, RosterEntry
from app.models.base import table_of
from app.schemas.auth import ActivationDraft, PhoneCodePurpose
from app.security import passwords
from app.service import Service
from app.workflows.accounts import phone_codes
from app.workflows.accounts.registration_ground import PURPOSE
from app.workflows.looking import Answer, as_json

accounts, persons, phones, entries = table_of(Account), table_of(Person), table_of(Phone), table_of(RosterEntry)
_holder = phones.alias("holder")


def _ground() -> Read:
    """The account that waits for a password, if its person's roster states this phone."""
    phone = asked("phone_bidx", LargeBinary())
    stated = select(entries.c.id).where(
        entries.c.source == "school",
        entries.c.person_id == accounts.c.person_id,
        entries.c.level == accounts.c.level,
        entries.c.phone_bidx == phone,
    )
    mine = and_(accounts.c.kind == "graduate", accounts.c.level == asked("level", Text()))
    return Read(
        select(
            accounts.c.id,
            accounts.c.person_id,
            phones.c.bidx.label("own_phone"),
            _holder.c.person_id.label("holder_id"),
        )
        .select_from(
            persons.join(accounts, accounts.c.person_id == persons.c.id)
            .outerjoin(phones, phones.c.person_id == persons.c.id)
            .outerjoin(_holder, _holder.c.bidx == phone)
        )
        .where(
            persons.c.id_bidx == asked("id_bidx", LargeBinary()),
            mine,
            accounts.c.password_hash.is_(None),
            accounts.c.disabled_at.is_(None),
            stated.exists(),
        ),
        door=PUBLIC,
    )


_GROUND: Final = _ground()


async def activate(service: Service, given: ActivationDraft) -> Answer:
    """The account with its password, or 422 (password, code), or 409 `activation-refused`."""
    if fault := passwords.rules(given.password, personal=(given.phone, given.id_number)):
        raise Invalid(errors=[FieldError("/body/password", fault)])
    await phone_codes.prove(service, PhoneCodePurpose.ACTIVATION, given.phone, given.code)
    index = service.blind_index.of
    named = {
        "level": given.level.value,
        "id_bidx": index("id_number", given.id_number),
        "phone_bidx": index("phone", given.phone),
    }
    (found,) = await service.db.rows(_GROUND, {"purpose": PURPOSE, **named})
    proof = await service.passwords.hash(given.password)
    if found.id is None or not _is_theirs_or_free(found, named["phone_bidx"]):
        raise RegistrationRefused("activation-refused")
    pieces: list[Row | Update] = [Update(accounts, {"id": found.id, "password_hash": None}, {"password_hash": proof})]
    if found.own_phone is None:
        sealed = service.sealer.seal(given.phone, table="phones", column="sealed", row=found.person_id)
        proven = {"sealed": sealed, "person_id": found.person_id, "proven_at": service.clock.real()}
        pieces.append(Row(phones, {"bidx": named["phone_bidx"], **proven}))
    try:
        await service.db.apply(Change.of(pieces), PUBLIC, purpose=PURPOSE)
    except (Stale, AlreadyExists) as error:  # activated, or the phone taken, at the same moment
        raise RegistrationRefused("activation-refused") from error
    return Answer(as_json({"account_id": found.id}), id=found.id)


def _is_theirs_or_free(found: Result, phone: Any) -> bool:
    """The phone is nobody's while the person has none, or it is the person's."""
    return found.own_phone == phone if found.own_phone is not None else found.holder_id is None
