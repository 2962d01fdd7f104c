"""Every column that is sealed, as the models declare it (`models.base.sealed_for`), and its statements.

What is walked over is taken in the order of the primary key, locked, a chunk at a time; rows that somebody else is
changing at the moment are passed over, and met again by the next walk.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    and_,
    case,
    column,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Statement, asked
from app.models import Base
from app.security.sealing import Sealer
from app.workflows.province.bodies import FIRST_ID

CHUNK: Final = 200


class SealedColumn:
    """One sealed column."""

    def __init__(self, cell: Column[Any]) -> None:
        self.table: Table = cell.table
        self.cell, self._row = cell, tuple(cell.info["sealed_for"])
        self._key = tuple(self.table.primary_key.columns)

    @property
    def name(self) -> str:
        """`table.column`."""
        return f"{self.table.name}.{self.cell.name}"

    @property
    def first(self) -> dict[str, Any]:
        """Where a walk begins: below every key."""
        return {f"after_{one.name}": _first(one) for one in self._key}

    def after(self, row: Any) -> dict[str, Any]:
        """Where a walk goes on, after this row."""
        return {f"after_{one.name}": row[f"key_{one.name}"] for one in self._key}

    def key(self, row: Any) -> dict[str, Any]:
        """The primary key of a row."""
        return {one.name: row[f"key_{one.name}"] for one in self._key}

    def place(self, row: Any) -> dict[str, str]:
        """The cell that a row's value is sealed for."""
        named = "/".join(str(row[f"row_{name}"]) for name in self._row)
        return {"table": self.table.name, "column": self.cell.name, "row": named}

    def anew(self, sealer: Sealer, row: Any) -> dict[str, Any]:
        """What to write for a row; `SealBroken` for a value that doesn't open."""
        place = self.place(row)
        return {
            **self.key(row),
            "held": row["sealed"],
            "new": sealer.seal(sealer.open(row["sealed"], **place), **place),
        }

    @cached_property
    def count(self) -> Statement:
        """How many values are sealed with another key than that of `head`."""
        return Statement(select(func.count().label("found")).select_from(self.table).where(self._old()))

    @cached_property
    def key_ids(self) -> Statement:
        """How many values there are, by the id of their key; what is too short to be sealed counts under null."""
        named = func.substring(self.cell, 3, func.get_byte(self.cell, literal_column("1", Integer)))
        key_id = case((func.length(self.cell) > literal_column("1", Integer), named)).label("key_id")
        used = select(key_id).where(self.cell.is_not(None)).subquery()
        return Statement(select(used.c.key_id, func.count().label("found")).group_by(used.c.key_id))

    def take(self, *beside: Column[Any], old: bool = False) -> Statement:
        """A chunk of the walk, locked; `old`: only what is sealed with another key than that of `head`."""
        beyond = tuple_(*self._key) > tuple_(*(asked(f"after_{one.name}", one.type) for one in self._key))
        chosen = (
            *(one.label(f"key_{one.name}") for one in self._key),
            *(self.table.c[name].label(f"row_{name}") for name in self._row),
            self.cell.label("sealed"),
            *beside,
        )
        found = select(*chosen).where(beyond, self._old() if old else self.cell.is_not(None))
        ordered = found.order_by(*self._key).limit(asked("limit", Integer()))
        return Statement(ordered.with_for_update(key_share=True, skip_locked=True))

    def put(self, cell: Column[Any]) -> Statement:
        """Writes a cell of each row of a chunk, of the rows whose sealed value is the one that was read."""
        keys = (column(one.name, one.type) for one in self._key)
        given = (
            func.jsonb_to_recordset(asked("rows", JSONB))
            .table_valued(*keys, column("held", LargeBinary), column("new", LargeBinary))
            .render_derived(name="given", with_types=True)
        )
        same = and_(*(one == given.c[one.name] for one in self._key), self.cell == given.c.held)
        return Statement(update(self.table).where(same).values({cell.name: given.c.new}))

    def _old(self) -> ColumnElement[bool]:
        head = asked("head", LargeBinary())
        return func.substring(self.cell, 1, func.length(head)) != head


def _first(one: Column[Any]) -> Any:
    match one.type:
        case Uuid():
            return FIRST_ID
        case LargeBinary():
            return b""
        case _:
            return ""


SEALED: Final[Sequence[SealedColumn]] = tuple(
    SealedColumn(cell) for table in Base.metadata.sorted_tables for cell in table.columns if "sealed_for" in cell.info
)
"""All of them."""
