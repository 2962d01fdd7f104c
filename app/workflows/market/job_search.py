"""The list of jobs, newest first, searched and narrowed: one statement, whoever asks (see `job_index`).

Graduates search all that is open, by `app.search_jobs`, which has the search index. A body's list is its own index, and
the province's the table's key, looked through for what is asked.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    select,
    union_all,
)

from app.db import Read, actor, asked
from app.service import Caller
from app.workflows.desk import Desk
from app.workflows.looking import Answer, look, page_of
from app.workflows.market import job_index
from app.workflows.market.job_view import its_readers, jobs, rows, shown_of
from app.workflows.view import LAST_ID

_grams, _facets, _patterns = (asked(name, ARRAY(Text)) for name in ("grams", "facets", "patterns"))
_least, _limit = asked("salary_least", Integer()), asked("limit", Integer())
_before = asked("after", Uuid(as_uuid=False))


def _matches(table: FromClause) -> ColumnElement[bool]:
    """Words as substrings, facets, the salary itself."""
    every = func.all(_patterns)
    return and_(table.c.facets.bool_op("@>")(_facets), table.c.salary_to >= _least, table.c.search_text.like(every))


def _open() -> Select[Any]:
    """What a graduate searches for."""
    at = asked("at", DateTime(timezone=True))
    search = func.app.search_jobs(_grams, _facets, _patterns, _least, _before, at, _limit)
    found = search.table_valued(column("id", Uuid(as_uuid=False)), name="open").render_derived()
    return select(found.c.id).where(actor.c.kind == "graduate").correlate(actor)


def _own(kind: str, clause: ColumnElement[bool]) -> Select[Any]:
    """A body's own jobs."""
    found = select(jobs.c.id).where(actor.c.kind == kind, clause, jobs.c.id < _before, _matches(jobs))
    return select(found.order_by(jobs.c.id.desc()).limit(_limit).correlate(actor).subquery(kind))


def _page() -> Read:
    bodies = [_own(kind, clause) for kind, clause in its_readers(jobs).items() if kind != "graduate"]
    found = union_all(_open(), *bodies).subquery("found")
    shown = select(*shown_of(jobs)).join(found, found.c.id == jobs.c.id).subquery("shown")
    return Read(rows(shown).order_by(shown.c.id.desc()).limit(_limit))


PAGE: Final = _page()
"""The statement for a page, whatever it is narrowed by."""


def values(limit: int, after: str | None, filters: Mapping[str, Any]) -> dict[str, Any]:
    """What the statement is asked: one row more than shown, to know whether there is a next page."""
    words, facets = job_index.words_of(filters.get("q", "")), job_index.narrowed(filters)
    return {
        "limit": limit + 1,
        "after": after or LAST_ID,
        "grams": job_index.sought(words) + facets,
        "patterns": job_index.patterns(words),
        "facets": facets,
        "salary_least": filters.get("salary_from", 0),
    }


async def page(desk: Desk, caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page of the jobs that the caller sees, searched and narrowed."""
    who, found = await look(caller, PAGE, **values(limit, after, filters))
    items = [desk.told(desk.scene(caller, who, row), caller.language) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)
