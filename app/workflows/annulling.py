"""Annulment (撤销): the rows of it that the three tables of placements share. See docs/adr/0014.

The body that approved, or the one above it, takes the approval back, with a reason and proof. The graduate's slot is
free in the same write. Within five working days a side may object; upholding that puts it in force again.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.errors import Reason
from app.models import Message
from app.models.base import table_of
from app.policies import Actor
from app.schemas.objection import Annul
from app.workflows.amendment_endings import close_the_open_amendment
from app.workflows.attaching import attach_the_proofs, the_proofs_are_theirs
from app.workflows.documents.issuing import the_comment_prints
from app.workflows.engine import Cells, Effect, Piece, Scene, Transition, the_procedure
from app.workflows.live_placements import no_other_live_placement
from app.workflows.reviewing import close_the_review, local_day, other_reasons_are_told
from app.workflows.situations import At
from app.workflows.telling import to_employer, to_graduate
from app.workflows.termination_endings import moot_the_open_termination

ABOVE: Final[Mapping[str, tuple[str, ...]]] = {
    "department": ("school",),
    "school": ("provincial_bureau", "provincial_education"),
    "county": ("provincial_bureau",),
}
"""The kinds of bodies above the one that approved; a city reads only. Above the province there is nobody."""

messages = table_of(Message)


def who_approved_or_stands_above(actor: Actor, record: Any) -> bool:
    """A reviewer of the body that had the last turn, or of the level above it."""
    if not actor.is_a("reviewer") or not record.chain:
        return False
    last = record.chain[-1]
    above = actor.kind in ABOVE.get(last["stage"], ()) and (actor.kind != "school" or actor.body_id == record.school_id)
    return above or actor.body_id == last["body_id"]


def it_was_annulled(scene: Scene) -> Reason | None:
    """Other endings are settled between the sides, and stay."""
    return (
        None if scene.record.ending == "annulled" else Reason("not-annulled", who="nobody", how="nothing-to-object-to")
    )


def write_the_annulment(scene: Scene) -> Iterable[Piece]:
    """Who, why, on what proof; what was in force may be objected for from now on, what was under review may not."""
    move, actor = scene.move, scene.actor
    until = scene.calendar.add_working_days(local_day(scene.at), scene.record.objection_days)
    annulment = {
        "by": actor.body_id,
        "by_kind": actor.kind,
        "reason": move.reason,
        "comment": move.comment,
        "proof_file_ids": list(move.proof_file_ids),
        "object_until": until.isoformat() if scene.source == At.APPROVED else None,
    }
    yield Cells({"ending": "annulled", "ended_at": scene.at, "annulment": annulment})


def strike_the_annulment(_: Scene) -> Iterable[Piece]:
    """It is in force as it was; the timeline keeps what happened."""
    yield Cells(dict.fromkeys(("ending", "ended_at", "annulment")))


def tell_both_sides_that_it_is(outcome: str, kind: str) -> Effect:
    """Graduate and employer, if there is one here, learn of it."""

    def effect(scene: Scene) -> Iterable[Piece]:
        yield to_graduate(scene, kind, outcome)
        if scene.record.employer_id:
            yield to_employer(scene, kind, outcome)

    effect.__name__ = f"tell_both_sides_that_it_is_{outcome}"
    return effect


# fmt: off
def transitions(do: Any, kind: str, attached_to: str) -> Iterator[Transition]:
    """The rows of a table of placements for annulment: by a body, by an objection that is upheld, and taken back.

    `do` are the table's actions; messages speak of `kind`, and proofs are attached as those of `attached_to`.
    """
    undone = (write_the_annulment, moot_the_open_termination, close_the_open_amendment)
    tell_of_the_annulment = tell_both_sides_that_it_is("annulled", kind)
    yield Transition(
        do.ANNUL, (At.APPROVED,), At.TERMINATED, by=who_approved_or_stands_above, takes=Annul,
        when=(other_reasons_are_told, the_proofs_are_theirs, the_comment_prints),
        then=(attach_the_proofs(attached_to), *undone, tell_of_the_annulment),
    )
    yield Transition(
        do.DISOWN, (At.SUBMITTED, At.APPROVED), At.TERMINATED, by=the_procedure,
        then=(close_the_review, *undone, tell_of_the_annulment),
    )
    yield Transition(
        do.REINSTATE, (At.TERMINATED,), At.APPROVED, by=the_procedure,
        when=(it_was_annulled, no_other_live_placement),
        then=(strike_the_annulment, tell_both_sides_that_it_is("reinstated", kind)),
    )
# fmt: on
