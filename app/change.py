"""What a decision proposes and `db.apply` writes: plain data, no I/O.

A `Change` is applied whole or not at all. It may update a row once; rows to insert and statements over sets ride along.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, Table
from uuid_utils import uuid7

__all__ = ["Change", "Row", "SetOf", "SetStatement", "Update", "fresh_id"]

Values = Mapping[str, Any]
Asked = Callable[..., BindParameter[Any]]
"""Names a parameter of a set statement: `asked("graduate_id", Uuid())`."""


def fresh_id() -> str:
    """A new UUIDv7: unique, and ordered by the time it was made."""
    return str(uuid7())


@dataclass(frozen=True, slots=True)
class Update:
    """One row to change, if it still is as it was read.

    `where` names the row and everything that must still hold (id, version, ...); `None` means "is null".
    A versioned row counts one up by itself.
    """

    table: Table
    where: Values
    values: Values


@dataclass(frozen=True, slots=True)
class Row:
    """One row to add."""

    table: Table
    values: Values


@dataclass(frozen=True, slots=True, eq=False)
class SetStatement:
    """A named statement over rows that the decision has not read, evaluated inside the write.

    `build(asked, gate)` returns common table expressions: first an update with `gate` in its WHERE and a RETURNING,
    then what follows from the rows that it returns. `tells` are columns of expressions of one row, as (expression,
    column): the write answers with them, named `<expression>_<column>`. `one`: its first expression must return one
    row, else `Stale`.
    """

    name: str
    build: Callable[[Asked, ColumnElement[bool]], Sequence[CTE]]
    tells: tuple[tuple[str, str], ...] = ()
    one: bool = False

    def __post_init__(self) -> None:
        """Be known, so that it is compiled before it is first needed."""
        set_statements.append(self)


set_statements: list[SetStatement] = []
"""All that were declared."""


@dataclass(frozen=True, slots=True)
class SetOf:
    """A set statement with its values."""

    statement: SetStatement
    values: Values


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one move writes."""

    updates: tuple[Update, ...] = ()
    inserts: tuple[Row, ...] = ()
    sets: tuple[SetOf, ...] = ()
    created: tuple[tuple[str, str], ...] = field(default=())
    """(type, id) of the records that this change opens, for the answer."""

    def __post_init__(self) -> None:
        """Refuse two updates of one row: PostgreSQL would apply only one of them, and not say which."""
        rows = [(update.table.name, update.where["id"]) for update in self.updates]
        if len(rows) != len(set(rows)):
            message = f"a change updates a row twice: {rows}"
            raise ValueError(message)

    def and_also(self, other: "Change") -> "Change":
        """Both, together."""
        return Change(
            self.updates + other.updates,
            self.inserts + other.inserts,
            self.sets + other.sets,
            self.created + other.created,
        )

    @staticmethod
    def of(pieces: "Iterable[Update | Row | SetOf]", created: "tuple[tuple[str, str], ...]" = ()) -> "Change":
        """The change made of these pieces."""
        pieces = tuple(pieces)
        return Change(
            tuple(piece for piece in pieces if isinstance(piece, Update)),
            tuple(piece for piece in pieces if isinstance(piece, Row)),
            tuple(piece for piece in pieces if isinstance(piece, SetOf)),
            created,
        )
