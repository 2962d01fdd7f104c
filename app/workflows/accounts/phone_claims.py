"""What the worker does with a claim on a number: tells its holder, and moves it when the time to object is over.

Both are wider than what the claimant may see, so both are jobs of the system (model.md §4).
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, LargeBinary, Text, Uuid, cast, delete, func, or_, select

from app.change import Change, Row, SetOf, SetStatement, Update
from app.db import SYSTEM, Read, Result, Stale, asked
from app.models import Graduate, Phone, PhoneClaim
from app.models.base import table_of
from app.service import Service
from app.workflows.accounts.notes import note
from app.workflows.accounts.phones import MOVE_IT, TELL_THE_HOLDER, number
from app.workflows.sms import text_message

phones, claims, graduates = table_of(Phone), table_of(PhoneClaim), table_of(Graduate)
_holder, _own = phones.alias("holder"), phones.alias("own")


def _graduates_of(person: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    ids = select(func.array_agg(cast(graduates.c.id, Text))).where(graduates.c.person_id == person)
    return ids.scalar_subquery().label(name)


_OPEN: Final = Read(
    select(
        *(claims.c[name] for name in ("id", "bidx", "sealed", "person_id", "moves_at")),
        _own.c.sealed.label("own_sealed"),
        _graduates_of(claims.c.person_id, "claimants"),
        _graduates_of(_holder.c.person_id, "holders"),
    )
    .select_from(claims)
    .outerjoin(_holder, _holder.c.bidx == claims.c.bidx)
    .outerjoin(_own, _own.c.person_id == claims.c.person_id)
    .where(claims.c.id == asked("claim", Uuid(as_uuid=False)), claims.c.status == "open"),
    door=SYSTEM,
)
"""A claim that is open, with the graduates on both sides, and what its maker holds now."""


def _vacated(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    number, person = asked("bidx", LargeBinary()), asked("person_id", Uuid(as_uuid=False))
    given_up = delete(phones).where(gate, or_(phones.c.bidx == number, phones.c.person_id == person))
    return [given_up.returning(phones.c.bidx).cte("vacated")]


_VACATE: Final = SetStatement("vacate_phones", _vacated)
"""Takes the number from its holder, and from its new holder what they held."""


async def tell_the_holder(service: Service, payload: Mapping[str, Any], _ending: asyncio.Event) -> None:
    """Say to whoever holds the number, there and in their inboxes, that it moves unless they object."""
    found = await _look(service, TELL_THE_HOLDER, payload)
    if found is None:
        return
    told = [note(service, one, "phone-claimed") for one in found.holders or ()]
    change = Change.of((*told, text_message(service.sealer, _claimed(service, found), "phone-claimed")))
    await service.db.apply(change, SYSTEM, job=TELL_THE_HOLDER, body=None)


async def move(service: Service, payload: Mapping[str, Any], _ending: asyncio.Event) -> None:
    """Give the number to who claimed it, unless its holder has objected: a claim that is settled stays as it is."""
    found = await _look(service, MOVE_IT, payload)
    if found is None or found.moves_at > service.clock.real():
        return
    try:
        await service.db.apply(Change.of(_moved(service, found)), SYSTEM, job=MOVE_IT, body=None)
    except Stale:  # objected to at this very moment
        return


async def _look(service: Service, job: str, payload: Mapping[str, Any]) -> Result | None:
    (row,) = await service.db.rows(_OPEN, {"job": job, "body": None, "claim": payload["claim"]})
    return None if row.id is None else row


def _claimed(service: Service, found: Result) -> str:
    return service.sealer.open(found.sealed, table="phone_claims", column="sealed", row=found.id)


def _moved(service: Service, found: Result) -> Iterator[Update | Row | SetOf]:
    phone, real = _claimed(service, found), service.clock.real()
    yield Update(claims, {"id": found.id, "status": "open"}, {"status": "moved", "settled_at": real})
    yield SetOf(_VACATE, {"bidx": found.bidx, "person_id": found.person_id})
    sealed = service.sealer.seal(phone, table="phones", column="sealed", row=found.person_id)
    yield Row(phones, {"bidx": found.bidx, "sealed": sealed, "person_id": found.person_id, "proven_at": real})
    yield from (note(service, one, "phone-changed") for one in found.claimants or ())
    yield from (note(service, one, "phone-lost") for one in found.holders or ())
    yield text_message(service.sealer, phone, "phone-moved")
    if found.own_sealed:
        yield text_message(service.sealer, number(service, found.own_sealed, found.person_id), "phone-changed")
