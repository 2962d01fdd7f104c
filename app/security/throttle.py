"""How fast one caller may ask: counted in this process alone, so that it costs no round trip.

It stops a runaway client. What must hold over all processes is counted in PostgreSQL (`workflows.accounts.limits`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil
from time import monotonic
from typing import Final

from app.errors import TooMany

_REMEMBERED: Final = 20_000
"""Callers; whoever asked longest ago is forgotten first, and most of those had their bucket full again."""


class Throttle:
    """A token bucket for each caller: `burst` requests at once, `rate` a second in the long run.

    Kept as the moment when the bucket will be full again (the generic cell rate algorithm): one number for each caller.
    """

    def __init__(self, *, rate: float, burst: int, now: Callable[[], float] = monotonic) -> None:
        self._each, self._depth, self._now = 1 / rate, burst / rate, now
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, caller: Hashable) -> None:
        """One request of this caller, or `TooMany` with the seconds until the next would be taken."""
        now = self._now()
        full_at = max(self._full_at.get(caller, now), now) + self._each
        if (over := full_at - now - self._depth) > self._each / 2:  # half a request, for what floats lose
            raise TooMany(retry_after=max(1, ceil(over)))
        self._full_at[caller] = full_at
        self._full_at.move_to_end(caller)
        if len(self._full_at) > _REMEMBERED:
            self._full_at.popitem(last=False)
