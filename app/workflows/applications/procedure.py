"""The procedure of applications (就业手续): the graduate applies, the bodies of the chain review."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from app.errors import Reason
from app.policies import a_reviewer_of_the_chain, the_graduate
from app.schemas.application import ApplicationDraft, Appointment, Card, Edit, Failed, Revoke
from app.schemas.employer import Return
from app.service import Caller, Once
from app.workflows import placing
from app.workflows.applications import reads
from app.workflows.applications.chains import PUBLICITY
from app.workflows.applications.dispatching import issue_the_dispatch, the_lost_one_is_on_record, void_the_dispatch
from app.workflows.applications.drafting import (
    KIND,
    none_of_this_kind_is_open,
    open_first_review,
    rewrite_the_draft,
    subject,
    the_form_is_complete,
    the_rank_is_possible,
    write_the_draft,
)
from app.workflows.applications.eligibility import (
    THEY_MAY,
    applications,
    the_category_is_offered,
    the_window_of_its_kind_is_open,
)
from app.workflows.applications.fulfilment import (
    note_the_day,
    the_deciding_body,
    the_office_is_open_that_day,
    write_the_new_card,
)
from app.workflows.applications.places import a_place_is_left, give_the_places_back, take_a_place
from app.workflows.applications.standing import DECIDED, GRANT, GRANTED, At, columns, situation
from app.workflows.attaching import attach_the_proofs, the_proofs_are_theirs
from app.workflows.desk import Desk
from app.workflows.documents.issuing import every_glyph_prints, the_comment_prints
from app.workflows.engine import Cells, Either, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.invitations import identity_is_verified
from app.workflows.looking import Answer
from app.workflows.placing import end_it, keep, the_kind_is_kept
from app.workflows.reviewing import (
    Approve,
    Reject,
    close_the_review,
    it_is_their_turn,
    nobody_else_claimed_it,
    open_next_review,
    other_reasons_are_told,
)
from app.workflows.sealed_parts import APPLIED, APPLIED_RETURNED
from app.workflows.view import View
from app.workflows.windows import unless_just_returned


class Do(StrEnum):
    """What may be done with an application."""

    OPEN = "open"
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    PASS = "pass"  # noqa: S105 (a move, and no secret)
    RETURN = "return"
    REVOKE = "revoke"
    PAY = "pay"
    FAIL = "fail"
    NAME_CARD = "name_card"
    PRINT = "print"
    BOOK = "book"
    COLLECT = "collect"
    LAPSE = "lapse"


# -- who, and what follows --------------------------------------------------------------------------------------------


def the_publicity_passes_by_itself(scene: Scene) -> Reason | None:
    """Nobody shortens a publicity: what no objection has stopped passes after its last day."""
    if scene.record.stage != PUBLICITY:
        return None
    return Reason("publicity-runs", who="nobody", how="await-the-publicity")


def next_turn_or_granted(scene: Scene) -> StrEnum:
    """Submitted to the next body of the chain; after the last one, what an approval of this kind leads to."""
    more = scene.record.turn + 1 < len(scene.record.chain)
    return At.SUBMITTED if more else GRANT[scene.record.kind]


def date_the_decision(scene: Scene) -> Iterable[Piece]:
    """When it was approved, with the amount of a subsidy and the day of an appointment, or refused for good."""
    if scene.to != At.SUBMITTED:
        details, given = scene.record.details, scene.to in GRANTED
        category = (scene.record.categories or {}).get(details.get("category"), {})
        yield Cells(
            {
                "decided_at": scene.at,
                "amount": category.get("amount_cny") if given else None,
                "collect_on": date.fromisoformat(details["collect_on"]) if given and "collect_on" in details else None,
            }
        )


# -- the table --------------------------------------------------------------------------------------------------------

judging = (it_is_their_turn, nobody_else_claimed_it, the_comment_prints)
tell_the_graduate = placing.tell_the_graduate(KIND)

# fmt: off
workflow = Workflow(
    KIND,
    applications,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=placing.trail_without_drafts(KIND, APPLIED, APPLIED_RETURNED),
    table=[
        Transition(
            Do.OPEN, (), At.DRAFT, by=the_graduate, takes=ApplicationDraft,
            provided=(identity_is_verified,),
            when=(
                the_window_of_its_kind_is_open, *THEY_MAY, none_of_this_kind_is_open, the_proofs_are_theirs,
                APPLIED.every_mask_stands_for_a_number,
            ),
            then=(write_the_draft, attach_the_proofs(KIND)),
        ),
        Transition(
            Do.EDIT, (At.DRAFT,), At.DRAFT, by=the_graduate, takes=Edit,
            provided=(identity_is_verified,),
            when=(the_kind_is_kept, the_proofs_are_theirs, APPLIED.every_mask_stands_for_a_number),
            then=(rewrite_the_draft, attach_the_proofs(KIND)),
        ),
        Transition(
            Do.SUBMIT, (At.DRAFT,), At.SUBMITTED, by=the_graduate,
            provided=(identity_is_verified,),
            when=(
                unless_just_returned(the_window_of_its_kind_is_open), the_form_is_complete, the_rank_is_possible,
                the_category_is_offered, every_glyph_prints, *THEY_MAY,
            ),
            then=(open_first_review,),
        ),
        Transition(
            Do.WITHDRAW, (At.DRAFT, At.SUBMITTED), At.TERMINATED, by=the_graduate,
            then=(close_the_review, give_the_places_back, end_it("withdrawn")),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), Either(DECIDED, choose=next_turn_or_granted),
            by=a_reviewer_of_the_chain, takes=Approve,
            when=(*judging, the_publicity_passes_by_itself, a_place_is_left, the_lost_one_is_on_record),
            then=(
                close_the_review, take_a_place, open_next_review(KIND, subject), date_the_decision, issue_the_dispatch,
                tell_the_graduate,
            ),
        ),
        Transition(
            Do.PASS, (At.SUBMITTED,), Either(DECIDED, choose=next_turn_or_granted),
            by=the_procedure,
            then=(close_the_review, open_next_review(KIND, subject), date_the_decision, tell_the_graduate),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*judging, other_reasons_are_told),
            then=(close_the_review, give_the_places_back, date_the_decision, tell_the_graduate),
        ),
        Transition(
            Do.RETURN, (At.SUBMITTED,), At.DRAFT, by=a_reviewer_of_the_chain, takes=Return,
            when=judging,
            then=(close_the_review, give_the_places_back, keep(APPLIED, APPLIED_RETURNED), tell_the_graduate),
        ),
        Transition(
            Do.REVOKE, GRANTED, At.TERMINATED, by=the_deciding_body, takes=Revoke,
            then=(give_the_places_back, void_the_dispatch, end_it("revoked"), tell_the_graduate),
        ),
        Transition(
            Do.PAY, (At.TO_PAY,), At.PAID, by=the_deciding_body,
            then=(tell_the_graduate,),
        ),
        Transition(
            Do.FAIL, (At.TO_PAY,), At.FAILED, by=the_deciding_body, takes=Failed,
            then=(tell_the_graduate,),
        ),
        Transition(
            Do.NAME_CARD, (At.FAILED,), At.TO_PAY, by=the_graduate, takes=Card,
            provided=(identity_is_verified,),
            then=(write_the_new_card,),
        ),
        Transition(
            Do.PRINT, (At.TO_PRINT,), At.PRINTED, by=the_deciding_body,
            then=(tell_the_graduate,),
        ),
        Transition(
            Do.BOOK, (At.READY_FOR_COLLECTION,), At.READY_FOR_COLLECTION, by=the_graduate, takes=Appointment,
            when=(the_office_is_open_that_day,),
            then=(note_the_day,),
        ),
        Transition(
            Do.COLLECT, (At.READY_FOR_COLLECTION,), At.COLLECTED, by=the_deciding_body,
            then=(tell_the_graduate,),
        ),
        Transition(
            Do.LAPSE, (At.READY_FOR_COLLECTION,), At.LAPSED, by=the_deciding_body,
            then=(tell_the_graduate,),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

desk = Desk(
    workflow,
    View(
        applications,
        reads.visible,
        reads.rows,
        more=reads.rows_to_move,
        filters=("kind", "status", "decision", "stage", "cohort"),
    ),
    reads.told,
)


async def open_one(caller: Caller, draft: ApplicationDraft, once: Once | None) -> Answer:
    """Begin a draft of the kind that its details name."""
    return await desk.open(caller, reads.ground, {}, Do.OPEN, draft, once)
