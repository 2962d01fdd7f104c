"""Pages of a report on rows, as every import tells them: in the order of the file, errors in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Table, Text, select, true

from app import texts
from app.db import Narrowed, Read, asked
from app.errors import FieldError, Invalid, NotFound
from app.service import Caller
from app.workflows.looking import Answer, look, page_of

_DIGITS: Final = 9
"""Of a row number."""


def report(imports: Table, rows: Table, found: ColumnElement[bool], *more: str) -> Narrowed:
    """A page of the rows of the import that is `found`, of one `outcome` if asked; one row of nulls for none."""
    shown = (rows.c[name] for name in ("number", "outcome", "errors", *more))
    page = (
        select(*shown)
        .where(
            rows.c.import_id == imports.c.id,
            rows.c.number > asked("after", Integer()),
            rows.c.outcome == asked("outcome", Text()),
        )
        .order_by(rows.c.number)
        .limit(asked("limit", Integer()))
        .lateral("page")
    )
    whole = select(imports.c.id, *page.c).select_from(imports.outerjoin(page, true())).where(found)
    return Narrowed(Read(whole), ("outcome",))


async def page(
    caller: Caller,
    report: Narrowed,
    asked_for: str,
    limit: int,
    after: str | None,
    outcome: str | None,
    *,
    also: Sequence[str] = (),
) -> Answer:
    """A page of a report, with these columns beside; `after` is the last row of the page before. 404 for no import."""
    given = {"limit": limit + 1, "after": _number(after), "outcome": outcome}
    _, found = await look(caller, report(("outcome",) if outcome else ()), record=asked_for, **given)
    if not found:
        raise NotFound
    listed = [row for row in found if row.number is not None]
    items = [
        {
            "row": row.number,
            **{name: row[name] for name in also},
            "outcome": row.outcome,
            "errors": _told(row.errors, caller.language),
        }
        for row in listed[:limit]
    ]
    return page_of(items, str(listed[limit - 1].number) if len(listed) > limit else None)


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > _DIGITS:
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")])
    return int(cursor)


def _told(errors: Sequence[Mapping[str, Any]] | None, language: str) -> list[dict[str, Any]]:
    """The errors of a row as the report keeps them, each with its sentence."""
    return [
        {
            "column": one["column"],
            "code": one["code"],
            "message": texts.detail(one["code"], language, one["params"]),
        }
        for one in errors or ()
    ]
