"""Persons as rosters name them: found by the blind index of the ID number, made when there is none.

An ID number is sealed for the row that it is written to: who is known stays as they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, DateTime, LargeBinary, Uuid, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.change import fresh_id
from app.db import Statement, asked, run
from app.models import Person
from app.models.base import table_of
from app.security import masks
from app.service import Service

persons = table_of(Person)
_given = (
    func.jsonb_to_recordset(asked("persons", JSONB))
    .table_valued(
        column("id", Uuid(as_uuid=False)),
        column("id_bidx", LargeBinary),
        column("id_sealed", LargeBinary),
        name="given",
    )
    .render_derived(with_types=True)
)
_FIND = Statement(
    select(persons.c.id, persons.c.id_bidx).where(persons.c.id_bidx == func.any(asked("bidxs", ARRAY(LargeBinary))))
)
_ADD = Statement(
    insert(persons)
    .from_select(
        ["id", "id_bidx", "id_sealed", "created_at"],
        select(*_given.c, asked("at", DateTime(timezone=True))).order_by(_given.c.id_bidx),
    )
    .on_conflict_do_nothing()
)


async def persons_of(
    line: asyncpg.Connection, service: Service, numbers: Iterable[str], *, make: bool
) -> Mapping[str, str]:
    """The person of each ID number. Without `make`, who is missing has a passing id."""
    bidxs = {number: service.blind_index.of("id_number", number) for number in numbers}
    found = await _found(line, bidxs)
    missing = {number: bidx for number, bidx in bidxs.items() if number not in found}
    if missing and make:
        rows = [new_person(service, number, bidx) for number, bidx in missing.items()]
        await run(line, _ADD, persons=rows, at=service.clock.real())
        found |= await _found(line, missing)
    return {number: fresh_id() for number in missing} | found


def new_person(service: Service, number: str, bidx: bytes) -> dict[str, Any]:
    """A person who isn't there yet."""
    one = fresh_id()
    sealed = service.sealer.seal(number, table="persons", column="id_sealed", row=one)
    return {"id": one, "id_bidx": bidx, "id_sealed": sealed}


def id_number_of(service: Service, person: str, sealed: bytes) -> str:
    """The ID number of a person."""
    return service.sealer.open(sealed, table="persons", column="id_sealed", row=person)


def shown_id_number(service: Service, row: Any) -> str | None:
    """The ID number of the person beside a row, masked; None where nothing of them is visible."""
    return None if row.id_sealed is None else masks.id_number(id_number_of(service, row.person_id, row.id_sealed))


def sealed_phone(service: Service, person: str, phone: str | None) -> dict[str, bytes | None]:
    """What a roster entry keeps of the phone that it states: it isn't proven, so it is no phone of the person's."""
    if phone is None:
        return {"phone_bidx": None, "phone_sealed": None}
    sealed = service.sealer.seal(phone, table="roster_entries", column="phone_sealed", row=person)
    return {"phone_bidx": service.blind_index.of("phone", phone), "phone_sealed": sealed}


def phone_of(service: Service, person: str, sealed: bytes | None) -> str | None:
    """The phone that a roster entry of the person states."""
    return service.sealer.open(sealed, table="roster_entries", column="phone_sealed", row=person) if sealed else None


async def _found(line: asyncpg.Connection, bidxs: Mapping[str, bytes]) -> dict[str, str]:
    found = {row["id_bidx"]: row["id"] for row in await run(line, _FIND, bidxs=[*bidxs.values()])}
    return {number: found[bidx] for number, bidx in bidxs.items() if bidx in found}
