"""What is left of a limit, and how HTTP tells it.

    RateLimit-Policy: "logins-900";q=10;w=900        so many in so many seconds
    RateLimit: "logins-900";r=9;t=874                so many are left, until the window is over

The fields are those of draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """One window of a limit, as its caller finds it. Times are in seconds."""

    name: str
    """Letters, digits and dashes."""
    most: int
    seconds: int
    left: int
    ends_in: int


def headers(budgets: Sequence[Budget]) -> Mapping[str, str]:
    """The two header fields, or none where nothing was counted."""
    if not budgets:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{one.name}";q={one.most};w={one.seconds}' for one in budgets),
        "RateLimit": ", ".join(f'"{one.name}";r={one.left};t={one.ends_in}' for one in budgets),
    }
