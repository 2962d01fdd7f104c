"""What another move does to the open termination of a placement, and to who sees it: set statements in that write.

Tables of placements import this; it knows none of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, update

from app.change import SetOf, SetStatement
from app.models import Placement, Review, Termination
from app.models.base import table_of
from app.words import TerminationEnding
from app.workflows.endings import Ending
from app.workflows.engine import Cells, Piece, Scene

placements, terminations, reviews = table_of(Placement), table_of(Termination), table_of(Review)

_MOOT = TerminationEnding.MOOT.value
_ID = Uuid(as_uuid=False)
_SIDES: Final = {"to_graduate_id": "graduate_id", "to_body_id": "employer_id"}
_ENDING: Final = Ending("termination", "lapse", "submitted", _MOOT, word=_MOOT, tells=_SIDES, review=_MOOT)


def _moot(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """The open termination ends."""
    at, placement = asked("at", DateTime(timezone=True)), asked("placement_id", _ID)
    ended = (
        update(terminations)
        .where(gate, terminations.c.placement_id == placement, terminations.c.status == "submitted")
        .values(
            status="terminated", ending=_MOOT, stage=None, version=terminations.c.version + 1, updated_at=at,
            decided_at=at,
        )
    )  # fmt: skip
    return _ENDING.of(asked, gate, ended)


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
