"""The calendar of working days: read by everybody, entered by the provincial bureau, a year at once or day by day.

A year has a version, which goes up with every change of its days: of two administrators who have seen the same one, one
wins, because the trail has one step for a version. It is known once it was entered as a whole. A change holds at once
in the process that makes it, and in the others within a minute; days that were counted stay.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    SmallInteger,
    Text,
    delete,
    extract,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.calendar import Calendar
from app.change import Change, SetOf, SetStatement
from app.db import AlreadyExists, Database, Read, Result, Statement, asked
from app.errors import Busy, FieldError, Invalid, Stale, VersionRequired
from app.models import CalendarDay, CalendarYear
from app.models.base import table_of
from app.policies import Actor
from app.schemas.calendar import DayDraft, YearDraft
from app.service import Caller, Service
from app.workflows.looking import Answer, as_json, look
from app.workflows.province.recording import recorded
from app.workflows.province.reference import OpenRead, rows_of
from app.workflows.province.school_settings import Seen

Day = Mapping[str, Any]
"""`{date, is_working, name}`, as an answer says it."""

EVERY: Final = timedelta(minutes=1)
"""How often a process looks for what others have changed."""
_ATTEMPTS: Final = 4
_CELLS: Final = ("date", "is_working", "name")

days, years = table_of(CalendarDay), table_of(CalendarYear)
_everything = Statement(select(days.c.date, days.c.is_working))


def _of_year() -> Select[Any]:
    """A year with its days, and which years are known: one row, whether the year has any."""
    year = asked("year", SmallInteger())
    of_it = select(*days.c).where(extract("year", days.c.date) == year).subquery("of_it")
    listed = select(func.jsonb_agg(literal_column("to_jsonb(of_it) order by of_it.date"), type_=JSONB))
    known = years.alias("known")
    all_known = select(known.c.year).where(known.c.source.is_not(None)).order_by(known.c.year)
    return select(
        literal_column("1").label("here"),
        years.c.version,
        years.c.source,
        func.coalesce(listed.select_from(of_it).scalar_subquery(), literal_column("'[]'::jsonb", JSONB)).label("days"),
        func.array(all_known.scalar_subquery(), type_=ARRAY(SmallInteger)).label("known_years"),
    ).select_from(select(literal_column("1")).subquery("one").outerjoin(years, years.c.year == year))


_published, _ground = OpenRead(_of_year()), Read(_of_year())


def _enter(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """A year's next version: these days put, or all of the year replaced by them."""
    year = asked("year", SmallInteger())
    said = select(year, asked("version", Integer()), asked("source", Text())).where(gate)
    new = insert(years).from_select(["year", "version", "source"], said)
    up = {"version": new.excluded.version, "source": func.coalesce(new.excluded.source, years.c.source)}
    entered = new.on_conflict_do_update(index_elements=["year"], set_=up).returning(years.c.year).cte("entered")
    done = select(func.count()).select_from(entered).scalar_subquery() == 1
    rows = func.jsonb_populate_recordset(literal_column("null::app.calendar_days"), asked("days", JSONB()))
    given = rows.table_valued(*(days.c[name] for name in _CELLS), name="given")
    put = insert(days).from_select([*_CELLS], select(*(given.c[name] for name in _CELLS)).where(done))
    over = {name: put.excluded[name] for name in ("is_working", "name")}
    kept = select(given.c.date).scalar_subquery()
    gone = delete(days).where(
        done, asked("whole", Boolean()), extract("year", days.c.date) == year, days.c.date.not_in(kept)
    )
    return [entered, put.on_conflict_do_update(index_elements=["date"], set_=over).cte("put"), gone.cte("gone")]


_ENTER: Final = SetStatement("enter_calendar_days", _enter)


# -- reading ----------------------------------------------------------------------------------------------------------


async def load(database: Database) -> Calendar:
    """The calendar as it is kept."""
    return Calendar.of((row.date, row.is_working) for row in await database.rows(_everything, {}))


async def refresh(service: Service) -> None:
    """Count by what is kept now, whoever changed it."""
    service.calendar = await load(service.db)


async def of_year(service: Service, year: int) -> Answer:
    """The days of a year that are known singly."""
    (row,) = await rows_of(service, _published, year=year)
    return _told(year, row)


def _told(year: int, row: Any) -> Answer:
    known = row["source"] is not None
    shown = {name: row[name] for name in ("version", "source", "days", "known_years")}
    return Answer(as_json({"year": year, "known": known, **shown}), row["version"])


# -- entering ---------------------------------------------------------------------------------------------------------


async def put(caller: Caller, day: date, draft: DayDraft) -> Answer:
    """Say what a day is, whatever others say of its year meanwhile."""
    told = {"date": day.isoformat(), **draft.model_dump()}
    for _ in range(_ATTEMPTS):
        who, (row,) = await look(caller, _ground, year=day.year)
        if told in row.days:
            return Answer(as_json(told))
        try:
            await _write(caller, who, row, day.year, [told])
        except AlreadyExists:
            continue
        return Answer(as_json(told))
    raise Busy("rows-busy", retry_after=1)


async def put_year(caller: Caller, year: int, draft: YearDraft, seen: Seen) -> tuple[Answer, bool]:
    """Enter a year as a whole, on the version seen; says whether it is new. 403, 422 row by row, 428, 412.

    Where all is as the draft says, no version is asked after (RFC 9110 §13.1.1): whoever lost the answer asks again.
    """
    who, (row,) = await look(caller, _ground, year=year)
    if wrong := [*_faults(year, draft)]:
        raise Invalid(errors=wrong)
    if seen.version is None and not seen.first:
        raise VersionRequired
    given = sorted((one.model_dump(mode="json") for one in draft.days), key=lambda one: one["date"])
    told = [{name: one[name] for name in _CELLS} for one in given]
    if (row.source, row.days) == (draft.source, told):
        return _told(year, row), False
    if row.version != seen.version:
        raise Stale
    try:
        await _write(caller, who, row, year, told, source=draft.source)
    except AlreadyExists as error:
        raise Stale from error
    known = sorted({*row.known_years, year})
    after = {"version": (row.version or 0) + 1, "source": draft.source, "days": told, "known_years": known}
    return _told(year, after), row.version is None


def _faults(year: int, draft: YearDraft) -> Iterator[FieldError]:
    """Each day once, and of this year."""
    earlier: set[date] = set()
    for place, one in enumerate(draft.days):
        if one.date.year != year:
            yield FieldError(f"/body/days/{place}/date", "day-of-another-year", {"year": year})
        if one.date in earlier:
            yield FieldError(f"/body/days/{place}/date", "day-repeated")
        earlier.add(one.date)


async def _write(
    caller: Caller, who: Actor, row: Result, year: int, told: Sequence[Day], *, source: str | None = None
) -> None:
    """These days on the version read: all of the year with a source, beside the others without; and who did it."""
    before = {one["date"]: one for one in row.days}
    after = {one["date"]: one for one in told}
    diff = {
        day: [before.get(day), after.get(day)]
        for day in sorted(before.keys() | after.keys() if source else after.keys())
        if before.get(day) != after.get(day)
    }
    version = (row.version or 0) + 1
    given = {"year": year, "version": version, "source": source, "days": told, "whole": source is not None}
    step = recorded(
        caller.service,
        who,
        f"/v1/calendar/years/{year}",
        "calendar_year",
        version=version,
        action="enter_year" if source else "enter_day",
        comment=source,
        diff=diff,
    )
    await caller.db.apply(Change(inserts=(step,), sets=(SetOf(_ENTER, given),)), session=caller.session)
    await refresh(caller.service)
