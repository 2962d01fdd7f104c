"""Days as people and rosters write them."""

import re
from datetime import date, datetime
from typing import Final

from pydantic import BeforeValidator

from app.words.refusal import refuse

_WRITTEN: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")


def day(raw: object) -> date:
    """A date, given as one or written 2027-06-30 or, as in the national layout, 20270630.

    Numbers are refused: pydantic would take 20270630 for seconds since 1970.
    """
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    written = _WRITTEN.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if written is None:
        refuse("date-malformed", "A date is written YYYY-MM-DD.")
    try:
        return date(*map(int, written.group(1, 3, 4)))
    except ValueError:
        refuse("date-unreal", "There is no such day.")


DAY: Final = BeforeValidator(day)
