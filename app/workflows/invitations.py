"""Invitations (邀请函): sent by an employer, answered by the graduate; accepting draws the agreement up at once.

An invitation lapses at reading time: sent, and `valid_until` is over. Accepting names the version of the terms that the
graduate saw, and proves the password again (domain.md §3).
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.change import SetOf
from app.clock import after_days
from app.errors import Reason
from app.models import Invitation
from app.models.base import table_of
from app.policies import an_employer, its_parties, the_employer, the_graduate
from app.schemas.file import FilePurpose
from app.schemas.invitation import Accept, ByApplication, BySigningCode, Decline, Edit, Extend, InvitationDraft
from app.service import Caller, Once
from app.words import InvitationStatus as At
from app.words.policies import WindowedService
from app.workflows import agreements
from app.workflows.attaching import attach, theirs
from app.workflows.bound import NOTHING_KNOWN, only_by_the_commissioning_unit
from app.workflows.desk import Desk
from app.workflows.documents.issuing import every_glyph_prints
from app.workflows.engine import Cells, Now, Piece, Scene, Transition, Workflow
from app.workflows.invitation_endings import EXPIRE_LAPSED, SUPERSEDE_OTHERS
from app.workflows.invitation_reads import ground, rows, rows_to_move
from app.workflows.live_placements import no_other_live_placement
from app.workflows.looking import Answer
from app.workflows.market import job_applications
from app.workflows.sealed_parts import TERMS
from app.workflows.situations import trail_of
from app.workflows.telling import to_employer, to_graduate
from app.workflows.view import View
from app.workflows.windows import the_window_is_open

invitations = table_of(Invitation)

ESTABLISHMENT_NATURES = ("10", "20", "21", "22", "23", "29", "40")
"""Natures whose posts may be inside the state establishment: 10, 2x, 40."""


class Do(StrEnum):
    """What may be done with an invitation."""

    SEND = "send"
    EDIT = "edit"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    ACCEPT = "accept"


def situation(record: Any, at: datetime) -> At:
    """The status, or expired when its time is over."""
    status = At(record.status)
    return At.EXPIRED if status is At.SENT and record.valid_until <= at else status


# -- rules ------------------------------------------------------------------------------------------------------------


def identity_is_verified(scene: Scene) -> Reason | None:
    """The graduate was found in the provincial roster, as one of this province's: nothing is signed before."""
    if scene.actor.archive_query_only:
        return Reason("archive-query-only", who="nobody", how="ask-about-your-archive")
    return None if scene.actor.verified_at else Reason("identity-unverified", who="you", how="verify-your-identity")


def the_employer_is_approved(scene: Scene) -> Reason | None:
    """The bureau of its registered place has approved the employer, and it is active."""
    ground = scene.record
    if ground.employer_decision == "approved" and ground.standing == "active":
        return None
    return Reason("employer-not-approved", who="bureau", how="wait-for-the-approval")


def the_notice_is_attached(scene: Scene) -> Reason | None:
    """A post inside the state establishment comes with its appointment notice."""
    terms = scene.move.terms if scene.move else None
    if terms is None or not terms.establishment or terms.notice_file_id:
        return None
    return Reason("appointment-notice-missing", who="you", how="attach-the-notice", pointer="/terms/notice_file_id")


def the_notice_is_theirs(scene: Scene) -> Reason | None:
    """The notice named was uploaded as one, by the employer itself."""
    if scene.move is None or theirs(scene, scene.move.terms.notice_file_id):
        return None
    return Reason("notice-unknown", who="you", how="upload-the-notice", pointer="/terms/notice_file_id")


def establishment_fits_the_nature(scene: Scene) -> Reason | None:
    """Only public bodies have posts inside the state establishment."""
    terms = scene.move.terms if scene.move else None
    nature = scene.record.employer["nature"]
    if terms is None or not terms.establishment or nature in ESTABLISHMENT_NATURES:
        return None
    return Reason("no-establishment-posts", who="you", how="correct-the-field", pointer="/terms/establishment")


