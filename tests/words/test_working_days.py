"""The working-day calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar import Calendar, seed_rows

OFFICIAL = Calendar.of(seed_rows())
WEEK = Calendar.of([])
DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 2, 4), True),  # a Sunday worked for the Spring Festival
        (date(2024, 10, 1), False),
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),
        (date(2026, 10, 7), False),
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
    ],
)
def test_official_holidays_and_make_up_days_prevail_over_the_week(day: date, expected: object) -> None:
    assert OFFICIAL.is_working(day) is expected


def test_a_year_without_data_follows_the_week() -> None:
    assert OFFICIAL.is_working(date(2030, 10, 1))
    assert not OFFICIAL.is_working(date(2030, 10, 5))


def test_ten_working_days_step_over_the_national_holiday() -> None:
    # 2026: off on Friday 25 September (Mid-Autumn) and from 1 to 7 October; Saturday 10 October is worked.
    assert OFFICIAL.add_working_days(date(2026, 9, 24), 10) == date(2026, 10, 15)
    assert WEEK.add_working_days(date(2026, 9, 24), 10) == date(2026, 10, 8)


def test_a_row_of_the_office_prevails() -> None:
    calendar = Calendar.of([*seed_rows(), (date(2026, 11, 24), False)])
    assert not calendar.is_working(date(2026, 11, 24))


def test_working_days_are_counted_forward_only() -> None:
    with pytest.raises(ValueError, match="forward"):
        WEEK.add_working_days(date(2026, 11, 24), -1)
    assert WEEK.working_days_between(date(2026, 11, 24), date(2026, 11, 20)) == 0


@given(DAYS, st.integers(0, 40))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    due = OFFICIAL.add_working_days(day, n)
    assert OFFICIAL.working_days_between(day, due) == n
    assert due == day or (OFFICIAL.is_working(due) and due > day)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_counting_is_additive(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(first), start + timedelta(first + second)
    between = OFFICIAL.working_days_between
    assert between(start, middle) + between(middle, end) == between(start, end)


def test_the_seed_names_each_day_once_in_order() -> None:
    days = [day for day, _ in seed_rows()]
    assert days == sorted(set(days))
    assert {2018, 2022, 2026} <= {day.year for day in days}
