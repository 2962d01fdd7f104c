"""Who holds a phone: one number each person, one person each number (domain.md §2).

A number that somebody else holds is claimed: it moves after 72 hours unless its holder objects (model.md §4).
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, LargeBinary, Uuid, select
from sqlalchemy.dialects.postgresql import insert

from app.change import Row, SetOf, SetStatement, fresh_id
from app.models import Phone, PhoneClaim
from app.models.base import table_of
from app.outbox import promise
from app.service import Service

WAITING: Final = timedelta(hours=72)
TELL_THE_HOLDER: Final = "phone-claimed"
MOVE_IT: Final = "phone-moves"
"""The jobs that a claim promises: one at once, one when the time to object is over."""

phones, claims = table_of(Phone), table_of(PhoneClaim)


def _given(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    new = {
        "bidx": asked("bidx", LargeBinary()),
        "sealed": asked("sealed", LargeBinary()),
        "person_id": asked("person_id", Uuid(as_uuid=False)),
        "proven_at": asked("proven_at", DateTime(timezone=True)),
    }
    put = insert(phones).from_select([*new], select(*new.values()).where(gate))
    over = {name: put.excluded[name] for name in ("bidx", "sealed", "proven_at")}
    as_read = phones.c.bidx == asked("former", LargeBinary())
    done = put.on_conflict_do_update(index_elements=["person_id"], set_=over, where=as_read)
    return [done.returning(phones.c.bidx).cte("given")]


_GIVE: Final = SetStatement("give_phone", _given, one=True)


def give(service: Service, person: str, phone: str, former: bytes | None) -> SetOf:
    """The person holds this phone from now on, in place of the `former` one (its blind index, as it was read).

    `Stale` when they hold another by now, `AlreadyExists("pk_phones")` when somebody else holds this one.
    """
    values = {
        "bidx": service.blind_index.of("phone", phone),
        "sealed": service.sealer.seal(phone, table="phones", column="sealed", row=person),
        "person_id": person,
        "proven_at": service.clock.real(),
        "former": former,
    }
    return SetOf(_GIVE, values)


def number(service: Service, sealed: bytes, person: str) -> str:
    """The number that a person holds."""
    return service.sealer.open(sealed, table="phones", column="sealed", row=person)


def claim(service: Service, person: str, phone: str) -> Iterable[Row]:
    """The claim of a person who has proven a number that another one holds, and the jobs that follow from it."""
    claimed, real = fresh_id(), service.clock.real()
    yield Row(
        claims,
        {
            "id": claimed,
            "bidx": service.blind_index.of("phone", phone),
            "sealed": service.sealer.seal(phone, table="phone_claims", column="sealed", row=claimed),
            "person_id": person,
            "status": "open",
            "made_at": real,
            "moves_at": real + WAITING,
        },
    )
    yield promise(TELL_THE_HOLDER, {"claim": claimed})
    yield promise(MOVE_IT, {"claim": claimed}, after=real + WAITING)
