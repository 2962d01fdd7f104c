"""The one statement that writes a change: its text is put together from the change's shape, in microseconds.

    with actor as (the door),
         a set statement's own parts, …       first, so that they may lock rows in an order that all writers keep
         moved_0 as (update … returning id),  one for each update
         added_0 as (insert …), …             one for each table that rows are added to
    select 1 and what set statements tell, or raise AP412 when an update, or a set of one, has matched nothing, which
    undoes all of it

Each branch is gated by an uncorrelated sub-select on the actor, a one-time filter that PostgreSQL evaluates before any
policy of that branch.
"""
# ruff: noqa: S608 (the text is made of names that the models declare; every value is a parameter)

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Table, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import JSONB

from app.change import Change, SetStatement, set_statements
from app.statements import DIALECT, REQUEST, Door, Prepared, asked, compiled

UpdateShape = tuple[Table, tuple[tuple[str, bool], ...], tuple[str, ...]]
InsertShape = tuple[Table, tuple[str, ...]]
Shape = tuple[Door, tuple[UpdateShape, ...], tuple[InsertShape, ...], tuple[SetStatement, ...]]

_GATE = "(SELECT count(*) FROM actor) = 1"
_gate: ColumnElement[bool] = (
    select(func.count()).select_from(table("actor", column("account_id"))).scalar_subquery() == 1
)
_ONE = literal_column("1", Integer)
_quoted = DIALECT.identifier_preparer.quote


def shape(change: Change, door: Door = REQUEST) -> Shape:
    """What of a change decides its statement's text; everything else is a parameter."""
    rows: dict[InsertShape, None] = {}
    for row in change.inserts:
        rows[row.table, tuple(row.values)] = None
    return (
        door,
        tuple(
            (one.table, tuple((name, value is None) for name, value in one.where.items()), tuple(one.values))
            for one in change.updates
        ),
        tuple(rows),
        tuple(one.statement for one in change.sets),
    )


def values(change: Change, parts: Shape, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the statement of this shape asks for; `given` are the door's."""
    found = dict(given)
    for place, one in enumerate(change.updates):
        found.update((f"held_{place}_{name}", value) for name, value in one.where.items() if value is not None)
        found.update((f"new_{place}_{name}", value) for name, value in one.values.items())
    for place, (into, names) in enumerate(parts[2]):
        found[f"rows_{place}"] = [
            dict(row.values) for row in change.inserts if row.table is into and tuple(row.values) == names
        ]
    for place, one_set in enumerate(change.sets):
        found.update((f"set_{place}_{name}", value) for name, value in one_set.values.items())
    return found


@cache
def write_statement(parts: Shape) -> Prepared:
    """The statement that writes every change of this shape."""
    door, updates, inserts, sets = parts
    asks = _Asks()
    given = ", ".join(asks(name, kind) for name, kind in door.parameters)
    branches = [f"actor AS (SELECT account_id FROM app.{door.function}({given}) AS actor)"]
    before, done = [_GATE], [_GATE]
    for place, one_set in enumerate(sets):
        first, text, names = _set_parts(one_set)
        branches.append(asks.again(text, (f"set_{place}_{name}" for name in names)))
        before.append(f"(SELECT count(*) FROM {first}) >= 0")
        if one_set.one:
            done.append(f"(SELECT count(*) FROM {first}) = 1")
    for place, one_update in enumerate(updates):
        branches.append(f"moved_{place} AS ({_update(place, one_update, before, asks)})")
        done.append(f"(SELECT count(*) FROM moved_{place}) = 1")
    before += done[1:]
    branches += (f"added_{place} AS ({_insert(place, one, before, asks)})" for place, one in enumerate(inserts))
    told = (f", (SELECT {cell} FROM {part}) AS {part}_{cell}" for one in sets for part, cell in one.tells)
    end = f"SELECT CASE WHEN {' AND '.join(done)} THEN 1 ELSE app.refuse('stale') END AS done{''.join(told)}"
    return Prepared("WITH " + ",\n".join(branches) + "\n" + end, tuple(asks.names))


def compile_sets() -> None:
    """Compile every set statement that was declared, so that the first write that has one is not special."""
    for one in set_statements:
        _set_parts(one)


class _Asks:
    """Gives the values of a text under way their numbers, in the order of their first use."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}

    def __call__(self, name: str, kind: Any) -> str:
        """The parameter of this name, as this type."""
        return f"{self._numbered(name)}::{_spelled(kind)}"

    def again(self, text: str, names: Iterator[str]) -> str:
        """A text that was compiled by itself, its own $1, $2, … renumbered."""
        here = [self._numbered(name) for name in names]
        return re.sub(r"\$(\d+)", lambda found: here[int(found[1]) - 1], text)

    def _numbered(self, name: str) -> str:
        return f"${self.names.setdefault(name, len(self.names) + 1)}"


def _update(place: int, parts: UpdateShape, before: list[str], asks: _Asks) -> str:
    into, where, names = parts
    new = [f"{_quoted(name)} = {asks(f'new_{place}_{name}', into.c[name].type)}" for name in names]
    if "version" in into.c:
        new.append("version = version + 1")
    held = [_held(into.c[name], f"held_{place}_{name}", asks, empty=empty) for name, empty in where]
    return f"UPDATE {into.fullname} SET {', '.join(new)} WHERE {' AND '.join((*before, *held))} RETURNING id"


def _held(cell: Column[Any], name: str, asks: _Asks, *, empty: bool) -> str:
    return f"{_quoted(cell.name)} IS NULL" if empty else f"{_quoted(cell.name)} = {asks(name, cell.type)}"


def _insert(place: int, parts: InsertShape, before: list[str], asks: _Asks) -> str:
    into, names = parts
    cells = ", ".join(_quoted(into.c[name].name) for name in names)
    rows = f"jsonb_populate_recordset(null::{into.fullname}, {asks(f'rows_{place}', JSONB())})"
    return f"INSERT INTO {into.fullname} ({cells}) SELECT {cells} FROM {rows} WHERE {' AND '.join(before)}"


@cache
def _set_parts(one: SetStatement) -> tuple[str, str, tuple[str, ...]]:
    """A set statement's first name, its text `name AS (…), …`, and what it asks for: compiled once for all shapes."""
    parts = one.build(asked, _gate)
    text, names = compiled(select(_ONE).add_cte(*parts))
    return parts[0].name, text.removeprefix("WITH ").removesuffix(" SELECT 1").strip(), names


@cache
def _spelled(kind: Any) -> str:
    return str(kind.compile(dialect=DIALECT))
