"""How often something may be tried, counted in PostgreSQL, so that all processes count together.

A window begins with its first try and goes by the wall clock. A try beyond the limit is refused by the database, with
all that came with it: it leaves no trace, and does not make the wait longer. Where the database cannot count, nothing
is let through: what is limited rides on the counting write, or comes after it.

    TRYING = Limit("logins", Window(10, 900))
    budgets = await TRYING.count(service, "login", name, also=change)     counts, and writes the change; else `TooMany`
    await count(service, "phone_code", SENDING.of(phone), ALL.of(), also=change)      several limits, in one write
    Change(sets=(TRYING.forgotten(service, name),))                       from zero again
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

import structlog
from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.budgets import Budget
from app.change import Change, SetOf, SetStatement
from app.db import PUBLIC, Read, Result, Stale, asked
from app.errors import Refusal, TooMany, Unavailable
from app.models import Bucket
from app.models.base import table_of
from app.service import Service
from app.settings import Settings

Subject = str | bytes | None

log = structlog.get_logger()
buckets = table_of(Bucket)
_NOTHING: Final = Change()
_ONE = literal_column("1", Integer)
_FULL: Final = Read(
    select(buckets.c.key, buckets.c.used, buckets.c.until).where(
        buckets.c.key == func.any(asked("keys", ARRAY(LargeBinary()))),
        buckets.c.until > asked("real", DateTime(timezone=True)),
    ),
    door=PUBLIC,
)


@dataclass(frozen=True, slots=True)
class Window:
    """So many tries in so many seconds. How many may be the operator's choice."""

    most: int | Callable[[Settings], int]
    seconds: int

    def allows(self, settings: Settings) -> int:
        """So many."""
        return self.most if isinstance(self.most, int) else self.most(settings)


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a limited thing by, or upon, one subject."""

    limit: "Limit"
    subject: tuple[Subject, ...]


class Limit:
    """How often one thing may be tried by, or upon, one subject: each of the windows holds.

    `told`: callers learn what is left to them. `breaker`: it guards the service and no subject; used up, it refuses
    with 503 and this code, and the try that takes the last one sounds the alarm `breaker-tripped`.
    """

    def __init__(self, name: str, *windows: Window, told: bool = True, breaker: str | None = None) -> None:
        self.name, self.windows, self.told, self.breaker = name, windows, told, breaker
        parts = tuple(f"{name}_{place}" for place, _ in enumerate(windows))
        tells = tuple((part, column) for part in parts for column in ("used", "until"))
        self._counting = SetStatement(f"count_{name}", self._counted, tells)
        self._forgetting = SetStatement(f"forget_{name}", self._forgotten)
        self._returning = SetStatement(f"return_{name}", self._returned)

    def of(self, *subject: Subject) -> Try:
        """One try, to be counted together with others."""
        return Try(self, subject)

    def a_try(self, service: Service, *subject: Subject) -> SetOf:
        """Counts one, in the change that it is part of; beyond the limit that change is `Stale`."""
        real, values = service.clock.real(), dict[str, Any]()
        for place, window in enumerate(self.windows):
            values[f"most_{place}"] = window.allows(service.settings)
            values[f"until_{place}"] = real + timedelta(seconds=window.seconds)
        return SetOf(self._counting, {"real": real, **values, **self._keys(service, subject)})

    def forgotten(self, service: Service, *subject: Subject) -> SetOf:
        """Counts from zero again."""
        return SetOf(self._forgetting, self._keys(service, subject))

    def returned(self, service: Service, *subject: Subject) -> SetOf:
        """Takes one try back: it was none of those that the limit is for."""
        return SetOf(self._returning, self._keys(service, subject))

    async def count(
        self, service: Service, purpose: str, *subject: Subject, also: Change = _NOTHING
    ) -> tuple[Budget, ...]:
        """Count a try and write what comes with it, or write nothing and refuse: see the function `count`."""
        return await count(service, purpose, self.of(*subject), also=also)

    def keys(self, service: Service, subject: Sequence[Subject]) -> Sequence[bytes]:
        """The buckets of a subject, one for each window."""
        return [service.fingerprint.of("bucket", self.name, str(one.seconds), *subject) for one in self.windows]

    def _keys(self, service: Service, subject: Sequence[Subject]) -> dict[str, bytes]:
        return {f"key_{place}": key for place, key in enumerate(self.keys(service, subject))}

    def _counted(self, asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        real = asked("real", DateTime(timezone=True))
        parts = []
        for place, _ in enumerate(self.windows):
            key, ends = asked(f"key_{place}", LargeBinary()), asked(f"until_{place}", DateTime(timezone=True))
            begun = insert(buckets).from_select(["key", "used", "until"], select(key, _ONE, ends).where(gate))
            over = buckets.c.until <= real
            one_more = case(
                (over, _ONE),
                (buckets.c.used < asked(f"most_{place}", Integer()), buckets.c.used + _ONE),
                else_=func.app.refuse("full", type_=Integer),
            )
            until = case((over, begun.excluded.until), else_=buckets.c.until)
            counted = begun.on_conflict_do_update(index_elements=["key"], set_={"used": one_more, "until": until})
            parts.append(counted.returning(buckets.c.used, buckets.c.until).cte(f"{self.name}_{place}"))
        return parts

    def _forgotten(self, asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        keys = [asked(f"key_{place}", LargeBinary()) for place, _ in enumerate(self.windows)]
        return [
            delete(buckets)
            .where(gate, or_(*(buckets.c.key == key for key in keys)))
            .returning(buckets.c.used)
            .cte(f"{self.name}_forgotten")
        ]

    def _returned(self, asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        return [
            update(buckets)
            .where(gate, buckets.c.key == asked(f"key_{place}", LargeBinary()), buckets.c.used > 0)
            .values(used=buckets.c.used - _ONE)
            .returning(buckets.c.used)
            .cte(f"{self.name}_returned_{place}")
            for place, _ in enumerate(self.windows)
        ]


async def count(service: Service, purpose: str, *tries: Try, also: Change = _NOTHING) -> tuple[Budget, ...]:
    """Count each try and write what comes with them: what is left of the limits that are told. One statement.

    Or write nothing: 429 `TooMany`, 503 for a breaker, and 503 when the database cannot count.
    """
    counting = Change(sets=tuple(one.limit.a_try(service, *one.subject) for one in tries))
    try:
        told = await service.db.apply(counting.and_also(also), PUBLIC, purpose=purpose)
    except Stale as error:
        raise await refusal(service, purpose, *tries) from error
    for one in tries:
        _sound_the_alarm(service, one.limit, told)
    return left(service, told, *tries)


def left(service: Service, told: Result, *tries: Try) -> tuple[Budget, ...]:
    """What is left after the write of a change that counted these tries, which told so."""
    return tuple(_left(service, tries, lambda part, _: (told[f"{part}_used"], told[f"{part}_until"])))


async def refusal(service: Service, purpose: str, *tries: Try) -> Refusal:
    """Why a change that counted these tries was `Stale`: which limit is used up, and until when.

    Its window may be over by now: then the next try is welcome.
    """
    keys = [key for one in tries for key in one.limit.keys(service, one.subject)]
    rows = await service.db.rows(_FULL, {"purpose": purpose, "real": service.clock.real(), "keys": keys})
    held = {row.key: (row.used, row.until) for row in rows if row.key is not None}
    empty = (0, service.clock.real())
    over: dict[str | None, int] = {}
    for one in tries:
        for key, window in zip(one.limit.keys(service, one.subject), one.limit.windows, strict=True):
            used, until = held.get(key, empty)
            if used >= window.allows(service.settings):
                over[one.limit.breaker] = max(over.get(one.limit.breaker, 1), _seconds(service, until))
    if over and None not in over:
        ((code, wait),) = over.items()
        return Unavailable(code, retry_after=wait)
    budgets = tuple(_left(service, tries, lambda _, key: held.get(key, empty)))
    return TooMany(retry_after=over.get(None, 1), budgets=budgets)


def _left(
    service: Service, tries: Sequence[Try], held: Callable[[str, bytes], tuple[int, datetime]]
) -> Iterator[Budget]:
    """What is left of each window that is told; `held` finds its count and end, by the name of its part and its key."""
    for one in tries:
        limit = one.limit
        for place, (key, window) in enumerate(zip(limit.keys(service, one.subject), limit.windows, strict=True)):
            used, until = held(f"{limit.name}_{place}", key)
            most = window.allows(service.settings)
            if limit.told:
                name = f"{limit.name.replace('_', '-')}-{window.seconds}"
                yield Budget(name, most, window.seconds, max(0, most - used), _seconds(service, until))


def _sound_the_alarm(service: Service, limit: Limit, told: Result) -> None:
    """Once for each window of a breaker that is used up, by whichever process took the last try."""
    for place, window in enumerate(limit.windows):
        if limit.breaker and told[f"{limit.name}_{place}_used"] == window.allows(service.settings):
            log.error("breaker-tripped", limit=limit.name, most=window.allows(service.settings), seconds=window.seconds)


def _seconds(service: Service, until: datetime) -> int:
    return max(1, ceil((until - service.clock.real()).total_seconds()))
