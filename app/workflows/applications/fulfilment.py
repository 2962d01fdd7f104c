"""What becomes of an approval: money is paid, or comes back; a certificate is printed, or collected on a day agreed."""

from collections.abc import Iterable
from typing import Any

from app.errors import Reason
from app.policies import Actor
from app.workflows.applications.drafting import masked, sealed_card
from app.workflows.engine import Cells, Piece, Scene
from app.workflows.reviewing import local_day


def the_deciding_body(actor: Actor, record: Any) -> bool:
    """A reviewer of the body whose turn is the last: it approved, and carries the approval out."""
    return bool(record.chain) and actor.is_a("reviewer") and record.chain[-1]["body_id"] == actor.body_id


def the_office_is_open_that_day(scene: Scene) -> Reason | None:
    """One comes on a working day, and not in the past."""
    if scene.move is None:
        return None
    day = scene.move.collect_on
    if day >= local_day(scene.at) and scene.calendar.is_working(day):
        return None
    return Reason("no-day-for-collecting", who="you", how="choose-a-working-day", pointer="/collect_on")


def note_the_day(scene: Scene) -> Iterable[Piece]:
    """When the graduate means to come."""
    yield Cells({"collect_on": scene.move.collect_on})


def write_the_new_card(scene: Scene) -> Iterable[Piece]:
    """The card that the money goes to at the next try."""
    move = scene.move
    details = {**scene.record.details, "bank": move.bank, "bank_card": masked(move.bank_card)}
    yield Cells({"details": details, **sealed_card(scene, move.bank_card)})
