"""Destinations (毕业去向登记): seven kinds, one procedure. The graduate registers, department and school review."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.policies import a_reviewer_of_the_chain, the_graduate
from app.schemas.destination import DestinationDraft, Edit
from app.schemas.employer import Return
from app.service import Caller, Once
from app.words.destinations import DESTINATION_KINDS
from app.workflows import annulling, placing, placing_reads
from app.workflows.agreements import (
    date_the_ending,
    no_termination_is_open,
    write_the_amendment,
)
from app.workflows.amendment_endings import close_the_open_amendment
from app.workflows.attaching import attach_the_proofs, the_proofs_are_theirs
from app.workflows.bound import only_with_the_commissioning_unit
from app.workflows.desk import Desk
from app.workflows.destination_codes import FREELANCE, WITH_WAGE_FLOOR
from app.workflows.documents.issuing import every_glyph_prints, issue_the_documents, the_comment_prints
from app.workflows.engine import Either, Scene, Transition, Workflow, the_procedure
from app.workflows.invitations import identity_is_verified
from app.workflows.live_placements import no_other_live_placement
from app.workflows.looking import Answer
from app.workflows.placing import (
    date_the_decision,
    end_it,
    keep_what_was_returned,
    none_of_this_kind_is_under_way,
    rewrite_the_draft,
    the_details_are_complete,
    the_kind_is_kept,
    the_level_has_this_form,
    the_window_of_its_kind_is_open,
    write_the_draft,
)
from app.workflows.placing_reads import placements
from app.workflows.reviewing import (
    Approve,
    Reject,
    a_day_has_not_passed,
    close_the_review,
    it_is_their_turn,
    next_turn_or_approved,
    nobody_else_claimed_it,
    open_next_review,
    other_reasons_are_told,
    reopen_the_turn_before,
    who_approved_the_turn_before,
)
from app.workflows.sealed_parts import DETAILS
from app.workflows.situations import At, columns, situation
from app.workflows.unemployed_removal import close_the_open_case
from app.workflows.view import View
from app.workflows.windows import unless_just_returned


class Do(StrEnum):
    """What may be done with a destination."""

    OPEN = "open"
    EDIT = "edit"
    SUBMIT = "submit"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REOPEN = "reopen"
    REJECT = "reject"
    RETURN = "return"
    ASK_TERMINATION = "ask_termination"
    END = "end"
    AMEND = "amend"
    ANNUL = "annul"
    DISOWN = "disown"
    REINSTATE = "reinstate"


# -- what is particular to destinations -------------------------------------------------------------------------------


def stages(record: Any) -> Sequence[str]:
    """The school's chain; code 76 needs department and school, whatever the school's setting."""
    both = ("department", "school")
    return both if record.code == FREELANCE else record.review_chain


def findings(scene: Scene) -> list[str]:
    """The automatic pre-checks that found something (domain.md §8)."""
    return [*_found(scene.record)]


def _found(record: Any) -> Iterator[str]:
    details = record.details
    wage = details.get("salary_monthly") or details.get("monthly_income")
    if record.code in WITH_WAGE_FLOOR and wage and record.minimum_wage and wage < record.minimum_wage:
        yield "wage-below-minimum"
    for first, last in (("contract_from", "contract_to"), ("starts_on", "ends_on")):
        if details.get(first) and details.get(last) and details[first] > details[last]:
            yield "dates-disordered"


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of a destination."""
    names = ("graduate_name", "school_name", "major", "unit_name", "code", "findings")
    return {"kind": record.kind, **{name: record[name] for name in names}}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)
tell_the_graduate = placing.tell_the_graduate("destination")

# fmt: off
workflow = Workflow(
    "destination",
    placements,
    situations=(At.DRAFT, At.SUBMITTED, At.APPROVED, At.REJECTED, At.TERMINATED),
    situation=situation,
    columns=columns,
    trail=placing.trail_without_drafts("destination"),
    table=[
        Transition(
            Do.OPEN, (), At.DRAFT, by=the_graduate, takes=DestinationDraft,
            provided=(identity_is_verified,),
            when=(
                the_window_of_its_kind_is_open, the_level_has_this_form, none_of_this_kind_is_under_way,
                the_proofs_are_theirs, DETAILS.every_mask_stands_for_a_number,
            ),
            then=(write_the_draft, attach_the_proofs("destination")),
        ),
        Transition(
            Do.EDIT, (At.DRAFT,), At.DRAFT, by=the_graduate, takes=Edit,
            provided=(identity_is_verified,),
            when=(the_kind_is_kept, the_proofs_are_theirs, DETAILS.every_mask_stands_for_a_number),
            then=(rewrite_the_draft, attach_the_proofs("destination")),
        ),
        Transition(
            Do.SUBMIT, (At.DRAFT,), At.SUBMITTED, by=the_graduate,
            provided=(identity_is_verified,),
            when=(
                unless_just_returned(the_window_of_its_kind_is_open), the_details_are_complete, no_other_live_placement,
                only_with_the_commissioning_unit, every_glyph_prints,
            ),
            then=(placing.open_first_review("destination", subject, stages, findings), close_the_open_case),
        ),
        Transition(
            Do.CANCEL, (At.DRAFT,), At.TERMINATED, by=the_graduate,
            then=(end_it("cancelled"),),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED,), At.TERMINATED, by=the_graduate,
            then=(close_the_review, end_it("withdrawn")),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), Either((At.SUBMITTED, At.APPROVED), choose=next_turn_or_approved),
            by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, no_termination_is_open, the_comment_prints),
            then=(
                close_the_review, open_next_review("destination", subject), date_the_decision, issue_the_documents,
                tell_the_graduate,
            ),
        ),
        Transition(
            Do.REOPEN, (At.SUBMITTED,), At.SUBMITTED, by=who_approved_the_turn_before,
            when=(a_day_has_not_passed, nobody_else_claimed_it, no_termination_is_open),
            then=(reopen_the_turn_before("destination", subject),),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told, the_comment_prints),
            then=(close_the_review, date_the_decision, tell_the_graduate),
        ),
        Transition(
            Do.RETURN, (At.SUBMITTED,), At.DRAFT, by=a_reviewer_of_the_chain, takes=Return,
            when=(*in_turn, the_comment_prints),
            then=(close_the_review, keep_what_was_returned, tell_the_graduate),
        ),
        Transition(Do.ASK_TERMINATION, (At.APPROVED,), At.APPROVED, by=the_procedure),
        Transition(
            Do.END, (At.APPROVED,), At.TERMINATED, by=the_procedure,
            then=(date_the_ending, close_the_open_amendment, tell_the_graduate),
        ),
        Transition(
            Do.AMEND, (At.APPROVED,), At.APPROVED, by=the_procedure,
            then=(write_the_amendment, issue_the_documents),
        ),
        *annulling.transitions(Do, "destination", "destination"),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------


def told(scene: Scene) -> dict[str, Any]:
    """A destination as its graduate and school see it."""
    shown = placing.told(scene)
    shown["kind"] = shown["details"]["kind"] = scene.record["kind"]
    return shown


desk = Desk(
    workflow,
    View(
        placements,
        placing_reads.its_school,
        placing_reads.rows,
        more=placing_reads.rows_to_move,
        kept=placements.c.kind.in_(DESTINATION_KINDS),
        filters=("kind", "status", "decision", "cohort", "stage"),
    ),
    told,
)


async def open_one(caller: Caller, draft: DestinationDraft, once: Once | None) -> Answer:
    """Begin a draft of the kind that its details name."""
    return await desk.open(caller, placing_reads.ground, {}, Do.OPEN, draft, once)
