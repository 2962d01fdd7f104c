"""What follows when a record ends without a move of its own: by another record's, or by time.

The ending is an update inside the write of that move (a set statement); from the rows that it returns follow what a
move would have written: the step in the trail, the event, the messages, and the end of an open review.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, DateTime, Update, func, insert, literal, select, update

from app.models import Event, Message, Review, TrailEntry
from app.models.base import PARTIES, table_of

reviews, trail, events, messages = table_of(Review), table_of(TrailEntry), table_of(Event), table_of(Message)


@dataclass(frozen=True, slots=True)
class Ending:
    """How records of a kind end so, and what is told of it."""

    kind: str
    action: str
    """In the trail, with the situations before and after."""
    source: str
    situation: str
    word: str
    """Of the event `<kind>.<word>` and the messages `<kind>-<word>`."""
    tells: Mapping[str, str] = field(default_factory=dict)
    """Parties of the record that get a message, by the column of the message for them."""
    review: str | None = None
    """The decision that an open review of it closes with, where there may be one."""

    def of(self, asked: Any, gate: ColumnElement[bool], ended: Update) -> Sequence[CTE]:
        """The update, and what follows from its rows. It counts the version of each; `at` and `real` are asked for."""
        kept = (ended.table.c[name] for name in ("id", "version", *PARTIES))
        moved = ended.returning(*kept).cte(f"{self.kind}_{self.word}")
        return moved, *(one.cte(f"{moved.name}_{name}") for name, one in self._after(asked, gate, moved))

    def _after(self, asked: Any, gate: ColumnElement[bool], moved: CTE) -> Iterator[tuple[str, Any]]:
        at, row = asked("at", DateTime(timezone=True)), moved.c
        this = (literal(self.kind), row.id)
        if self.review:
            open_ones = (gate, reviews.c.record_id.in_(select(row.id)), reviews.c.decision.is_(None))
            yield "reviews", update(reviews).where(*open_ones).values(decision=self.review, decided_at=at)
        yield "trail", insert(trail).from_select(
            ["id", "record_kind", "record_id", "seq", "action", "source", "situation", "at", "real_at", "actor_kind"],
            select(
                func.app.fresh_id(), *this, row.version, *(map(literal, (self.action, self.source, self.situation))),
                at, asked("real", DateTime(timezone=True)), literal("system"),
            ),
        )  # fmt: skip
        yield "events", insert(events).from_select(
            ["id", "kind", "record_kind", "record_id", "record_version", "at", *PARTIES],
            select(
                func.app.fresh_id(), literal(f"{self.kind}.{self.word}"), *this, row.version, at,
                *(row[party] for party in PARTIES),
            ),
        )  # fmt: skip
        for receiver, party in self.tells.items():
            yield receiver, insert(messages).from_select(
                ["id", receiver, "kind", "record_kind", "record_id", "at"],
                select(func.app.fresh_id(), row[party], literal(f"{self.kind}-{self.word}"), *this, at)
                .where(row[party].is_not(None)),
            )  # fmt: skip
