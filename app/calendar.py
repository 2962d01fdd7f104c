"""Working days: the State Council's holidays and make-up days over the ordinary week, Monday to Friday."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from chinese_calendar.constants import holidays, workdays

DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of single days: True a working day, False a holiday; every other day follows the week."""

    days: Mapping[date, bool]

    @classmethod
    def of(cls, rows: Iterable[tuple[date, bool]]) -> Self:
        """A calendar of (date, is_working) rows."""
        return cls(dict(rows))

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        return self.days.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself isn't counted; 0 is the day itself."""
        if n < 0:
            message = "Working days are counted forward."
            raise ValueError(message)
        while n:
            day += DAY
            n -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; 0 when `end` isn't later."""
        return sum(self.is_working(start + DAY * offset) for offset in range(1, (end - start).days + 1))


def seed_rows() -> Iterator[tuple[date, bool]]:
    """The official (date, is_working) rows of every year the chinesecalendar library covers, in order of date."""
    for day in sorted({*holidays, *workdays}):
        yield day, day in workdays
