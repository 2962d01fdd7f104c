"""The one statement that takes a chunk of checked rows into a roster and reports on each.

A row is `added`, `changed`, `unchanged`, or `refused` because another school holds the same person, level and cohort.
Absent fields keep what the roster has, nulls empty it. Graduates registered on a changed entry follow, and where the
name is another one their verification falls (model.md, Persons and registration).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    and_,
    case,
    column,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Statement, asked
from app.models import Graduate, RosterEntry
from app.models.base import table_of
from app.words import RosterSource
from app.workflows import rerouting
from app.workflows.imports.reporting import count, counted, progressed, reported

entries, graduates = table_of(RosterEntry), table_of(Graduate)

_ID = Uuid(as_uuid=False)
_import, _at = asked("import", _ID), asked("at", DateTime(timezone=True))
_KEY = ("person_id", "level", "cohort", "school_id")
_NEW = ("name", "department_id", "completed", "phone_bidx", "phone_sealed", "details", "extra")
"""What a row may change of an entry."""
_HELD = """'[{"column": null, "code": "held-by-another-school", "params": {}}]'::jsonb"""


@cache
def upsert(source: RosterSource, *, dry_run: bool) -> Statement:
    """Takes `rows` (JSON, one object for each column below) into the roster of `source`, and `refused` into the report.

    And what the report asks for (`imports.reporting`). Raises stale when somebody else got there first: nothing is
    written. A dry run writes nothing but the report.
    """
    judged = _judged(source)
    changed = _changed(judged)
    followed = _followed(judged, source)
    writes = [] if dry_run else [changed, _added(judged, source), followed]
    if writes and source is RosterSource.SCHOOL:
        writes.append(rerouting.of_those(followed))
    held = case((judged.c.outcome == "refused", literal_column(_HELD, JSONB)), else_=null())
    report, counts = reported(judged, held), counted(judged)
    fresh = [count(counts) == 1]
    if not dry_run:
        fresh.append(count(changed) == count(judged, judged.c.outcome == "changed"))
    done = case((and_(*fresh), 1), else_=func.app.refuse("stale", type_=Integer))
    return Statement(select(done.label("done")).add_cte(judged, *writes, report, counts, progressed()))


def _rows() -> Any:
    """The rows as a table."""
    columns = (
        column("number", Integer),
        column("id", _ID),
        column("person_id", _ID),
        column("level", Text),
        column("cohort", SmallInteger),
        column("school_id", _ID),
        column("department_id", _ID),
        column("name", Text),
        column("completed", Boolean),
        column("has_phone", Boolean),
        column("phone_bidx", LargeBinary),
        column("phone_sealed", LargeBinary),
        column("details", JSONB),
        column("extra", JSONB),
    )
    rows = func.jsonb_to_recordset(asked("rows", JSONB))
    return rows.table_valued(*columns, name="row").render_derived(with_types=True)


def _judged(source: RosterSource) -> CTE:
    """Each row beside the entry it is about, with the values the entry is to have, and its outcome."""
    row = _rows()
    entry = _looked_up(
        *entries.c, where=(entries.c.source == source.value, *(entries.c[one] == row.c[one] for one in _KEY))
    )
    other = _looked_up(
        entries.c.id,
        where=(
            literal(source is RosterSource.SCHOOL),
            entries.c.source == "school",
            *(entries.c[one] == row.c[one] for one in ("person_id", "level", "cohort")),
            entries.c.school_id != row.c.school_id,
        ),
    )
    new = {
        "name": row.c.name,
        "department_id": row.c.department_id,
        "completed": row.c.completed,
        "phone_bidx": case((row.c.has_phone, row.c.phone_bidx), else_=entry.c.phone_bidx),
        "phone_sealed": case((row.c.has_phone, row.c.phone_sealed), else_=entry.c.phone_sealed),
        "details": _merged(entry.c.details, row.c.details),
        "extra": _merged(entry.c.extra, row.c.extra),
    }
    differs = or_(*(entry.c[name].is_distinct_from(value) for name, value in new.items() if name != "phone_sealed"))
    outcome = case(
        (other.c.id.is_not(None), "refused"),
        (entry.c.id.is_(None), "added"),
        (differs, "changed"),
        else_="unchanged",
    )
    return (
        select(
            row.c.number,
            row.c.id,
            *(row.c[name] for name in _KEY),
            *(value.label(name) for name, value in new.items()),
            entry.c.id.label("entry_id"),
            entry.c.version.label("entry_version"),
            outcome.label("outcome"),
        )
        .select_from(row.outerjoin(entry, true()).outerjoin(other, true()))
        .cte("judged")
    )


def _looked_up(*columns: ColumnElement[Any], where: Sequence[ColumnElement[bool]]) -> Any:
    """One entry for each row, by an index: without a limit PostgreSQL joins as suited the table when it was emptier."""
    return select(*columns).where(*where).limit(1).lateral()


def _merged(old: ColumnElement[Any], given: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.jsonb_strip_nulls(func.coalesce(old, literal_column("'{}'::jsonb", JSONB)).concat(given), type_=JSONB)


def _changed(judged: CTE) -> CTE:
    now = {name: judged.c[name] for name in _NEW}
    return (
        update(entries)
        .where(
            judged.c.outcome == "changed",
            entries.c.id == judged.c.entry_id,
            entries.c.version == judged.c.entry_version,
        )
        .values(**now, import_id=_import, version=entries.c.version + 1, updated_at=_at)
        .returning(entries.c.id)
        .cte("changed")
    )


def _added(judged: CTE, source: RosterSource) -> CTE:
    """In the order of persons, so that two imports that meet wait for each other instead of deadlocking."""
    values: dict[str, Any] = {
        "id": judged.c.id,
        "version": literal(1),
        "created_at": _at,
        "updated_at": _at,
        "source": literal(source.value),
        "import_id": _import,
        **{name: judged.c[name] for name in (*_KEY, *_NEW)},
    }
    rows = select(*values.values()).where(judged.c.outcome == "added").order_by(judged.c.person_id)
    return insert(entries).from_select([*values], rows).cte("added")


def _followed(judged: CTE, source: RosterSource) -> CTE:
    """Registered graduates after their entry: name, department and major are the school's to say.

    What waits for the department that one had goes with them (`rerouting`).
    """
    renamed = graduates.c.name != judged.c.name
    values: dict[str, Any] = {
        "verified_at": case((renamed, null()), else_=graduates.c.verified_at),
        "verified_hash": case((renamed, null()), else_=graduates.c.verified_hash),
    }
    differs: ColumnElement[bool] = and_(renamed, graduates.c.verified_at.is_not(None))
    if source is RosterSource.SCHOOL:
        told = {
            "name": judged.c.name,
            "department_id": judged.c.department_id,
            "major": judged.c.details["major"].as_string(),
        }
        values |= told
        differs = or_(*(graduates.c[name].is_distinct_from(value) for name, value in told.items()))
    same = (graduates.c[name] == judged.c[name] for name in _KEY)
    return (
        update(graduates)
        .where(judged.c.outcome == "changed", *same, differs)
        .values(**values, version=graduates.c.version + 1, updated_at=_at)
        .returning(graduates.c.id)
        .cte("followed")
    )
