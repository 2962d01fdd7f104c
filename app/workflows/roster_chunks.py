"""Chunks of checked roster rows on their way into a roster: persons and departments found or made, then the upsert."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import asyncpg
from sqlalchemy import ARRAY, DateTime, LargeBinary, Text, Uuid, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.change import fresh_id
from app.db import SYSTEM, Result, Statement, asked
from app.models import Body, Person, School
from app.models.base import table_of
from app.roster_files import RosterRow, RowError, RowErrors
from app.service import Service
from app.words import RosterSource
from app.workflows.roster_imports import ENTRYPOINT
from app.workflows.roster_upsert import upsert

OF_THEIR_OWN: Final = frozenset(
    {"id_number", "name", "school_code", "department", "level", "cohort", "completed", "phone"}
)
"""Fields with a column of their own; every other one is among the details."""
SCHOOL_COLUMN: Final = "院校代码"

bodies, persons, schools = table_of(Body), table_of(Person), table_of(School)
_ID = Uuid(as_uuid=False)
_at = asked("at", DateTime(timezone=True))


def _given(name: str, *columns: tuple[str, Any]) -> Any:
    """The rows of a JSON parameter as a table."""
    typed = (column(one, kind) for one, kind in columns)
    return func.jsonb_to_recordset(asked(name, JSONB)).table_valued(*typed, name=name).render_derived(with_types=True)


_new_persons = _given("persons", ("id", _ID), ("id_bidx", LargeBinary), ("id_sealed", LargeBinary))
_new_departments = _given("departments", ("id", _ID), ("code", Text), ("name", Text), ("parent_id", _ID))

_SCHOOLS = Statement(select(schools.c.code, schools.c.body_id))
_PERSONS = Statement(
    select(persons.c.id, persons.c.id_bidx).where(persons.c.id_bidx == func.any(asked("bidxs", ARRAY(LargeBinary))))
)
_ADD_PERSONS = Statement(
    insert(persons)
    .from_select(["id", "id_bidx", "id_sealed", "created_at"], select(*_new_persons.c, _at).order_by(_new_persons.c.id_bidx))
    .on_conflict_do_nothing()
)
_DEPARTMENTS = Statement(
    select(bodies.c.parent_id, bodies.c.name, func.min(bodies.c.id.cast(Text)).label("id"))
    .join(_new_departments, (bodies.c.parent_id == _new_departments.c.parent_id) & (bodies.c.name == _new_departments.c.name))
    .where(bodies.c.kind == "department")
    .group_by(bodies.c.parent_id, bodies.c.name)
)
_ADD_DEPARTMENTS = Statement(
    insert(bodies)
    .from_select(
        ["id", "code", "name", "parent_id", "kind", "created_at"],
        select(*_new_departments.c, literal("department"), _at),
    )
    .on_conflict_do_nothing()
)


class Chunks:
    """Takes chunks of one import, in the order of the file, each in a transaction of its own.

    A row that repeats the person, level, cohort and school of an earlier one is refused: which of the two is right,
    only the owner of the file knows.
    """

    def __init__(self, service: Service, one: Result, total: int | None) -> None:
        """`one` is the import as the table has it; rows up to its position are reported already."""
        self._service, self._import, self._total = service, one, total
        self._source, self._position = RosterSource(one.source), one.position
        self._schools: Mapping[str, str] = {}
        self._departments: dict[tuple[str, str], str] = {}
        self._seen: dict[int, int] = {}

    async def take(self, chunk: Sequence[RosterRow | RowErrors]) -> None:
        """Take a chunk; what of it is reported already is passed over."""
        async with self._service.db.transaction(SYSTEM, job=ENTRYPOINT, body=self._import.school_id) as line:
            if not self._schools:
                self._schools = {row["code"]: row["body_id"] for row in await _run(line, _SCHOOLS)}
            judged = [(row, self._errors(row)) for row in chunk]
            unreported = [(row, errors) for row, errors in judged if row.number > self._position]
            if not unreported:
                return
            good = [row for row, errors in unreported if isinstance(row, RosterRow) and not errors]
            await line.execute("set local plan_cache_mode = force_custom_plan")  # the table grows under the plan
            await _run(
                line,
                upsert(self._source, dry_run=self._import.dry_run),
                rows=await self._rows(line, good),
                refused=[{"number": row.number, "errors": _told(errors)} for row, errors in unreported if errors],
                position=self._position,
                last=chunk[-1].number,
                done=len(unreported),
                total=self._total,
                at=self._service.clock.real(),
                **{"import": self._import.id},
            )
        self._position = chunk[-1].number

    def _errors(self, row: RosterRow | RowErrors) -> Sequence[RowError]:
        """What is wrong with a row, in itself or beside the others."""
        if isinstance(row, RowErrors):
            return row.errors
        values = row.values
        school = self._schools.get(str(values["school_code"]))
        if self._source is RosterSource.SCHOOL and school != self._import.school_id:
            return [RowError(SCHOOL_COLUMN, "not-your-school")]
        if school is None:
            return [RowError(SCHOOL_COLUMN, "school-unknown")]
        same = hash(tuple(values[name] for name in ("id_number", "level", "cohort", "school_code")))
        first = self._seen.setdefault(same, row.number)
        return [] if first == row.number else [RowError(None, "row-repeated", {"row": first})]

    async def _rows(self, line: asyncpg.Connection, good: Sequence[RosterRow]) -> list[dict[str, Any]]:
        """The rows as the upsert takes them."""
        of_number = await self._persons(line, {str(row.values["id_number"]) for row in good})
        await self._find_departments(line, good)
        return [self._row(row, of_number[str(row.values["id_number"])]) for row in good]

    def _row(self, row: RosterRow, person: str) -> dict[str, Any]:
        values = row.values
        school, phone = self._schools[str(values["school_code"])], values.get("phone")
        return {
            "number": row.number,
            "id": fresh_id(),
            "person_id": person,
            "level": values["level"],
            "cohort": values["cohort"],
            "school_id": school,
            "department_id": self._departments[school, str(values["department"])],
            "name": values["name"],
            "completed": values["completed"],
            "has_phone": "phone" in values,
            **sealed_phone(self._service, person, str(phone) if phone else None),
            "details": {name: value for name, value in values.items() if name not in OF_THEIR_OWN},
            "extra": {name: value or None for name, value in row.extra.items()},
        }

    async def _persons(self, line: asyncpg.Connection, numbers: Iterable[str]) -> Mapping[str, str]:
        """The person of each ID number. Sealed for their own row alone: whoever is known stays as they are."""
        index, seal = self._service.blind_index.of, self._service.sealer.seal
        bidxs = {number: index("id_number", number) for number in numbers}
        known = await self._known(line, bidxs)
        fresh = {number: fresh_id() for number in bidxs if number not in known}
        if fresh and not self._import.dry_run:
            rows = [
                {"id": one, "id_bidx": bidxs[number], "id_sealed": seal(number, table="persons", column="id_sealed", row=one)}
                for number, one in fresh.items()
            ]
            await _run(line, _ADD_PERSONS, persons=rows, at=self._service.clock.real())
            fresh = await self._known(line, {number: bidxs[number] for number in fresh})
        return {**known, **fresh}

    @staticmethod
    async def _known(line: asyncpg.Connection, bidxs: Mapping[str, bytes]) -> dict[str, str]:
        found = {row["id_bidx"]: row["id"] for row in await _run(line, _PERSONS, bidxs=[*bidxs.values()])}
        return {number: found[bidx] for number, bidx in bidxs.items() if bidx in found}

    async def _find_departments(self, line: asyncpg.Connection, good: Sequence[RosterRow]) -> None:
        """Know the department of each row by its name under the school; one that isn't there is made."""
        codes = {str(row.values["school_code"]) for row in good}
        named = {(self._schools[code], code) for code in codes}
        code_of = dict(named)
        asked_for = {(self._schools[str(row.values["school_code"])], str(row.values["department"])) for row in good}
        for makes in (False, True):
            missing = asked_for - self._departments.keys()
            if not missing:
                return
            rows = [new_department(code_of[school], school, name) for school, name in sorted(missing)]
            if makes and self._import.dry_run:
                self._departments |= {(row["parent_id"], row["name"]): row["id"] for row in rows}
                return
            if makes:
                await _run(line, _ADD_DEPARTMENTS, departments=rows, at=self._service.clock.real())
            found = await _run(line, _DEPARTMENTS, departments=rows)
            self._departments |= {(row["parent_id"], row["name"]): row["id"] for row in found}
