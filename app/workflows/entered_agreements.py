"""Entered agreements (录入协议): on paper, with an employer outside the province that is not registered here.

Issuing binds: from then on the agreement has a number and is the graduate's placement, and only a termination ends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app import codes
from app.errors import Reason
from app.numbers import agreement_number
from app.policies import a_reviewer_of_the_chain, the_graduate
from app.schemas.destination import EnteredDraft, EnteredEdit, Scan
from app.schemas.employer import Return
from app.schemas.file import FilePurpose
from app.service import Caller, Once
from app.words import Level
from app.words.policies import WindowedService
from app.workflows import annulling, placing, placing_reads
from app.workflows.agreements import (
    date_the_ending,
    no_termination_is_open,
    write_the_amendment,
)
from app.workflows.amendment_endings import close_the_open_amendment
from app.workflows.attaching import attach, theirs
from app.workflows.bound import only_with_the_commissioning_unit
from app.workflows.desk import Desk
from app.workflows.documents.issuing import (
    every_glyph_prints,
    issue_the_agreement,
    issue_the_documents,
    the_comment_prints,
)
from app.workflows.engine import Cells, Either, Piece, Scene, Transition, Workflow, the_procedure
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
    write_the_draft,
)
from app.workflows.placing_reads import placements
from app.workflows.reviewing import (
    Approve,
    Reject,
    a_day_has_not_passed,
    close_the_review,
    it_is_their_turn,
    local_day,
    next_turn_or_approved,
    nobody_else_claimed_it,
    open_next_review,
    other_reasons_are_told,
    reopen_the_turn_before,
    who_approved_the_turn_before,
)
from app.workflows.sealed_parts import DETAILS
from app.workflows.situations import At, columns, situation
from app.workflows.termination_endings import moot_the_open_termination
from app.workflows.unemployed_removal import close_the_open_case
from app.workflows.view import View
from app.workflows.windows import the_window_is_open, unless_just_returned

KIND = "entered_agreement"


class Do(StrEnum):
    """What may be done with an entered agreement."""

    OPEN = "open"
    EDIT = "edit"
    CANCEL = "cancel"
    ISSUE = "issue"
    ATTACH = "attach"
    SUBMIT = "submit"
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


# -- rules ------------------------------------------------------------------------------------------------------------


def the_employer_is_a_stranger(scene: Scene) -> Reason | None:
    """Outside the province and not registered here; any other employer invites. Looked up when issuing, not to show."""
    record = scene.record
    if scene.move is None:
        return None
    here = record.region is not None and codes.is_in_province(record.region)
    if not here and not record.unit_is_registered:
        return None
    pointer = "/details/region" if here else "/details/unit_credit_code"
    return Reason("ask-for-an-invitation", who="employer", how="let-the-employer-invite", pointer=pointer)


def the_scan_is_theirs(scene: Scene) -> Reason | None:
    """The file named was uploaded by the graduate."""
    if scene.move is None or theirs(scene, scene.move.scan_file_id):
        return None
    return Reason("scan-unknown", who="you", how="upload-the-scan", pointer="/scan_file_id")


def the_scan_is_attached(scene: Scene) -> Reason | None:
    """The stamped paper can be looked at."""
    if scene.record.details.get("scan_file_id"):
        return None
    return Reason("scan-missing", who="you", how="attach-the-scan")


# -- effects ----------------------------------------------------------------------------------------------------------


def number_it(scene: Scene) -> Iterable[Piece]:
    """A number of the same make as online agreements have."""
    record = scene.record
    year, level = local_day(scene.at).year, Level(record.level).education_code
    yield Cells({"number": agreement_number(year, record.school_code, level, scene.fresh.digits())})


def attach_the_scan(scene: Scene) -> Iterable[Piece]:
    """The scan, and the day of signing that it shows."""
    details = {**scene.record.details, "scan_file_id": scene.move.scan_file_id}
    yield Cells({"details": details, "signed_on": scene.move.signed_on})
    yield from attach(scene, "agreement", FilePurpose.STAMPED_SCAN, scene.move.named_files)


def stages(record: Any) -> Sequence[str]:
    """The school's chain."""
    return record.review_chain  # type: ignore[no-any-return]


