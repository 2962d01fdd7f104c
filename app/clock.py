"""The only clock. The sandbox and tests can move it; real time stays at hand.

`now` and `today` decide the rules of the procedures. `real` decides tokens, codes, leases, limits and the times of the
trail, so that moving the clock lets nobody in and rewrites no history.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone of every date of the service: "the 10th" is the 10th there."""


class Clock:
    """Time, moved by an offset that is zero outside the sandbox."""

    def __init__(self) -> None:
        self._offset = timedelta()

    @property
    def offset(self) -> timedelta:
        """How far `now` is ahead of `real`; negative in the past."""
        return self._offset

    def move(self, offset: timedelta) -> None:
        """Set how far `now` is ahead of `real`, from zero, not from the offset before."""
        self._offset = offset

    def real(self) -> datetime:
        """The machine's time, aware, UTC."""
        return datetime.now(UTC)

    def now(self) -> datetime:
        """The time that rules go by, aware, UTC."""
        return self.real() + self._offset

    def today(self) -> date:
        """The date of `now` in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """24:00 of a day in Asia/Shanghai, which is the start of the next one; aware, UTC. The day itself is over then."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def after_days(at: datetime, days: int) -> datetime:
    """When a period of `days` days from `at` ends: 24:00 of the last one in Asia/Shanghai.

    The day of `at` is not counted. A naive time is a ValueError: it would be read in the zone of the machine.
    """
    if at.tzinfo is None:
        raise ValueError("a period needs a time with a zone")
    return end_of_day(at.astimezone(SHANGHAI).date() + timedelta(days=days))