def the_version_seen_is_the_present_one(scene: Scene) -> Reason | None:
    """The terms were not edited since the graduate read them."""
    if scene.move is None or scene.move.terms_version == scene.record.terms_version:
        return None
    return Reason("terms-changed", who="you", how="read-the-terms-again", pointer="/terms_version")


def so_many_days_are_allowed(scene: Scene) -> Reason | None:
    """The employer says no fewer and no more days than the cohort's policy allows."""
    named, ground = scene.move and scene.move.valid_days, scene.record
    if not named or ground.invitation_days_min <= named <= ground.invitation_days_max:
        return None
    bounds = {"least": ground.invitation_days_min, "most": ground.invitation_days_max}
    return Reason("days-not-allowed", who="you", how="correct-the-field", pointer="/valid_days", params=bounds)


def an_extension_is_longer(scene: Scene) -> Reason | None:
    """An extension ends later than the invitation did."""
    if scene.move is None or after_days(scene.at, scene.move.valid_days) > scene.record.valid_until:
        return None
    return Reason("not-longer", who="you", how="correct-the-field", pointer="/valid_days")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_it(scene: Scene) -> Iterable[Piece]:
    """The invitation as sent; a lapsed one of the same pair expires first."""
    ground, move = scene.record, scene.move
    pair = {"graduate_id": ground.graduate_id, "employer_id": scene.actor.body_id}
    yield SetOf(EXPIRE_LAPSED, {**pair, "at": scene.at, "real": scene.real})
    yield Cells(
        {
            **pair,
            "department_id": ground.department_id,
            "school_id": ground.school_id,
            "terms_version": 1,
            **_terms(scene),
            "valid_until": after_days(scene.at, move.valid_days or ground.invitation_days),
            "answered_at": None,
            "decline_reason": None,
            "employer": ground.employer,
            "graduate_name": ground.graduate_name,
            "cohort": ground.graduate_cohort,
            "level": ground.graduate_level,
            "school_name": ground.school_name,
            "major": ground.major,
        },
        {"other_live_id": None, "timetable": None, **NOTHING_KNOWN},
    )


def answer_the_application(scene: Scene) -> Iterable[Piece]:
    """The application that the invitation comes from is answered by it, by its own table in the same change."""
    if scene.record.application:
        application = scene.of(Now(scene.record.application), job_applications.Do.INVITE, scene.move)
        yield job_applications.workflow.cascade(application).change


def write_a_new_version(scene: Scene) -> Iterable[Piece]:
    """An edit is a new version of the terms."""
    yield Cells({**_terms(scene), "terms_version": scene.record.terms_version + 1})


def _terms(scene: Scene) -> dict[str, Any]:
    return TERMS.cells(scene.sealer, scene.id, TERMS.said(scene, scene.move.terms.model_dump(mode="json")))


def attach_the_notice(scene: Scene) -> Iterable[Piece]:
    """The appointment notice: the graduate, and later whoever reviews, may read it now."""
    yield from attach(scene, "invitation", FilePurpose.APPOINTMENT_NOTICE, scene.move.named_files)


def extend_it(scene: Scene) -> Iterable[Piece]:
    """The same terms, for longer."""
    yield Cells({"valid_until": after_days(scene.at, scene.move.valid_days)})


def date_the_answer(scene: Scene) -> Iterable[Piece]:
    """When it was answered or taken back."""
    yield Cells({"answered_at": scene.at, "decline_reason": getattr(scene.move, "reason", None)})


def supersede_other_invitations(scene: Scene) -> Iterable[Piece]:
    """Every other pending invitation to this graduate ends; their employers are told."""
    others = {"graduate_id": scene.record.graduate_id, "except_id": scene.record.id}
    yield SetOf(SUPERSEDE_OTHERS, {**others, "at": scene.at, "real": scene.real})


