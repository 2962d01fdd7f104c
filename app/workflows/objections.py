"""Objections (异议): against an annulment, to the level above who annulled; that a placement isn't the graduate's.

The second goes to the school, and from a dismissal there on to the education office. Upholding carries itself out in
the same write: what was annulled is in force again, what isn't theirs is annulled (docs/adr/0014).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Final

from app.errors import Reason
from app.models.base import PARTIES
from app.policies import Actor, a_reviewer_of_the_chain, its_parties, the_employer, the_graduate
from app.schemas.objection import Escalate, ObjectionDraft, Verdict
from app.service import Caller, Once
from app.words import ObjectionKind, ObjectionOutcome
from app.workflows import agreements
from app.workflows.annulling import it_was_annulled
from app.workflows.attaching import attach_the_proofs, the_proofs_are_theirs
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Now, Piece, Scene, Transition, Workflow
from app.workflows.looking import Answer
from app.workflows.objection_reads import PLACEMENT, ground, objections, rows, rows_to_move
from app.workflows.placements import procedure_of
from app.workflows.reviewing import (
    close_the_review,
    it_is_their_turn,
    local_day,
    nobody_else_claimed_it,
    open_turn,
    waiting_for,
)
from app.workflows.situations import At as PlacementAt
from app.workflows.situations import situation as placement_situation
from app.workflows.situations import trail_of
from app.workflows.telling import to_employer, to_graduate
from app.workflows.view import View

KIND: Final = "objection"
LIVE: Final = (PlacementAt.SUBMITTED, PlacementAt.APPROVED)


class At(StrEnum):
    """Where an objection stands."""

    SUBMITTED = "submitted"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Do(StrEnum):
    """What may be done with an objection."""

    OBJECT = "object"
    DISOWN = "disown"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"


def situation(record: Any, _at: datetime) -> At:
    """The situation of an objection."""
    return At.WITHDRAWN if record.status == "terminated" else At(record.decision or record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation."""
    match at:
        case At.UPHELD | At.DISMISSED:
            return {"status": "reviewed", "decision": at.value, "stage": None}
        case At.WITHDRAWN:
            return {"status": "terminated", "decision": None, "stage": None}
        case _:
            return {"status": "submitted", "decision": None}


# -- who --------------------------------------------------------------------------------------------------------------


def a_side(actor: Actor, record: Any) -> bool:
    """The graduate or the employer of the placement."""
    return the_graduate(actor, record) or the_employer(actor, record)


def who_objected(actor: Actor, record: Any) -> bool:
    """The side that objected."""
    return the_graduate(actor, record) if record.objected_by == "graduate" else the_employer(actor, record)


def whose_it_is_not(actor: Actor, record: Any) -> bool:
    """The graduate who said that it isn't theirs."""
    return record.kind == ObjectionKind.NOT_MINE and the_graduate(actor, record)


# -- rules ------------------------------------------------------------------------------------------------------------


def no_objection_is_open(scene: Scene) -> Reason | None:
    """One of a placement at a time."""
    other = scene.record.open_objection_id
    return Reason("objection-open", who="you", how="await-the-decision", pointer=other) if other else None


def it_was_not_judged_before(scene: Scene) -> Reason | None:
    """An annulment is judged once, and so is whose a placement is: a dismissal of that is taken on, not repeated."""
    settled = scene.record.settled_annulment if scene.action == Do.OBJECT else scene.record.settled_not_mine
    return Reason("objection-settled", who="nobody", how="read-the-decision") if settled else None


def within_five_working_days(scene: Scene) -> Reason | None:
    """Until the end of the fifth working day after the annulment."""
    annulment = scene.record.annulment
    if annulment is None:
        return None
    if annulment["object_until"] is None:
        return Reason("never-in-force", who="nobody", how="nothing-to-object-to")
    return _still(scene, date.fromisoformat(annulment["object_until"]))


