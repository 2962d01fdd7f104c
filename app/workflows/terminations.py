"""Terminations (解约): the only way to end what is live. One is open at a time for a placement (domain.md §3).

An online agreement has two sides: one asks, the other answers; asking while the other side has asked is the answer
*agree*. Who does not answer in time loses the word: the case is escalated, and a reviewing body decides. Until it is,
also late answers are taken; from then on the sides can't settle it any more, but the asker may still take it back.
Entered agreements and approved destinations have the graduate alone: the school decides.

Agreed, the placement ends in the same write; refused or taken back, it stays as it is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Final

from app.change import SetOf
from app.errors import Reason
from app.models.base import PARTIES
from app.policies import Actor, a_reviewer_of_the_chain, its_parties, the_employer, the_graduate
from app.schemas.termination import Answer as Answered
from app.schemas.termination import TerminationDraft
from app.service import Caller, Once
from app.words import TerminationStage
from app.words.policies import WindowedService
from app.workflows import agreements, entered_agreements
from app.workflows.attaching import attach_the_proofs, the_proofs_are_theirs
from app.workflows.desk import Desk
from app.workflows.engine import (
    Blocked,
    Cells,
    Decision,
    Either,
    Now,
    Piece,
    Scene,
    Transition,
    Workflow,
    the_procedure,
)
from app.workflows.invitations import identity_is_verified
from app.workflows.looking import Answer
from app.workflows.placements import procedure_of
from app.workflows.reviewing import (
    Approve,
    Reject,
    bureau_chain,
    close_the_review,
    has_left,
    it_is_their_turn,
    local_day,
    nobody_else_claimed_it,
    open_next_review,
    open_turn,
    other_reasons_are_told,
    school_chain,
    waiting_for,
)
from app.workflows.situations import situation as placement_situation
from app.workflows.situations import trail_of
from app.workflows.telling import to_employer, to_graduate
from app.workflows.termination_endings import SHOW_TO_THE_BUREAU
from app.workflows.termination_reads import (
    NO_REVIEW,
    ground,
    rows,
    rows_to_move,
    terminations,
    the_open_one,
    the_placement,
)
from app.workflows.view import View
from app.workflows.windows import the_window_is_open

KIND: Final = "termination"


class At(StrEnum):
    """Where a termination stands."""

    SUBMITTED = "submitted"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MOOT = "moot"


class Do(StrEnum):
    """What may be done with a termination: sides agree and refuse, reviewing bodies approve and reject."""

    ASK = "ask"
    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    APPROVE = "approve"
    REJECT = "reject"


def situation(record: Any, _at: datetime) -> At:
    """The situation of a termination."""
    return At(record.decision or record.ending or record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation; whose turn it is while submitted, effects say."""
    match at:
        case At.AGREED | At.REFUSED:
            return {"status": "reviewed", "decision": at.value, "stage": None}
        case At.WITHDRAWN:
            return {"status": "terminated", "decision": None, "ending": at.value, "stage": None}
        case _:
            return {"status": "submitted", "decision": None, "ending": None}


# -- who --------------------------------------------------------------------------------------------------------------


def a_side(actor: Actor, record: Any) -> bool:
    """The graduate; of an online agreement, the employer too."""
    return the_graduate(actor, record) or the_employer(actor, record)


def the_asker(actor: Actor, record: Any) -> bool:
    """The side that asked."""
    return the_graduate(actor, record) if record.asked_by == "graduate" else the_employer(actor, record)


def the_other_side(actor: Actor, record: Any) -> bool:
    """The side that answers."""
    return a_side(actor, record) and not the_asker(actor, record)


# -- rules ------------------------------------------------------------------------------------------------------------


def the_graduate_is_verified(scene: Scene) -> Reason | None:
    """As for every procedure; of employers nothing is asked."""
    return identity_is_verified(scene) if scene.actor.kind == "graduate" else None


def the_placement_may_be_ended(scene: Scene) -> Reason | None:
    """Its own table may end it from where it stands; what is not approved yet, the graduate withdraws alone."""
    ground = scene.record
    at = placement_situation(ground, scene.at)
    table = procedure_of(ground.kind).table
    if any(at in row.sources for row in table if row.action == agreements.Do.ASK_TERMINATION):
        return None
    if at in ("draft", "submitted"):
        return Reason("placement-not-binding", who="you", how="withdraw-it-yourself")
    return Reason("agreement-not-live", who="nobody", how="nothing-to-end")


def an_entered_agreement_has_a_proof(scene: Scene) -> Reason | None:
    """The employer has no voice here: the school sees on paper that the agreement is to end."""
    if scene.move is None or scene.record.kind != entered_agreements.KIND or scene.move.named_files:
        return None
    return Reason("termination-proof-missing", who="you", how="upload-the-proof", pointer="/proof_file_ids")


