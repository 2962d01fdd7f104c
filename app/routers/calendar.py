"""The calendar of working days."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.routers.answers import shown
from app.routers.calling import Anyone, CalendarKeepers
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ, ON_STEP
from app.schemas.calendar import CalendarDate, CalendarOut, DayDraft, DayOut, Year
from app.workflows.province import calendar_days

router = APIRouter(prefix="/v1/calendar", tags=["reference"])


@router.get("", response_model=CalendarOut, responses=ON_PUBLIC_READ)
async def get_calendar(request: Request, year: Annotated[Year, Query()], anyone: Anyone) -> Response:
    """The holidays and make-up days of a year."""
    return published(request, await calendar_days.of_year(anyone.service, year))


@router.put("/{date}", response_model=DayOut, responses=ON_STEP)
async def put_calendar_day(
    request: Request, date: Annotated[CalendarDate, Path()], body: DayDraft, caller: CalendarKeepers
) -> Response:
    """Say what a day is: the provincial bureau's administrator, as the State Council announces it."""
    return shown(request, await calendar_days.put(caller, date, body))
