"""One-time codes that prove a phone: six digits, good for five minutes, five tries and one use.

Only the newest code of a phone and purpose counts. Its text message is promised in the commit that stores it, and
counted there: for the phone, for the network that asks, and for the service, whose breaker stops a flood that has many
networks from costing without end. Behind it nobody gets a code until its window is over.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, LargeBinary, SmallInteger, Text, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.change import Change, SetOf, SetStatement
from app.db import Statement, asked
from app.errors import FieldError, Invalid
from app.models import OneTimeCode
from app.models.base import table_of
from app.schemas.auth import CaptchaPurpose, PhoneCodeDraft, PhoneCodePurpose
from app.security.one_time_codes import digest, new_code
from app.security.sealing import subkey
from app.service import Service
from app.workflows.accounts import captchas
from app.workflows.accounts.limits import Limit, Window, count
from app.workflows.accounts.public import entered
from app.workflows.looking import Answer, as_json
from app.workflows.sms import text_message

LIFETIME: Final = timedelta(minutes=5)
TRIES: Final = 5
RESENDING: Final = Window(1, 60)
SENDING: Final = Limit("phone_codes", RESENDING, Window(5, 3600), Window(10, 86400))
FROM: Final = Limit("phone_codes_from", Window(lambda settings: settings.phone_codes_per_network, 3600))
AT_ALL: Final = Limit(
    "phone_codes_at_all",
    Window(lambda settings: settings.phone_codes_an_hour, 3600),
    told=False,
    breaker="phone-codes-paused",
)

codes = table_of(OneTimeCode)


def _put(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    new = {
        "phone_bidx": asked("phone_bidx", LargeBinary()),
        "purpose": asked("purpose", Text()),
        "digest": asked("digest", LargeBinary()),
        "expires_at": asked("expires_at", DateTime(timezone=True)),
        "tries_left": asked("tries_left", SmallInteger()),
    }
    put = insert(codes).from_select([*new], select(*new.values()).where(gate))
    over = {name: put.excluded[name] for name in ("digest", "expires_at", "tries_left")}
    return [
        put.on_conflict_do_update(index_elements=["phone_bidx", "purpose"], set_=over)
        .returning(codes.c.purpose)
        .cte("put")
    ]


PUT: Final = SetStatement("put_code", _put)


def _proving() -> Statement:
    """Takes the code away if it is the one given, and else takes one of its tries; both at once for nobody."""
    who, gate = entered()
    given = asked("digest", LargeBinary())
    live = and_(
        gate,
        codes.c.phone_bidx == asked("phone_bidx", LargeBinary()),
        codes.c.purpose == asked("code_purpose", Text()),
        codes.c.expires_at > asked("real", DateTime(timezone=True)),
        codes.c.tries_left > 0,
    )
    right = delete(codes).where(live, codes.c.digest == given).returning(codes.c.purpose).cte("right_one")
    wrong = (
        update(codes)
        .where(live, codes.c.digest != given)
        .values(tries_left=codes.c.tries_left - 1)
        .returning(codes.c.tries_left)
        .cte("wrong_one")
    )
    proven = select(func.count()).select_from(right).scalar_subquery() == 1
    left = func.coalesce(select(wrong.c.tries_left).scalar_subquery(), 0)
    return Statement(select(proven.label("proven"), left.label("left")).add_cte(who))


_PROVING: Final = _proving()


async def send(service: Service, draft: PhoneCodeDraft, network: bytes) -> Answer:
    """Promise a code to the phone, whoever has it, and tell nothing of them; or 429, 503 `phone-codes-paused`."""
    await captchas.spend(service, draft.captcha, CaptchaPurpose.PHONE_CODE, network)
    phone, code = service.blind_index.of("phone", draft.phone), new_code()
    kept = put(service, draft.purpose, phone, code, LIFETIME)
    message = text_message(service.sealer, draft.phone, "one-time-code", code=code, minutes=LIFETIME.seconds // 60)
    tries = (SENDING.of(phone), FROM.of(network), AT_ALL.of())
    budgets = await count(service, "phone_code", *tries, also=Change.of((kept, message)))
    return Answer(as_json({"expires_in": LIFETIME.seconds, "resend_after": RESENDING.seconds}), budgets=budgets)


def put(service: Service, purpose: PhoneCodePurpose, phone_bidx: bytes, code: str, lifetime: timedelta) -> SetOf:
    """Keeps a code as the newest of a phone and purpose, in the change that promises its text message."""
    values = {
        "phone_bidx": phone_bidx,
        "purpose": purpose.value,
        "digest": digest(_key(service), purpose, phone_bidx, code),
        "expires_at": service.clock.real() + lifetime,
        "tries_left": TRIES,
    }
    return SetOf(PUT, values)


async def prove(
    service: Service, purpose: PhoneCodePurpose, phone: str, code: str, pointer: str = "/body/code"
) -> None:
    """Take the code of the phone away, or refuse with 422 `code-wrong`: wrong, used, too old, or never sent."""
    index = service.blind_index.of("phone", phone)
    given = {
        "purpose": "phone_code",
        "phone_bidx": index,
        "code_purpose": purpose.value,
        "digest": digest(_key(service), purpose, index, code),
        "real": service.clock.real(),
    }
    (row,) = await service.db.write(_PROVING, given)
    if not row.proven:
        raise Invalid(
            "code-wrong", params={"left": row.left}, errors=[FieldError(pointer, "code-wrong", {"left": row.left})]
        )


def _key(service: Service) -> bytes:
    return subkey(service.settings.hmac, "one-time codes")
