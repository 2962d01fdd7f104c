"""The calendar of working days: read by everybody, corrected by the provincial bureau day by day."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import CTE, Boolean, ColumnElement, Date, Integer, Text, extract, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.calendar import Calendar
from app.change import Change, SetOf, SetStatement
from app.db import Read, asked
from app.errors import Forbidden
from app.models import CalendarDay
from app.models.base import table_of
from app.policies import administers_the_calendar
from app.schemas.calendar import DayDraft
from app.service import Caller, Service
from app.workflows.desk import Answer, as_json, look
from app.workflows.province.reference import OpenRead, rows_of

days = table_of(CalendarDay)
_year = OpenRead(select(*days.c).where(extract("year", days.c.date) == asked("year", Integer())).order_by(days.c.date))
_caller = Read(select(literal(1).label("here")))


def _put(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    new = {"date": asked("date", Date()), "is_working": asked("is_working", Boolean()), "name": asked("name", Text())}
    put = insert(days).from_select([*new], select(*new.values()).where(gate))
    over = {name: put.excluded[name] for name in ("is_working", "name")}
    return [put.on_conflict_do_update(index_elements=["date"], set_=over).returning(days.c.date).cte("put")]


_PUT: Final = SetStatement("put_calendar_day", _put)


async def of_year(service: Service, year: int) -> Answer:
    """The days of a year that are known singly."""
    found = await rows_of(service, _year, year=year)
    told = [{name: row[name] for name in ("date", "is_working", "name")} for row in found]
    return Answer(as_json({"year": year, "known": service.calendar.is_known(year), "days": told}))


async def put(caller: Caller, day: date, draft: DayDraft) -> Answer:
    """Say what a day is. It holds at once in this process, in others from their next start; counted days stay."""
    who, _ = await look(caller, _caller)
    if not administers_the_calendar(who):
        raise Forbidden
    row = {"date": day, **draft.model_dump()}
    await caller.db.apply(Change(sets=(SetOf(_PUT, row),)), session=caller.session)
    calendar = caller.service.calendar
    caller.service.calendar = Calendar.of({**calendar.days, day: draft.is_working}.items())
    return Answer(as_json(row))
