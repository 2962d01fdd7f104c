"""How an open amendment ends with its placement: a set statement in the write of the ending."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import CTE, BindParameter, ColumnElement, DateTime, Uuid, func, insert, literal, null, select, update

from app.change import SetOf, SetStatement
from app.models import Amendment, Event, Message, Review, TrailEntry
from app.models.base import PARTIES, table_of
from app.workflows.engine import Scene

amendments, reviews, messages = table_of(Amendment), table_of(Review), table_of(Message)
trail, events = table_of(TrailEntry), table_of(Event)
MOOT: Final = "moot"


def _build(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    at: BindParameter[Any] = asked("at", DateTime(timezone=True))
    placement = asked("placement_id", Uuid(as_uuid=False))
    moved = (
        update(amendments)
        .where(gate, amendments.c.placement_id == placement, amendments.c.status == "submitted")
        .values(
            status="terminated", ending=MOOT, stage=null(), decided_at=at, updated_at=at,
            version=amendments.c.version + 1,
        )
        .returning(*(amendments.c[name] for name in ("id", "version", *PARTIES)))
        .cte("amendment_moot")
    )  # fmt: skip
    closed = (
        update(reviews)
        .where(reviews.c.record_id.in_(select(moved.c.id)), reviews.c.decision.is_(None))
        .values(decision=MOOT, decided_at=at)
    )
    steps = insert(trail).from_select(
        ["id", "record_kind", "record_id", "seq", "action", "source", "situation", "at", "real_at", "actor_kind"],
        select(
            func.app.fresh_id(), literal("amendment"), moved.c.id, moved.c.version, literal("moot"),
            literal("submitted"), literal("terminated"), at, asked("real", DateTime(timezone=True)), literal("system"),
        ),
    )  # fmt: skip
    known = insert(events).from_select(
        ["id", "kind", "record_kind", "record_id", "record_version", "at", *PARTIES],
        select(
            func.app.fresh_id(), literal("amendment.terminated"), literal("amendment"), moved.c.id, moved.c.version,
            at, *(moved.c[party] for party in PARTIES),
        ),
    )  # fmt: skip
    told = insert(messages).from_select(
        ["id", "to_graduate_id", "kind", "record_kind", "record_id", "at"],
        select(
            func.app.fresh_id(), moved.c.graduate_id, literal("amendment-terminated"), literal("amendment"),
            moved.c.id, at,
        ),
    )  # fmt: skip
    rest = {"reviews": closed, "trail": steps, "events": known, "told": told}
    return moved, *(one.cte(f"amendment_moot_{name}") for name, one in rest.items())


END_THE_OPEN_ONE: Final = SetStatement("end_the_open_amendment", _build)
"""`placement_id`, `at`, `real`."""


def close_the_open_amendment(scene: Scene) -> Sequence[SetOf]:
    """What was asked of a placement that has ended is moot.

    One that is asked in the very moment of the ending may stay open: it can be withdrawn and rejected, and never
    approved, for its approval is written on the placement.
    """
    return (SetOf(END_THE_OPEN_ONE, {"placement_id": scene.id, "at": scene.at, "real": scene.real}),)
