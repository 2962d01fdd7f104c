"""How records of one kind are read: one statement for one record, one for a page, whoever asks.

A list is a union of one branch for each kind of caller, gated by a one-time filter, so that only the caller's own
branch runs, on its own index. What is shown beside a row (its open review, …) is joined once, outside of the branches.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    select,
    union_all,
)

from app.db import Narrowed, Read, actor, asked
from app.models.base import table_of
from app.models.trail import Remembered
from app.policies import Reach, Through, to_the_caller

Rows = Callable[[FromClause], Select[Any]]
"""Selects the columns of a record from its table, or from a part of it; the id comes first."""

LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_TYPES: Mapping[str, Any] = {"cohort": SmallInteger(), "status": Text(), "decision": Text(), "stage": Text()}

_remembered = table_of(Remembered)
remembered = select(
    _remembered.c.fingerprint.label("once_fingerprint"),
    _remembered.c.answer.label("once_answer"),
).where(_remembered.c.account_id == actor.c.account_id, _remembered.c.key == asked("key", Text()))
"""The answer already given for this Idempotency-Key, read beside the record."""


class View:
    """The reads of one kind of record."""

    def __init__(
        self,
        table: Table,
        visible: Callable[[FromClause], Reach],
        rows: Rows,
        *,
        more: Rows | None = None,
        kept: ColumnElement[bool] | None = None,
        filters: Sequence[str] = (),
        before: Sequence[str] = (),
    ) -> None:
        """`rows` for showing, `more` for moving; `kept` narrows the table to this kind.

        A page may be narrowed by columns: `filters` to the value given, `before` to those that are less.
        """
        self.table, self.visible, self.filters = table, visible, (*filters, *before)
        self._rows, self._kept = rows, () if kept is None else (kept,)
        self._narrowed = [_narrowed(table, name) for name in filters]
        self._narrowed += [table.c[name] < asked(name, table.c[name].type) for name in before]
        self.found = and_(table.c.id == actor.c.record_id, to_the_caller(visible(table)), *self._kept)
        """The clause of one record, if the caller may see it."""
        self.one = Read(rows(table).where(self.found))
        self.to_move = Read((more or rows)(table).where(self.found), remembered)
        self.page = Narrowed(self._page(), self.filters)
        """The statement for a page, newest first."""

    def _page(self) -> Read:
        table = self.table
        limit = asked("limit", Integer())
        branches = []
        for kind, theirs in self.visible(table).items():
            source, key, clause = _way(table, theirs)
            branch = (
                select(*table.c)
                .select_from(source)
                .where(
                    actor.c.kind == kind,
                    clause,
                    *self._kept,
                    *self._narrowed,
                    key < asked("after", Uuid(as_uuid=False)),
                )
                .order_by(key.desc())
                .limit(limit)
                .correlate(actor)
            )
            branches.append(select(branch.subquery(kind)))
        found = union_all(*branches).subquery("found") if branches[1:] else branches[0].subquery("found")
        shown = self._rows(found)
        return Read(shown.order_by(found.c.id.desc()).limit(limit))


def _way(table: Table, theirs: ColumnElement[bool] | Through) -> tuple[FromClause, Column[Any], ColumnElement[bool]]:
    """Where a caller's rows are found, in the order of which column, and which they are."""
    if isinstance(theirs, Through):
        return theirs.key.table.join(table, theirs.key == table.c.id), theirs.key, theirs.whose
    return table, table.c.id, theirs


def _narrowed(table: Table, name: str) -> ColumnElement[bool]:
    """The column is the value asked for, or a list that has it."""
    column = table.c[name]
    if isinstance(column.type, ARRAY):
        return asked(name, column.type.item_type) == any_(column)
    return column == asked(name, _TYPES.get(name, column.type))