def it_waits_for_the_other_side(scene: Scene) -> Reason | None:
    """No reviewing body has it yet."""
    if scene.record.stage == TerminationStage.COUNTERPARTY:
        return None
    return Reason("a-body-decides", who=scene.record.stage, how="await-the-decision")


def nobody_answered_in_time(scene: Scene) -> Reason | None:
    """The last working day for the answer has ended, at 24:00 in the province."""
    due = scene.record.reply_due_on
    if not it_waits_for_the_other_side(scene) and local_day(scene.at) > due:
        return None
    return Reason("answer-not-overdue", who="both-sides", how="await-the-decision")


# -- outcomes ---------------------------------------------------------------------------------------------------------


def agreed_or_reviewed_by_the_school(scene: Scene) -> StrEnum:
    """Agreed; where the cohort's policy says so, the school reviews that first."""
    return At.SUBMITTED if scene.record.termination_review_by_school else At.AGREED


def next_turn_or_agreed(scene: Scene) -> StrEnum:
    """Submitted to the next body of the chain; after the last one, agreed."""
    return At.SUBMITTED if scene.record.turn + 1 < len(scene.record.chain) else At.AGREED


# -- effects ----------------------------------------------------------------------------------------------------------


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of a termination."""
    names = ("number", "graduate_name", "school_name", "major", "unit_name", "placement_kind", "type", "asked_by")
    return {name: record[name] for name in names}


def write_the_wish(scene: Scene) -> Iterable[Piece]:
    """The termination as asked: with the last day for the other side's answer, else with the school's first turn."""
    ground, move = scene.record, scene.move
    answered = ground.employer_id is not None
    cells = {
        **{party: ground[party] for party in PARTIES},
        "placement_id": ground.id,
        "asked_by": scene.actor.kind,
        "type": move.type,
        "reason": move.reason,
        "liquidated_damages_paid": move.liquidated_damages_paid,
        "proof_file_ids": list(dict.fromkeys(move.named_files)),
        "reply_due_on": (
            scene.calendar.add_working_days(local_day(scene.at), ground.answer_due_days) if answered else None
        ),
        **dict.fromkeys(("chain", "turn", "comment", "decided_at")),
        "stage": TerminationStage.COUNTERPARTY,
    }
    told = ("graduate_name", "school_name", "major", "unit_name", "number", "cohort", "placement_kind")
    yield Cells(cells, {**{name: ground[name] for name in told}, **NO_REVIEW})
    if not answered:
        asked = Now({**dict(ground.items()), **cells})
        yield from open_turn(scene, KIND, asked, school_chain(ground, ground.termination_chain), 0, subject)


def note_it_on_the_placement(scene: Scene) -> Iterable[Piece]:
    """A step of the placement's own table: whoever decides on it at this moment looks again."""
    noted = SimpleNamespace(comment=scene.move.reason)
    step = scene.of(scene.record, agreements.Do.ASK_TERMINATION, noted)
    yield procedure_of(scene.record.kind).cascade(step).change


def write_the_answer(scene: Scene) -> Iterable[Piece]:
    """What was said; and when it was settled, if it is."""
    said = {"comment": getattr(scene.move, "comment", None)}
    yield Cells(said if scene.to == At.SUBMITTED else {**said, "decided_at": scene.at})


def open_the_schools_review(scene: Scene) -> Iterable[Piece]:
    """Both sides agree, and the school reviews it."""
    if scene.to == At.SUBMITTED:
        record = scene.record
        yield from open_turn(scene, KIND, record, school_chain(record, record.termination_chain), 0, subject)


def open_the_escalated_review(scene: Scene) -> Iterable[Piece]:
    """The school decides before leaving; after it the bureau of the employer's registered place, which then sees it."""
    record = scene.record
    left = has_left(record, scene.at)
    yield from open_turn(
        scene, KIND, record, bureau_chain(record) if left else school_chain(record, ("school",)), 0, subject
    )
    if left and record.bureau_id:
        bureau = agreements.seen_by_the_bureau(record)
        yield Cells(bureau)
        yield SetOf(SHOW_TO_THE_BUREAU, {"placement_id": record.placement_id, **bureau})


def end_the_placement(scene: Scene) -> Iterable[Piece]:
    """Agreed, the placement ends by its own table in the same change, which frees the graduate's slot."""
    if scene.to == At.AGREED:
        record, placement = scene.record, the_placement(scene.record)
        ending = SimpleNamespace(ending=record.type, comment=record.reason)
        ended = procedure_of(placement.kind).cascade(scene.of(placement, agreements.Do.END, ending))
        yield ended.change


_NEWS: Final[Mapping[str, str]] = {Do.ASK: "submitted", Do.AGREE: "answered", Do.ESCALATE: "escalated"}
"""What is told of a termination that is still open; a turn that goes on to the next body is no news."""


