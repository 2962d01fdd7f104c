"""Sealing what stands plain: parts of records that were written before their fields were sealed (`sealed_parts`).

Walked as values under a former key are: a chunk is locked, sealed and written in one transaction, and rows that others
hold are met by the next walk. What the trail told of such fields stays: it is append-only, and each step hashes the one
before.
"""

from functools import cached_property
from typing import Any, Final

from sqlalchemy import Integer, LargeBinary, Uuid, column, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Statement, asked
from app.models import Review
from app.models.base import table_of
from app.security.sealing import Sealer
from app.workflows.province.bodies import FIRST_ID
from app.workflows.sealed_parts import AMENDED, PARTS, Sealing

reviews = table_of(Review)
_id = Uuid(as_uuid=False)


class PlainPart:
    """The rows of a part that are still plain, walked over as a sealed column is."""

    first: Final = {"after": FIRST_ID}
    """Where a walk begins: below every id."""

    def __init__(self, part: Sealing[Any]) -> None:
        self.part = part
        self._row = part.table.c.id

    @property
    def name(self) -> str:
        """`table.column`."""
        return f"{self.part.table.name}.{self.part.name}"

    def after(self, row: Any) -> dict[str, Any]:
        """Where a walk goes on, after this row."""
        return {"after": row.id}

    def place(self, row: Any) -> dict[str, str]:
        """The cell that is plain."""
        return {"table": self.part.table.name, "column": self.part.name, "row": row.id}

    @cached_property
    def count(self) -> Statement:
        """How many there are."""
        return Statement(select(func.count().label("found")).select_from(self.part.table).where(self.part.plain))

    @cached_property
    def take(self) -> Statement:
        """A chunk of the walk, locked."""
        beyond = self._row > asked("after", _id)
        found = select(self._row, self.part.column, self.part.beside).where(beyond, self.part.plain)
        ordered = found.order_by(self._row).limit(asked("limit", Integer()))
        return Statement(ordered.with_for_update(key_share=True, skip_locked=True))

    @cached_property
    def put(self) -> Statement:
        """Writes both columns of each row of a chunk."""
        cells = (column("id", _id), column("seen", JSONB), column("sealed", LargeBinary))
        given = (
            func.jsonb_to_recordset(asked("rows", JSONB))
            .table_valued(*cells)
            .render_derived(name="given", with_types=True)
        )
        written = {self.part.name: given.c.seen, self.part.beside.name: given.c.sealed}
        return Statement(update(self.part.table).where(self._row == given.c.id).values(written))

    def anew(self, sealer: Sealer, row: Any) -> dict[str, Any]:
        """What to write for a row."""
        cells = self.part.cells(sealer, row.id, self.part.whole(sealer, row))
        return {"id": row.id, "seen": cells[self.part.name], "sealed": cells[self.part.beside.name]}


PLAIN: Final = tuple(PlainPart(part) for part in PARTS)
QUEUED: Final = Statement(
    update(reviews)
    .where(reviews.c.record_id == AMENDED.table.c.id, reviews.c.record_kind == literal_column("'amendment'"))
    .where(reviews.c.subject["diff"] != AMENDED.column, AMENDED.beside.is_not(None))
    .values(subject=func.jsonb_set(reviews.c.subject, literal_column("'{diff}'"), AMENDED.column))
)
"""What the queue shows of an amendment is what the amendment itself shows."""
