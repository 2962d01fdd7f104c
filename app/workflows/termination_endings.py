"""What another move does to the open termination of a placement, and to who sees it: set statements in that write.

Tables of placements import this; it knows none of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, func, insert, literal, select, update

from app.change import SetOf, SetStatement
from app.models import Event, Message, Placement, Review, Termination, TrailEntry
from app.models.base import PARTIES, table_of
from app.words import TerminationEnding
from app.workflows.engine import Cells, Piece, Scene

placements, terminations, reviews = table_of(Placement), table_of(Termination), table_of(Review)
trail, events, messages = table_of(TrailEntry), table_of(Event), table_of(Message)

_MOOT = TerminationEnding.MOOT.value
_ID = Uuid(as_uuid=False)


def _moot(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """The open termination ends, its open review closes; trail, event, and a message to each side."""
    at = asked("at", DateTime(timezone=True))
    moved = (
        update(terminations)
        .where(gate, terminations.c.placement_id == asked("placement_id", _ID), terminations.c.status == "submitted")
        .values(
            status="terminated", ending=_MOOT, stage=None, version=terminations.c.version + 1, updated_at=at,
            decided_at=at,
        )
        .returning(*(terminations.c[name] for name in ("id", "version", *PARTIES)))
        .cte(_MOOT)
    )  # fmt: skip
    closed = (
        update(reviews)
        .where(gate, reviews.c.record_id.in_(select(moved.c.id)), reviews.c.decision.is_(None))
        .values(decision=_MOOT, decided_at=at)
        .returning(reviews.c.id)
    )
    steps = insert(trail).from_select(
        ["id", "record_kind", "record_id", "seq", "action", "source", "situation", "at", "real_at", "actor_kind"],
        select(
            func.app.fresh_id(), literal("termination"), moved.c.id, moved.c.version, literal("lapse"),
            literal("submitted"), literal(_MOOT), at, asked("real", DateTime(timezone=True)), literal("system"),
        ),
    )  # fmt: skip
    known = insert(events).from_select(
        ["id", "kind", "record_kind", "record_id", "record_version", "at", *PARTIES],
        select(
            func.app.fresh_id(), literal(f"termination.{_MOOT}"), literal("termination"), moved.c.id, moved.c.version,
            at, *(moved.c[party] for party in PARTIES),
        ),
    )  # fmt: skip
    told = (
        insert(messages).from_select(
            ["id", receiver, "kind", "record_kind", "record_id", "at"],
            select(
                func.app.fresh_id(), moved.c[party], literal(f"termination-{_MOOT}"), literal("termination"),
                moved.c.id, at,
            ).where(moved.c[party].is_not(None)),
        )
        for receiver, party in (("to_graduate_id", "graduate_id"), ("to_body_id", "employer_id"))
    )  # fmt: skip
    after = (closed, steps, known, *told)
    return (moved, *(one.cte(f"{_MOOT}_{place}") for place, one in enumerate(after)))


MOOT_THE_OPEN = SetStatement("moot_the_open_termination", _moot)
"""`placement_id`, `at`, `real`."""


def moot_the_open_termination(scene: Scene) -> Iterable[Piece]:
    """The placement ends otherwise: whoever asked to end it has nothing left to ask for.

    For every row that ends a placement, but for END, which a termination itself brings about. Whoever may make such a
    move sees the termination, which has the parties of its placement.
    """
    yield SetOf(MOOT_THE_OPEN, {"placement_id": scene.id, "at": scene.at, "real": scene.real})
    yield Cells(beside={"open_termination_id": None})


def _show_to_the_bureau(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    whose, bureau = asked("placement_id", _ID), {name: asked(name, _ID) for name in ("county_id", "city_id")}
    seen = update(placements).where(gate, placements.c.id == whose).values(bureau).returning(placements.c.id)
    turns = update(reviews).where(gate, reviews.c.record_id == whose, reviews.c.decision.is_(None)).values(bureau)
    return seen.cte("shown"), turns.returning(reviews.c.id).cte("shown_turns")


SHOW_TO_THE_BUREAU = SetStatement("show_the_placement_to_the_bureau", _show_to_the_bureau)
"""`placement_id`, `county_id`, `city_id`: who decides whether a placement ends must see it, and close its review. No
version is counted: nothing that is told of the placement changes."""
