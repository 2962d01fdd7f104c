"""The bucket in the process: so many at once, so many a second, each caller by themselves."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import TooMany
from app.security import throttle
from app.security.throttle import Throttle


class Clock:
    """Stands still until it is moved."""

    at = 1000.0

    def __call__(self) -> float:
        return self.at


def taken(one: Throttle, caller: str, tries: int) -> int:
    """How many of so many tries are taken."""
    return sum(_takes(one, caller, tries))


def _takes(one: Throttle, caller: str, tries: int) -> Iterator[bool]:
    for _ in range(tries):
        try:
            one.take(caller)
        except TooMany:
            yield False
        else:
            yield True


def test_a_burst_is_taken_and_then_the_rate() -> None:
    clock = Clock()
    one = Throttle(rate=5, burst=20, now=clock)
    assert taken(one, "a", 50) == 20
    clock.at += 1
    assert taken(one, "a", 50) == 5
    clock.at += 3600
    assert taken(one, "a", 50) == 20


def test_each_caller_has_a_bucket_of_their_own() -> None:
    one = Throttle(rate=1, burst=3, now=Clock())
    assert [taken(one, caller, 9) for caller in "abc"] == [3, 3, 3]


def test_who_is_refused_learns_when_the_next_is_taken() -> None:
    clock = Clock()
    one = Throttle(rate=0.25, burst=1, now=clock)
    one.take("a")
    with pytest.raises(TooMany) as refusal:
        one.take("a")
    assert refusal.value.retry_after == 4
    assert refusal.value.budgets == ()
    clock.at += 4
    one.take("a")


@given(
    rate=st.floats(0.1, 1000),
    burst=st.integers(1, 100),
    pauses=st.lists(st.floats(0, 2), min_size=1, max_size=200),
)
def test_over_any_time_no_more_are_taken_than_burst_and_rate_allow(
    rate: float, burst: int, pauses: list[float]
) -> None:
    clock = Clock()
    one, count = Throttle(rate=rate, burst=burst, now=clock), 0
    for pause in pauses:
        clock.at += pause
        count += taken(one, "a", 3)
    assert count <= burst + rate * sum(pauses) + 1


def test_the_callers_remembered_are_so_many_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_REMEMBERED", 10)
    one = Throttle(rate=1, burst=1, now=Clock())
    for number in range(100):
        one.take(number)
    assert len(one._full_at) == 10
    assert taken(one, "a", 2) == 1