def it_is_under_review_or_in_force(scene: Scene) -> Reason | None:
    """A draft is the graduate's own to cancel, and what has ended binds nobody."""
    if placement_situation(scene.record, scene.at) in LIVE:
        return None
    return Reason("placement-not-live", who="nobody", how="nothing-to-object-to")


def there_is_a_body_to_go_to(scene: Scene) -> Reason | None:
    """The last body of the chain has not spoken."""
    if scene.record.turn + 1 < len(scene.record.chain):
        return None
    return Reason("objection-settled", who="nobody", how="read-the-decision")


def five_working_days_have_not_passed(scene: Scene) -> Reason | None:
    """Until the end of the fifth working day after the dismissal."""
    until = scene.record.escalate_until
    return None if until is None else _still(scene, until)


def _still(scene: Scene, until: date) -> Reason | None:
    if local_day(scene.at) <= until:
        return None
    return Reason("objection-too-late", who="nobody", how="read-the-decision", params={"until": until.isoformat()})


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_objection(scene: Scene) -> Iterable[Piece]:
    """What is said, and the first turn of whoever hears it."""
    ground, move = scene.record, scene.move
    cells = {
        **{party: ground[party] for party in PARTIES},
        **{name: ground[name] for name in ("cohort", "graduate_name", "school_name", "unit_name")},
        "placement_id": ground.id,
        "kind": move.kind,
        "objected_by": scene.actor.kind,
        "reason": move.reason,
        "proof_file_ids": list(move.proof_file_ids),
        "submitted_at": scene.at,
        **dict.fromkeys(("comment", "outcome", "escalate_until", "decided_at")),
    }
    yield Cells(cells)
    asked = Now({**cells, "review_due_days": ground.review_due_days})
    yield from open_turn(scene, KIND, asked, who_hears(ground, move.kind), 0, subject)


def who_hears(ground: Any, kind: str) -> list[dict[str, Any]]:
    """The bodies that decide in turn: nobody judges their own act; each provincial office hears against the other."""
    turns = {
        "school": ("school", ground.school_id, ground.school_name),
        "bureau": ("province", ground.provincial_bureau_id, ground.provincial_bureau_name),
        "office": ("province", ground.education_office_id, ground.education_office_name),
    }
    above = {"department": "school", "county": "bureau", "provincial_education": "bureau"}
    if kind == ObjectionKind.NOT_MINE:
        chain = ["school", "office"]
    else:
        chain = [above.get(ground.annulment["by_kind"], "office")]
    return [dict(zip(("stage", "body_id", "body_name"), turns[one], strict=True)) for one in chain]


def write_the_verdict(scene: Scene) -> Iterable[Piece]:
    """What was decided and when; a dismissal that is not the last word may be taken on for five working days."""
    more_to_hear = scene.to == At.DISMISSED and scene.record.turn + 1 < len(scene.record.chain)
    until = scene.calendar.add_working_days(local_day(scene.at), scene.record.objection_days) if more_to_hear else None
    yield Cells({"comment": scene.move.comment, "decided_at": scene.at, "escalate_until": until})


def carry_it_out(scene: Scene) -> Iterable[Piece]:
    """The placement moves by its own table in the same change; where it can't, the outcome says why.

    That another placement has taken its place may be over when this is written: the graduate registers anew.
    """
    record = scene.record
    placement = Now(
        {name.removeprefix(PLACEMENT): value for name, value in record.items() if name.startswith(PLACEMENT)}
    )
    outcome, action = _outcome(scene, placement)
    yield Cells({"outcome": outcome})
    if action:
        move = SimpleNamespace(reason=None, comment=scene.move.comment, proof_file_ids=())
        yield procedure_of(placement.kind).cascade(scene.of(placement, action, move)).change


