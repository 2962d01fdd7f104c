"""How often something may be tried, counted in PostgreSQL, so that all processes count together.

A window begins with its first try and goes by the wall clock. A try beyond the limit is refused by the database, with
all that came with it: it leaves no trace, and does not make the wait longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    and_,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from app.change import Change, SetOf, SetStatement
from app.db import PUBLIC, Read, Stale, asked
from app.errors import TooMany
from app.models import Bucket
from app.models.base import table_of
from app.service import Service

buckets = table_of(Bucket)
_NOTHING = Change()
_ONE = literal_column("1", Integer)


@dataclass(frozen=True, slots=True)
class Window:
    """So many tries in so many seconds."""

    most: int
    seconds: int


class Limit:
    """How often one thing may be tried by, or upon, one subject: each of the windows holds."""

    def __init__(self, name: str, *windows: Window) -> None:
        self.name, self._windows = name, windows
        self._counting = SetStatement(f"count_{name}", self._counted)
        self._forgetting = SetStatement(f"forget_{name}", self._forgotten)
        full = (
            and_(buckets.c.key == asked(f"key_{place}", LargeBinary()), buckets.c.used >= literal_column(str(one.most)))
            for place, one in enumerate(windows)
        )
        still = buckets.c.until > asked("real", DateTime(timezone=True))
        self._used_up = Read(select(func.max(buckets.c.until).label("until")).where(still, or_(*full)), door=PUBLIC)

    def a_try(self, service: Service, *subject: str | bytes | None) -> SetOf:
        """Counts one, in the change that it is part of; beyond the limit that change is `Stale`."""
        real = service.clock.real()
        ends = {
            f"until_{place}": real + timedelta(seconds=window.seconds) for place, window in enumerate(self._windows)
        }
        return SetOf(self._counting, {"real": real, **ends, **self._keys(service, subject)})

    def forgotten(self, service: Service, *subject: str | bytes | None) -> SetOf:
        """Counts from zero again."""
        return SetOf(self._forgetting, self._keys(service, subject))

    async def count(
        self, service: Service, purpose: str, *subject: str | bytes | None, also: Change = _NOTHING
    ) -> None:
        """Count a try and write what comes with it, or write nothing and raise `TooMany`."""
        change = Change(sets=(self.a_try(service, *subject),)).and_also(also)
        try:
            await service.db.apply(change, PUBLIC, purpose=purpose)
        except Stale as error:
            raise await self._too_many(service, purpose, subject) from error

    async def _too_many(self, service: Service, purpose: str, subject: Sequence[str | bytes | None]) -> TooMany:
        real = service.clock.real()
        (row,) = await service.db.rows(
            self._used_up, {"purpose": purpose, "real": real, **self._keys(service, subject)}
        )
        return TooMany(retry_after=max(1, ceil((row.until - real).total_seconds())) if row.until else 1)

    async def too_many(self, service: Service, purpose: str, *subject: str | bytes | None) -> TooMany:
        """The refusal for who counted `a_try` in a change of their own, which was `Stale`."""
        return await self._too_many(service, purpose, subject)

    def _keys(self, service: Service, subject: Sequence[str | bytes | None]) -> dict[str, bytes]:
        return {
            f"key_{place}": service.fingerprint.of("bucket", self.name, str(window.seconds), *subject)
            for place, window in enumerate(self._windows)
        }

    def _counted(self, asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        real = asked("real", DateTime(timezone=True))
        parts = []
        for place, window in enumerate(self._windows):
            begun = insert(buckets).from_select(
                ["key", "used", "until"],
                select(
                    asked(f"key_{place}", LargeBinary()),
                    _ONE,
                    asked(f"until_{place}", DateTime(timezone=True)),
                ).where(gate),
            )
            over = buckets.c.until <= real
            one_more = case(
                (over, _ONE),
                (buckets.c.used < literal_column(str(window.most)), buckets.c.used + _ONE),
                else_=func.app.refuse("full", type_=Integer),
            )
            until = case((over, begun.excluded.until), else_=buckets.c.until)
            counted = begun.on_conflict_do_update(index_elements=["key"], set_={"used": one_more, "until": until})
            parts.append(counted.returning(buckets.c.used).cte(f"{self.name}_{place}"))
        return parts

    def _forgotten(self, asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        keys = [asked(f"key_{place}", LargeBinary()) for place, _ in enumerate(self._windows)]
        return [
            delete(buckets)
            .where(gate, or_(*(buckets.c.key == key for key in keys)))
            .returning(buckets.c.used)
            .cte(f"{self.name}_forgotten")
        ]