def tell_the_sides(scene: Scene) -> Iterable[Piece]:
    """A message to each side but the one whose move it is."""
    news = scene.to if scene.to != At.SUBMITTED else _NEWS.get(scene.action)
    if news and scene.actor.kind != "graduate":
        yield to_graduate(scene, KIND, news)
    if news and scene.record.employer_id and scene.actor.kind != "employer":
        yield to_employer(scene, KIND, news)


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    KIND,
    terminations,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
    table=[
        Transition(
            Do.ASK, (), At.SUBMITTED, by=a_side, takes=TerminationDraft,
            provided=(the_graduate_is_verified,),
            when=(
                the_window_is_open(WindowedService.TERMINATION), the_placement_may_be_ended,
                agreements.no_termination_is_open, the_proofs_are_theirs, an_entered_agreement_has_a_proof,
            ),
            then=(write_the_wish, attach_the_proofs(KIND), note_it_on_the_placement, tell_the_sides),
        ),
        Transition(
            Do.AGREE, (At.SUBMITTED,), Either((At.SUBMITTED, At.AGREED), choose=agreed_or_reviewed_by_the_school),
            by=the_other_side, takes=Answered,
            provided=(the_graduate_is_verified,), when=(it_waits_for_the_other_side,),
            then=(write_the_answer, open_the_schools_review, end_the_placement, tell_the_sides),
        ),
        Transition(
            Do.REFUSE, (At.SUBMITTED,), At.REFUSED, by=the_other_side, takes=Answered,
            provided=(the_graduate_is_verified,), when=(it_waits_for_the_other_side,),
            then=(write_the_answer, tell_the_sides),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED,), At.WITHDRAWN, by=the_asker,
            then=(close_the_review, write_the_answer, tell_the_sides),
        ),
        Transition(
            Do.ESCALATE, (At.SUBMITTED,), At.SUBMITTED, by=the_procedure,
            when=(nobody_answered_in_time,),
            then=(open_the_escalated_review, tell_the_sides),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), Either((At.SUBMITTED, At.AGREED), choose=next_turn_or_agreed),
            by=a_reviewer_of_the_chain, takes=Approve,
            when=in_turn,
            then=(
                close_the_review, open_next_review(KIND, subject), write_the_answer, end_the_placement, tell_the_sides,
            ),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REFUSED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told),
            then=(close_the_review, write_the_answer, tell_the_sides),
        ),
    ],
    by_others=(At.MOOT,),
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN = (
    "id", "version", "placement_id", "placement_kind", "status", "decision", "stage", "ending", "asked_by", "type",
    "reason", "liquidated_damages_paid", "proof_file_ids", "comment", "cohort", "graduate_id", "graduate_name",
    "school_id", "school_name", "department_id", "employer_id", "unit_name", "reply_due_on", "decided_at", "created_at",
    "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """A termination as both sides and the reviewers see it."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["waiting_for"] = waiting_for(record) or _for_the_other_side(record)
    return shown


def _for_the_other_side(record: Any) -> dict[str, Any] | None:
    if record.stage is None:
        return None
    other = (
        {"id": record.employer_id, "name": record.unit_name}
        if record.asked_by == "graduate"
        else {"id": record.graduate_id, "name": record.graduate_name}
    )
    return {"stage": record.stage, "body": other, "since": record.created_at, "due_on": record.reply_due_on}


desk = Desk(workflow, View(terminations, its_parties, rows, more=rows_to_move, filters=("status", "decision")), told)


async def ask(caller: Caller, draft: TerminationDraft, once: Once | None) -> Answer:
    """Ask to end the placement that the draft names; where the other side has asked already, that is agreeing to it.

    Then the answer is that of a move on the open termination, with the reason given as the comment.
    """
    return await desk.open(caller, ground, {"record": draft.placement_id}, Do.ASK, draft, once, judge=ask_or_agree)


def ask_or_agree(scene: Scene) -> Decision:
    """Judge a wish on its ground: a new termination, or the answer to the open one."""
    asked = the_open_one(scene.record)
    if asked and the_other_side(scene.actor, asked):
        return workflow.decide(scene.of(asked, Do.AGREE, Answered(comment=scene.move.reason)))
    return workflow.decide_opening(scene)


def may_be_asked(scene: Scene) -> tuple[list[str], list[Blocked]]:
    """What a placement's `actions` and `blocked` say of asking to end it; nothing of drafts and of what has ended."""
    if scene.record.status == "draft" or placement_situation(scene.record, scene.at) in ("rejected", "terminated"):
        return [], []
    actions, blocked = workflow.opening(scene, Do.ASK)
    name = agreements.Do.ASK_TERMINATION
    return [name for _ in actions], [(name, reason) for _, reason in blocked]