def _outcome(scene: Scene, placement: Any) -> tuple[ObjectionOutcome, StrEnum | None]:
    if scene.record.kind == ObjectionKind.NOT_MINE:
        live = placement_situation(placement, scene.at) in LIVE
        return (ObjectionOutcome.ANNULLED, agreements.Do.DISOWN) if live else (ObjectionOutcome.ALREADY_ENDED, None)
    if placement.other_live_id:
        return ObjectionOutcome.SLOT_TAKEN, None
    return ObjectionOutcome.REINSTATED, agreements.Do.REINSTATE


def open_the_next_turn(scene: Scene) -> Iterable[Piece]:
    """The next body of the chain hears it anew."""
    record = scene.record
    yield Cells({"decided_at": None, "escalate_until": None})
    yield from open_turn(scene, KIND, record, record.chain, record.turn + 1, subject)


def tell_who_objected(scene: Scene) -> Iterable[Piece]:
    """A message to the side that objected."""
    tell = to_graduate if scene.record.objected_by == "graduate" else to_employer
    yield tell(scene, KIND)


def date_the_end(scene: Scene) -> Iterable[Piece]:
    """When it was taken back."""
    yield Cells({"decided_at": scene.at})


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of an objection."""
    return {
        name: getattr(record, name)
        for name in ("kind", "objected_by", "placement_id", "graduate_name", "school_name", "unit_name")
    }


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    KIND,
    objections,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
    table=[
        Transition(
            Do.OBJECT, (), At.SUBMITTED, by=a_side, takes=ObjectionDraft,
            when=(
                it_was_annulled, within_five_working_days, no_objection_is_open, it_was_not_judged_before,
                the_proofs_are_theirs,
            ),
            then=(write_the_objection, attach_the_proofs(KIND)),
        ),
        Transition(
            Do.DISOWN, (), At.SUBMITTED, by=the_graduate, takes=ObjectionDraft,
            when=(
                it_is_under_review_or_in_force, no_objection_is_open, it_was_not_judged_before, the_proofs_are_theirs,
            ),
            then=(write_the_objection, attach_the_proofs(KIND)),
        ),
        Transition(
            Do.UPHOLD, (At.SUBMITTED,), At.UPHELD, by=a_reviewer_of_the_chain, takes=Verdict,
            when=in_turn,
            then=(close_the_review, write_the_verdict, carry_it_out, tell_who_objected),
        ),
        Transition(
            Do.DISMISS, (At.SUBMITTED,), At.DISMISSED, by=a_reviewer_of_the_chain, takes=Verdict,
            when=in_turn,
            then=(close_the_review, write_the_verdict, tell_who_objected),
        ),
        Transition(
            Do.ESCALATE, (At.DISMISSED,), At.SUBMITTED, by=whose_it_is_not, takes=Escalate,
            when=(there_is_a_body_to_go_to, five_working_days_have_not_passed),
            then=(open_the_next_turn,),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED,), At.WITHDRAWN, by=who_objected,
            then=(close_the_review, date_the_end),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN: Final = (
    "id", "version", "placement_id", "kind", "status", "decision", "stage", "outcome", "objected_by", "cohort",
    "reason", "proof_file_ids", "comment", "graduate_id", "graduate_name", "school_id", "school_name", "employer_id",
    "unit_name",
    "escalate_until", "submitted_at", "decided_at", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """An objection as its sides and the bodies above them see it."""
    shown = {name: scene.record[name] for name in SHOWN}
    shown["waiting_for"] = waiting_for(scene.record)
    return shown


desk: Final = Desk(
    workflow,
    View(
        objections,
        its_parties,
        rows,
        more=rows_to_move,
        filters=("kind", "status", "decision", "stage", "cohort"),
    ),
    told,
)
ACTIONS: Final = {ObjectionKind.ANNULMENT: Do.OBJECT, ObjectionKind.NOT_MINE: Do.DISOWN}


async def raise_one(caller: Caller, draft: ObjectionDraft, once: Once | None) -> Answer:
    """Raise an objection of the kind that the draft names, about the placement that it names."""
    return await desk.open(caller, ground, {"record": draft.placement_id}, ACTIONS[draft.kind], draft, once)
