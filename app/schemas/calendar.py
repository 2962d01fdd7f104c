"""The calendar of working days on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.schemas.base import Body, Out, Version
from app.words.days import DAY
from app.words.policies import Notice
from app.words.text import LINE

Year = Annotated[int, Field(ge=2000, le=2100, description="A year.", examples=[2026])]
CalendarDate = Annotated[date, DAY, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2026-10-01"])]
DayName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=50),
    LINE,
    Field(description="Why it is one (节假日名称).", examples=["国庆节"]),
]


class DayDraft(Body):
    """What a day is, whatever the week says."""

    is_working: Annotated[bool, Field(description="A make-up day (调休上班) is a working day.")]
    name: DayName = ""


class DayOut(Out):
    """A day on which working differs from the week's rule, or confirms it."""

    date: date
    is_working: bool
    name: DayName


class YearDay(DayDraft):
    """One day of a year."""

    date: CalendarDate


class YearDraft(Body):
    """All days of a year on which working differs from the week's rule, or confirms it."""

    source: Notice
    days: Annotated[
        list[YearDay], Field(min_length=1, max_length=366, description="Each once; what was entered before goes.")
    ]


class CalendarOut(Out):
    """The days of a year that are known singly; every other day follows the week, Monday to Friday."""

    year: Year
    version: Annotated[Version | None, Field(description="Name it in If-Match; null: no day was ever entered.")]
    known: Annotated[
        bool, Field(description="False: nobody has entered the year as a whole; the week's rule holds, but for `days`.")
    ]
    source: Annotated[Notice | None, Field(description="The notice that the year was entered from; null: not known.")]
    days: Annotated[list[DayOut], Field(max_length=366)]
    known_years: Annotated[
        list[Year], Field(max_length=200, description="All years that are known.", examples=[[2026, 2027]])
    ]