def open_the_agreement(scene: Scene) -> Iterable[Piece]:
    """The agreement, opened by its own table in the same change; the notice goes along to whoever reviews it."""
    opening = scene.opening(agreements.Do.OPEN)
    opened = agreements.workflow.cascade_opening(opening)
    yield opened.change
    yield from attach(opening, "agreement", FilePurpose.APPOINTMENT_NOTICE, [scene.record.notice_id])
    yield Cells(beside={"other_live_id": opened.record.id})


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message in the graduate's inbox."""
    yield to_graduate(scene, "invitation", scene.action)


def tell_the_employer(scene: Scene) -> Iterable[Piece]:
    """A message in the employer's inbox."""
    yield to_employer(scene, "invitation", scene.action)


# -- the table --------------------------------------------------------------------------------------------------------

the_window = the_window_is_open(WindowedService.ONLINE_AGREEMENT)

# fmt: off
workflow = Workflow(
    "invitation",
    invitations,
    situations=tuple(At),
    situation=situation,
    columns=lambda at: {"status": at.value},
    trail=trail_of("invitation"),
    table=[
        Transition(
            Do.SEND, (), At.SENT, by=an_employer,
            when=(
                the_employer_is_approved, so_many_days_are_allowed, establishment_fits_the_nature,
                the_notice_is_attached, the_notice_is_theirs, TERMS.every_mask_stands_for_a_number,
            ),
            then=(write_it, attach_the_notice, answer_the_application, tell_the_graduate),
        ),
        Transition(
            Do.EDIT, (At.SENT,), At.SENT, by=the_employer, takes=Edit,
            when=(
                establishment_fits_the_nature, the_notice_is_attached, the_notice_is_theirs,
                TERMS.every_mask_stands_for_a_number,
            ),
            then=(write_a_new_version, attach_the_notice, tell_the_graduate),
        ),
        Transition(
            Do.EXTEND, (At.SENT,), At.SENT, by=the_employer, takes=Extend,
            when=(so_many_days_are_allowed, an_extension_is_longer),
            then=(extend_it,),
        ),
        Transition(
            Do.WITHDRAW, (At.SENT,), At.WITHDRAWN, by=the_employer,
            then=(date_the_answer, tell_the_graduate),
        ),
        Transition(
            Do.DECLINE, (At.SENT,), At.DECLINED, by=the_graduate, takes=Decline,
            then=(date_the_answer, tell_the_employer),
        ),
        Transition(
            Do.ACCEPT, (At.SENT,), At.ACCEPTED, by=the_graduate, takes=Accept, reproof=True,
            provided=(identity_is_verified,),
            when=(
                the_window,
                the_version_seen_is_the_present_one,
                no_other_live_placement,
                only_by_the_commissioning_unit,
                every_glyph_prints,
            ),
            then=(date_the_answer, supersede_other_invitations, open_the_agreement, tell_the_employer),
        ),
    ],
    by_others=(At.EXPIRED, At.SUPERSEDED),
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN = (
    "id", "version", "graduate_id", "graduate_name", "school_id", "school_name", "department_id", "major", "level",
    "cohort", "employer_id", "employer", "terms_version", "valid_until", "answered_at", "decline_reason",
    "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """An invitation as both sides see it."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["terms"] = TERMS.seen(record["terms"])
    shown["status"] = situation(record, scene.at)
    return shown


desk = Desk(
    workflow,
    View(invitations, its_parties, rows, more=rows_to_move, filters=("status", "cohort")),
    told,
)


async def send(caller: Caller, draft: InvitationDraft, once: Once | None) -> Answer:
    """Send an invitation to the graduate whom the draft's `to` names; whoever it is not is the same 404."""
    named: dict[str, Any] = dict.fromkeys(("code", "id_bidx", "name", "level", "cohort", "application"))
    if isinstance(draft.to, BySigningCode):
        named["code"] = draft.to.signing_code
    elif isinstance(draft.to, ByApplication):
        named["application"] = draft.to.job_application_id
    else:
        named |= draft.to.model_dump(exclude={"id_number"})
        named["id_bidx"] = caller.service.blind_index.of("id_number", draft.to.id_number)
    return await desk.open(caller, ground, named, Do.SEND, draft, once)
