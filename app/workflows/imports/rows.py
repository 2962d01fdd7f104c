"""Pages of a report on rows, as every import tells them: in the order of the file, errors in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app import texts
from app.errors import FieldError, Invalid

_DIGITS: Final = 9
"""Of a row number."""


def row_number(cursor: str | None) -> int:
    """The last row of the page before, which is the cursor; 0 without one."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > _DIGITS:
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")])
    return int(cursor)


def told_errors(errors: Sequence[Mapping[str, Any]] | None, language: str) -> list[dict[str, Any]]:
    """The errors of a row as the report keeps them, each with its sentence."""
    return [
        {
            "column": one["column"],
            "code": one["code"],
            "message": texts.detail(one["code"], language, one["params"]),
        }
        for one in errors or ()
    ]