def findings(_scene: Scene) -> list[str]:
    """No wage floor for code 10, and no days that could be out of order."""
    return []


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of an entered agreement."""
    names = ("number", "graduate_name", "school_name", "major", "unit_name", "code", "findings")
    details = {name: record.details[name] for name in ("position", "salary_monthly")}
    return {"kind": KIND, **{name: record[name] for name in names}, **details}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)
the_window = the_window_is_open(WindowedService.ENTERED_AGREEMENT)
tell_the_graduate = placing.tell_the_graduate(KIND)

# fmt: off
workflow = Workflow(
    KIND,
    placements,
    situations=(At.DRAFT, At.ISSUED, At.SUBMITTED, At.APPROVED, At.REJECTED, At.TERMINATED),
    situation=situation,
    columns=columns,
    trail=placing.trail_without_drafts(KIND),
    table=[
        Transition(
            Do.OPEN, (), At.DRAFT, by=the_graduate, takes=EnteredDraft,
            provided=(identity_is_verified,),
            when=(the_window, none_of_this_kind_is_under_way, DETAILS.every_mask_stands_for_a_number),
            then=(write_the_draft,),
        ),
        Transition(
            Do.EDIT, (At.DRAFT,), At.DRAFT, by=the_graduate, takes=EnteredEdit,
            provided=(identity_is_verified,),
            when=(DETAILS.every_mask_stands_for_a_number,),
            then=(rewrite_the_draft,),
        ),
        Transition(
            Do.CANCEL, (At.DRAFT,), At.TERMINATED, by=the_graduate,
            then=(end_it("cancelled"),),
        ),
        Transition(
            Do.ISSUE, (At.DRAFT,), At.ISSUED, by=the_graduate,
            provided=(identity_is_verified,),
            when=(
                the_window, the_details_are_complete, the_employer_is_a_stranger, no_other_live_placement,
                only_with_the_commissioning_unit, every_glyph_prints,
            ),
            then=(number_it, issue_the_agreement, close_the_open_case),
        ),
        Transition(
            Do.ATTACH, (At.ISSUED,), At.ISSUED, by=the_graduate, takes=Scan,
            provided=(identity_is_verified,),
            when=(the_scan_is_theirs,),
            then=(attach_the_scan,),
        ),
        Transition(
            Do.SUBMIT, (At.ISSUED,), At.SUBMITTED, by=the_graduate,
            provided=(identity_is_verified,),
            when=(unless_just_returned(the_window), the_scan_is_attached, no_termination_is_open),
            then=(placing.open_first_review(KIND, subject, stages, findings),),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), Either((At.SUBMITTED, At.APPROVED), choose=next_turn_or_approved),
            by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, no_termination_is_open, the_comment_prints),
            then=(
                close_the_review, open_next_review(KIND, subject), date_the_decision, issue_the_documents,
                tell_the_graduate,
            ),
        ),
        Transition(
            Do.REOPEN, (At.SUBMITTED,), At.SUBMITTED, by=who_approved_the_turn_before,
            when=(a_day_has_not_passed, nobody_else_claimed_it, no_termination_is_open),
            then=(reopen_the_turn_before(KIND, subject),),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told, the_comment_prints),
            then=(close_the_review, date_the_decision, moot_the_open_termination, tell_the_graduate),
        ),
        Transition(
            Do.RETURN, (At.SUBMITTED,), At.ISSUED, by=a_reviewer_of_the_chain, takes=Return,
            when=(*in_turn, the_comment_prints),
            then=(close_the_review, keep_what_was_returned, tell_the_graduate),
        ),
        *(
            Transition(Do.ASK_TERMINATION, (one,), one, by=the_procedure)
            for one in (At.ISSUED, At.SUBMITTED, At.APPROVED)
        ),
        Transition(
            Do.END, (At.ISSUED, At.SUBMITTED, At.APPROVED), At.TERMINATED, by=the_procedure,
            then=(close_the_review, date_the_ending, close_the_open_amendment, tell_the_graduate),
        ),
        Transition(
            Do.AMEND, (At.APPROVED,), At.APPROVED, by=the_procedure,
            then=(write_the_amendment, issue_the_documents),
        ),
        *annulling.transitions(Do, KIND, "agreement"),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------


def told(scene: Scene) -> dict[str, Any]:
    """An entered agreement as its graduate and school see it."""
    shown, record = placing.told(scene), scene.record
    shown["scan_file_id"] = shown["details"].pop("scan_file_id", None)
    return {**shown, "number": record["number"], "signed_on": record["signed_on"]}


desk = Desk(
    workflow,
    View(
        placements,
        placing_reads.its_school,
        placing_reads.rows,
        more=placing_reads.rows_to_move,
        kept=placements.c.kind == KIND,
        filters=("status", "decision", "cohort", "stage"),
    ),
    told,
)


async def open_one(caller: Caller, draft: EnteredDraft, once: Once | None) -> Answer:
    """Begin a draft."""
    return await desk.open(caller, placing_reads.ground, {}, Do.OPEN, draft, once)
