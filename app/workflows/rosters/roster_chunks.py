"""Chunks of checked roster rows on their way into a roster, each in a transaction of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import select

from app.change import fresh_id
from app.db import SYSTEM, Result, Statement, run
from app.models import School
from app.models.base import table_of
from app.service import Service
from app.sheets import RowError, RowErrors, SheetRow
from app.words import RosterSource
from app.workflows.imports.reporting import told
from app.workflows.rosters.roster_accounts import PROVIDE
from app.workflows.rosters.roster_departments import Named, departments
from app.workflows.rosters.roster_imports import desk
from app.workflows.rosters.roster_persons import persons_of, sealed_phone
from app.workflows.rosters.roster_upsert import upsert

OF_THEIR_OWN: Final = frozenset(
    {
        "id_number",
        "name",
        "school_code",
        "department",
        "level",
        "cohort",
        "completed",
        "phone",
        "activated",
        "password_hash",
    }
)
"""Fields that are kept elsewhere; every other one is among an entry's details."""
SCHOOL_COLUMN: Final = "院校代码"
DEPARTMENT_COLUMN: Final = "所在院系"
"""Keeps what the provincial roster calls a department that the school doesn't have: the province makes none."""

_schools = table_of(School)
_SCHOOLS = Statement(select(_schools.c.code, _schools.c.body_id))


class Chunks:
    """Takes the chunks of one import, in the order of the file.

    A row that repeats the person, level, cohort and school of an earlier one is refused: which of the two is right,
    only the owner of the file knows.
    """

    def __init__(self, service: Service, one: Result, total: int | None) -> None:
        """`one` is the import as the table has it; `total` the rows of the file, if known."""
        self._service, self._import, self._total = service, one, total
        self._source, self._position = RosterSource(one.source), one.position
        self._schools: Mapping[str, str] = {}
        self._departments: dict[Named, str] = {}
        self._seen: dict[int, int] = {}

    async def take(self, chunk: Sequence[SheetRow | RowErrors]) -> None:
        """Take a chunk; rows that are reported on already are passed over. `Stale` if another worker is at it."""
        async with self._service.db.transaction(SYSTEM, job=desk.entrypoint, body=self._import.body_id) as line:
            if not self._schools:
                self._schools = {row["code"]: row["body_id"] for row in await run(line, _SCHOOLS)}
            judged = [(row, self._errors(row)) for row in chunk]
            if chunk[-1].number <= self._position:
                return
            await self._write(line, [(row, errors) for row, errors in judged if row.number > self._position])
        self._position = chunk[-1].number

    async def _write(
        self, line: asyncpg.Connection, judged: Sequence[tuple[SheetRow | RowErrors, Sequence[RowError]]]
    ) -> None:
        good = [row for row, errors in judged if isinstance(row, SheetRow) and not errors]
        found = await self._found(line, good)
        await line.execute("set local plan_cache_mode = force_custom_plan")  # a plan kept is one for an emptier table
        await run(
            line,
            upsert(self._source, dry_run=self._import.dry_run),
            rows=found,
            refused=told((row.number, errors) for row, errors in judged if errors),
            position=self._position,
            last=judged[-1][0].number,
            done=len(judged),
            total=self._total,
            at=self._service.clock.real(),
            **{"import": self._import.id},
        )
        if self._source is RosterSource.SCHOOL and not self._import.dry_run:
            known = [
                one | {name: row.values.get(name) for name in ("activated", "password_hash")}
                for row, one in zip(good, found, strict=True)
            ]
            clock = self._service.clock
            await run(line, PROVIDE, rows=known, at=clock.real(), now=clock.now())

    def _errors(self, row: SheetRow | RowErrors) -> Sequence[RowError]:
        """What is wrong with a row, in itself or beside the others."""
        if isinstance(row, RowErrors):
            return row.errors
        school = self._schools.get(str(row.values["school_code"]))
        if self._source is RosterSource.SCHOOL and school != self._import.body_id:
            return [RowError(SCHOOL_COLUMN, "not-your-school")]
        if school is None:
            return [RowError(SCHOOL_COLUMN, "school-unknown")]
        key = hash(tuple(row.values[name] for name in ("id_number", "level", "cohort", "school_code")))
        first = self._seen.setdefault(key, row.number)
        return [] if first == row.number else [RowError(None, "row-repeated", {"row": first})]

    async def _found(self, line: asyncpg.Connection, good: Sequence[SheetRow]) -> list[dict[str, Any]]:
        """The rows as the upsert takes them, with their persons and departments."""
        service, make = self._service, not self._import.dry_run
        persons = await persons_of(line, service, {str(row.values["id_number"]) for row in good}, make=make)
        makes_departments = make and self._source is RosterSource.SCHOOL
        named = {self._named(row): str(row.values["school_code"]) for row in good}
        unknown = [(one, code) for one, code in named.items() if one not in self._departments]
        self._departments |= await departments(line, unknown, service.clock.real(), make=makes_departments)
        return [self._row(row, persons[str(row.values["id_number"])]) for row in good]

    def _named(self, row: SheetRow) -> Named:
        return self._schools[str(row.values["school_code"])], str(row.values["department"])

    def _row(self, row: SheetRow, person: str) -> dict[str, Any]:
        values, phone, department = row.values, row.values.get("phone"), self._departments.get(self._named(row))
        extra = {name: value or None for name, value in row.extra.items()}
        if self._source is RosterSource.PROVINCIAL:
            extra[DEPARTMENT_COLUMN] = None if department else str(values["department"])
        elif department is None:
            department = fresh_id()  # a dry run: it would be made
        return {
            "number": row.number,
            "id": fresh_id(),
            "person_id": person,
            "school_id": self._named(row)[0],
            "department_id": department,
            **{name: values[name] for name in ("name", "level", "cohort", "completed")},
            "has_phone": "phone" in values,
            **sealed_phone(self._service, person, str(phone) if phone else None),
            "details": {name: value for name, value in values.items() if name not in OF_THEIR_OWN},
            "extra": extra,
        }
