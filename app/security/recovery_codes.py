"""Recovery codes: what lets staff in without their authenticator, each once. 50 random bits; only digests are kept."""

from secrets import choice
from typing import Final

from app.words import SIGNING_CODE_ALPHABET

MOST: Final = 10
"""Codes in a set."""
_LENGTH: Final = 10


def new_codes() -> tuple[str, ...]:
    """A set of codes."""
    return tuple("".join(choice(SIGNING_CODE_ALPHABET) for _ in range(_LENGTH)) for _ in range(MOST))
