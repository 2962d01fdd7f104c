"""The calendar of working days."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.routers.answers import put, shown
from app.routers.calling import Anyone, CalendarKeepers
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ, ON_STEP
from app.routers.schools import Decided
from app.schemas.calendar import CalendarDate, CalendarOut, DayDraft, DayOut, Year, YearDraft
from app.workflows.province import calendar_days

router = APIRouter(prefix="/v1/calendar", tags=["reference"])


@router.get("", response_model=CalendarOut, responses=ON_PUBLIC_READ)
async def get_calendar(request: Request, year: Annotated[Year, Query()], anyone: Anyone) -> Response:
    """The holidays and make-up days of a year, and which years are known."""
    return published(request, await calendar_days.of_year(anyone.service, year))


@router.put("/{date}", response_model=DayOut, responses=ON_STEP)
async def put_calendar_day(
    request: Request, date: Annotated[CalendarDate, Path()], body: DayDraft, caller: CalendarKeepers
) -> Response:
    """Say what a day is: the provincial bureau's administrator, as the State Council announces it."""
    return shown(request, await calendar_days.put(caller, date, body))


@router.put(
    "/years/{year}",
    response_model=CalendarOut,
    responses=ON_STEP | {201: {"model": CalendarOut, "description": "Entered for the first time"}},
)
async def put_calendar_year(
    request: Request, year: Annotated[Year, Path()], body: YearDraft, seen: Decided, caller: CalendarKeepers
) -> Response:
    """Enter a whole year, all or nothing: on the version you saw, or with `If-None-Match: *` if it has none.

    What is so already is answered without a new version, whatever version is named: a repeated request is harmless.
    """
    answer, new = await calendar_days.put_year(caller, year, body, seen)
    return put(request, answer, new=new)
