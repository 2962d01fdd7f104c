"""The clock: aware, movable, and with days that end in Shanghai."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.clock import SHANGHAI, Clock, after_days, end_of_day


def test_an_unmoved_clock_tells_real_time_in_utc() -> None:
    clock = Clock()
    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert before <= now <= after
    assert now.utcoffset() == timedelta()


def test_a_moved_clock_leaves_real_time_alone() -> None:
    clock = Clock()
    clock.move(timedelta(days=-1000))
    clock.move(timedelta(days=365))
    assert clock.offset == timedelta(days=365)
    assert timedelta(days=365) <= clock.now() - clock.real() + timedelta(seconds=1) < timedelta(days=365, seconds=2)
    assert abs(clock.real() - datetime.now(UTC)) < timedelta(seconds=1)


def test_the_offset_cannot_be_assigned() -> None:
    with pytest.raises(AttributeError):
        Clock().offset = timedelta(days=1)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("at", "there"),
    [
        (datetime(2027, 6, 30, 15, 59, 59, tzinfo=UTC), date(2027, 6, 30)),
        (datetime(2027, 6, 30, 16, 0, 0, tzinfo=UTC), date(2027, 7, 1)),
    ],
)
def test_today_is_the_date_in_shanghai(at: datetime, there: date) -> None:
    clock = Clock()
    clock.move(at - clock.real() + timedelta(milliseconds=1))
    assert clock.today() == there


def test_a_day_ends_at_midnight_in_shanghai() -> None:
    assert end_of_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert end_of_day(date(2026, 12, 31)).tzinfo is UTC
    assert end_of_day(date(2028, 2, 28)).astimezone(SHANGHAI) == datetime(2028, 2, 29, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "days", "end"),
    [
        (datetime(2026, 11, 24, 1, 0, tzinfo=SHANGHAI), 1, datetime(2026, 11, 26, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 24, 23, 59, tzinfo=SHANGHAI), 1, datetime(2026, 11, 26, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), 1, datetime(2026, 11, 27, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI), 0, datetime(2026, 11, 25, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI), 7, datetime(2026, 12, 2, tzinfo=SHANGHAI)),
    ],
)
def test_n_days_end_at_24_00_of_the_nth_day(at: datetime, days: int, end: datetime) -> None:
    assert after_days(at, days) == end


def test_a_period_from_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        after_days(datetime(2026, 11, 24), 1)  # noqa: DTZ001
