"""Numbers of agreements and dispatches: they name year, school and level, and reveal no volume.

An agreement's: year(4) school(5) level(2) random(7) check(1), 19 digits. A dispatch's, which an approval records:
year(4) school(5) random(7) check(1), 17 digits, so that neither is taken for the other, nor for the 15 of a paper
certificate. The last is by ISO 7064 MOD 11,10, which catches every wrong digit and nearly every swap. Who draws the
random digits draws again on a collision.
"""

import re
from secrets import randbelow
from typing import Final

from stdnum.iso7064 import mod_11_10

PATTERN: Final = r"^[0-9]{19}$"
_PARTS: Final = re.compile(r"[0-9]{4} [0-9]{5} [0-9]{2} [0-9]{7}")
_DISPATCH: Final = re.compile(r"[0-9]{4} [0-9]{5} [0-9]{7}")


def fresh_digits() -> str:
    """Seven random digits."""
    return f"{randbelow(10**7):07d}"


def agreement_number(year: int, school_code: str, level: str, random7: str) -> str:
    """The number of an agreement; `level` is the two-digit code of the education level (31 本科)."""
    if not _PARTS.fullmatch(f"{year} {school_code} {level} {random7}"):
        message = "An agreement number is made of 4 + 5 + 2 + 7 digits."
        raise ValueError(message)
    digits = f"{year}{school_code}{level}{random7}"
    return digits + mod_11_10.calc_check_digit(digits)


def dispatch_number(year: int, school_code: str, random7: str) -> str:
    """The number of a dispatch that an approval records, in that year."""
    if not _DISPATCH.fullmatch(f"{year} {school_code} {random7}"):
        message = "The number of a dispatch is made of 4 + 5 + 7 digits."
        raise ValueError(message)
    digits = f"{year}{school_code}{random7}"
    return digits + mod_11_10.calc_check_digit(digits)


def is_agreement_number(text: str) -> bool:
    """Whether the text has the shape and the check digit of an agreement number."""
    return re.fullmatch(PATTERN, text) is not None and mod_11_10.is_valid(text)
