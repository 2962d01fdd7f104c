"""An approved recovery becomes the account's new password and phone, by the code that went to the new phone.

Four statements at most: the captcha is taken away and the case read, the code is proven, the case is redeemed. The code
is good once, so of two that come with it one is refused.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import DateTime, LargeBinary, Select, Text, and_, or_, select

from app.change import Row, SetOf, Update
from app.db import PUBLIC, AlreadyExists, Read, Stale, asked
from app.errors import Busy, FieldError, Invalid
from app.models import Account, Person, Phone, PhoneClaim
from app.models.base import table_of
from app.schemas.auth import CaptchaPurpose, PhoneCodePurpose
from app.schemas.recovery import Redemption
from app.service import Service
from app.workflows.accounts import captchas, new_passwords, phone_codes, phones, session_endings
from app.workflows.accounts.captchas import Spending
from app.workflows.accounts.recoveries import Do, Redeeming, recoveries, workflow
from app.workflows.accounts.recovery_openings import PURPOSE, VISITOR
from app.workflows.engine import Now, Scene
from app.workflows.looking import Answer, as_json
from app.workflows.sms import text_message

_ATTEMPTS: Final = 4
accounts, persons, held, claims = table_of(Account), table_of(Person), table_of(Phone), table_of(PhoneClaim)
_holder = held.alias("holder")


def _approved() -> Select[Any]:
    """The approved case of this person, level and new phone, with who holds which phone now, and who claims it."""
    of_either = or_(claims.c.bidx == recoveries.c.phone_bidx, claims.c.person_id == recoveries.c.person_id)
    claimed = select(claims.c.id).where(claims.c.status == "open", of_either).correlate(recoveries).exists()
    return (
        select(
            *recoveries.c,
            held.c.bidx.label("own_phone"),
            held.c.sealed.label("own_phone_sealed"),
            _holder.c.person_id.label("holder_id"),
            claimed.label("phone_claimed"),
        )
        .select_from(recoveries.join(persons, persons.c.id == recoveries.c.person_id))
        .join(accounts, and_(accounts.c.id == recoveries.c.account_id, accounts.c.disabled_at.is_(None)))
        .outerjoin(held, held.c.person_id == recoveries.c.person_id)
        .outerjoin(_holder, _holder.c.bidx == recoveries.c.phone_bidx)
        .where(recoveries.c.phone_bidx == asked("phone_bidx", LargeBinary()))
        .where(persons.c.id_bidx == asked("id_bidx", LargeBinary()), recoveries.c.level == asked("level", Text()))
        .where(recoveries.c.status == "reviewed", recoveries.c.decision == "approved")
        .where(recoveries.c.redeemed_at.is_(None), recoveries.c.lapses_at > asked("at", DateTime(timezone=True)))
    )


_FIRST: Final = Spending(_approved())
_AGAIN: Final = Read(_approved(), door=PUBLIC)


async def redeem(service: Service, given: Redemption, network: bytes) -> Answer:
    """When the phone is theirs; 422 (password, captcha, code). What was never approved is `code-wrong` too."""
    new_passwords.judge(service, given.password, given.phone, given.id_number)
    index = service.blind_index.of
    named = {
        "at": service.clock.now(),
        "phone_bidx": index("phone", given.phone),
        "id_bidx": index("id_number", given.id_number),
        "level": given.level.value,
    }
    found: Any = await captchas.spend(service, given.captcha, CaptchaPurpose.RECOVERY, network, _FIRST, named)
    await phone_codes.prove(service, PhoneCodePurpose.RECOVERY_REDEMPTION, given.phone, given.code)
    new_passwords.judge(service, given.password, found.name)
    hashed = await service.passwords.hash(given.password)
    for _ in range(_ATTEMPTS):
        if found.id is None:
            raise Invalid(
                "code-wrong", params={"left": 0}, errors=[FieldError("/body/code", "code-wrong", {"left": 0})]
            )
        try:
            return await _carry_out(service, given, found, hashed)
        except (Stale, AlreadyExists):  # the phone found a holder, or the case its end, at the same moment
            (found,) = await service.db.rows(_AGAIN, {"purpose": PURPOSE, **named})
    raise Busy("rows-busy", retry_after=1)


async def _carry_out(service: Service, given: Redemption, found: Any, hashed: str) -> Answer:
    clock = service.clock
    taken = found.holder_id not in (None, found.person_id)
    move = Redeeming(tuple(_handed_over(service, given, found, hashed, taken=taken)))
    scene = Scene.now(service, VISITOR, Now(dict(found.items())), move=move, action=Do.REDEEM, id=found.id)
    await service.db.apply(workflow.cascade(scene).change, PUBLIC, purpose=PURPOSE)
    moves_at = clock.real() + phones.WAITING if taken and not found.phone_claimed else None
    return Answer(as_json({"phone_is_yours": not taken, "phone_moves_at": moves_at}))


def _handed_over(
    service: Service, given: Redemption, found: Any, hashed: str, *, taken: bool
) -> Iterator[Update | Row | SetOf]:
    yield Update(accounts, {"id": found.account_id, "disabled_at": None}, {"password_hash": hashed})
    yield session_endings.end_all(service, found.account_id)
    if taken and not found.phone_claimed:
        yield from phones.claim(service, found.person_id, given.phone)
    elif not taken:
        yield phones.give(service, found.person_id, given.phone, found.own_phone)
    if found.own_phone_sealed:
        former = phones.number(service, found.own_phone_sealed, found.person_id)
        yield text_message(service.sealer, former, "recovery-redeemed")
