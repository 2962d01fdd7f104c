"""Online agreements (网签协议): drawn up when a graduate accepts, reviewed in turn, ended by a termination.

Before leaving the school's chain reviews, after leaving the bureau of the employer's registered place (domain.md §3).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import FromClause, Select, and_, select

from app.errors import Reason
from app.models import Placement, Termination
from app.models.base import table_of
from app.numbers import agreement_number
from app.outbox import promise
from app.policies import a_reviewer_of_the_chain, its_parties
from app.schemas.file import FilePurpose
from app.words import Level
from app.workflows import annulling
from app.workflows.amendment_endings import close_the_open_amendment
from app.workflows.attaching import beside
from app.workflows.desk import Desk
from app.workflows.documents.issuing import issue_the_agreement, issue_the_documents, the_comment_prints
from app.workflows.engine import Cells, Either, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.facts import Facts, timetable_of
from app.workflows.live_placements import no_other_live_placement
from app.workflows.pre_checks import ENTRYPOINT as PRE_CHECKS
from app.workflows.reviewing import (
    BESIDE,
    Approve,
    Reject,
    a_day_has_not_passed,
    bureau_chain,
    close_the_review,
    has_left,
    it_is_their_turn,
    local_day,
    next_turn_or_approved,
    nobody_else_claimed_it,
    open_next_review,
    open_turn,
    other_reasons_are_told,
    reopen_the_turn_before,
    school_chain,
    waiting_for,
    who_approved_the_turn_before,
    with_open_review,
)
from app.workflows.sealed_parts import DETAILS, TERMS
from app.workflows.situations import At, amended, columns, situation, trail_of
from app.workflows.telling import to_employer, to_graduate
from app.workflows.termination_endings import moot_the_open_termination
from app.workflows.unemployed_removal import close_the_open_case
from app.workflows.view import View

KIND = "online_agreement"
placements = table_of(Placement)
open_termination = table_of(Termination).alias("open_termination")


class Do(StrEnum):
    """What may be done with an agreement."""

    OPEN = "open"
    APPROVE = "approve"
    REOPEN = "reopen"
    REJECT = "reject"
    ASK_TERMINATION = "ask_termination"
    END = "end"
    AMEND = "amend"
    ANNUL = "annul"
    DISOWN = "disown"
    REINSTATE = "reinstate"


# -- rules ------------------------------------------------------------------------------------------------------------


def no_termination_is_open(scene: Scene) -> Reason | None:
    """Nobody has asked to end it: that must be answered first."""
    asked = scene.record.open_termination_id
    return Reason("termination-open", who="both-sides", how="settle-the-termination", pointer=asked) if asked else None


# -- effects ----------------------------------------------------------------------------------------------------------


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of an agreement."""
    return {
        "number": record.number,
        "graduate_name": record.graduate_name,
        "school_name": record.school_name,
        "major": record.major,
        "unit_name": record.unit_name,
        "position": record.details["position"],
        "salary_monthly": record.details["salary_monthly"],
    }


def draw_up(scene: Scene) -> Iterable[Piece]:
    """The agreement as the accepted invitation has it, numbered, submitted to the first body of its chain."""
    ground, employer = scene.record, scene.record.employer
    day = local_day(scene.at)
    chain = bureau_chain(ground) if has_left(ground, scene.at) else school_chain(ground, ground.review_chain)
    cells = {
        "kind": KIND,
        "code": "10",
        "number": agreement_number(
            day.year, ground.school_code, Level(ground.level).education_code, scene.fresh.digits()
        ),
        "cohort": ground.cohort,
        "level": ground.level,
        "graduate_id": ground.graduate_id,
        "employer_id": ground.employer_id,
        "department_id": ground.department_id,
        "school_id": ground.school_id,
        "graduate_name": ground.graduate_name,
        "school_name": ground.school_name,
        "major": ground.major,
        "unit_name": employer["name"],
        "unit_credit_code": employer["credit_code"],
        "unit_nature": employer["nature"],
        "unit_industry": employer["industry"],
        "registered_region": employer["registered_region"],
        "region": employer["region"],
        **DETAILS.cells(scene.sealer, scene.id, TERMS.whole(scene.sealer, ground)),
        "invitation_id": ground.id,
        "signed_on": day,
        "submitted_at": scene.at,
        **(seen_by_the_bureau(ground) if has_left(ground, scene.at) else {}),
    }
    yield Cells(cells)
    drawn = type("Drawn", (), {**cells, "review_due_days": ground.review_due_days})
    yield from open_turn(scene, "agreement", drawn, chain, 0, subject)
    yield promise(PRE_CHECKS, {"placement_id": scene.id}, waits=True)


def seen_by_the_bureau(ground: Any) -> dict[str, Any]:
    """The bureau of the employer's registered place becomes a party: it reviews, or the agreement came into force."""
    return {"county_id": ground.bureau_id, "city_id": ground.bureau_city_id}


def date_the_decision(scene: Scene) -> Iterable[Piece]:
    """When it came into force, or was refused for good."""
    if scene.to == At.APPROVED:
        yield Cells({"decided_at": scene.at, "approved_at": scene.at, **seen_by_the_bureau(scene.record)})
    elif scene.to == At.REJECTED:
        yield Cells({"decided_at": scene.at})


def date_the_ending(scene: Scene) -> Iterable[Piece]:
    """How and when it ended."""
    yield Cells({"ending": scene.move.ending, "ended_at": scene.at}, {"open_termination_id": None})


def write_the_amendment(scene: Scene) -> Iterable[Piece]:
    """The details with what an approved amendment changes of them."""
    yield Cells(DETAILS.cells(scene.sealer, scene.id, scene.move.details))


def tell_both_sides(scene: Scene) -> Iterable[Piece]:
    """Graduate and employer learn of the decision."""
    if scene.to in (At.APPROVED, At.REJECTED, At.TERMINATED):
        yield to_graduate(scene, "agreement")
        yield to_employer(scene, "agreement")


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    "agreement",
    placements,
    situations=(At.SUBMITTED, At.APPROVED, At.REJECTED, At.TERMINATED),
    situation=situation,
    columns=columns,
    trail=trail_of("agreement", amended),
    table=[
        Transition(
            Do.OPEN, (), At.SUBMITTED, by=the_procedure,
            when=(no_other_live_placement,),
            then=(draw_up, issue_the_agreement, close_the_open_case),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), Either((At.SUBMITTED, At.APPROVED), choose=next_turn_or_approved),
            by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, no_termination_is_open, the_comment_prints),
            then=(
                close_the_review, open_next_review("agreement", subject), date_the_decision, issue_the_documents,
                tell_both_sides,
            ),
        ),
        Transition(
            Do.REOPEN, (At.SUBMITTED,), At.SUBMITTED, by=who_approved_the_turn_before,
            when=(a_day_has_not_passed, nobody_else_claimed_it, no_termination_is_open),
            then=(reopen_the_turn_before("agreement", subject),),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told, the_comment_prints),
            then=(close_the_review, date_the_decision, moot_the_open_termination, tell_both_sides),
        ),
        *(Transition(Do.ASK_TERMINATION, (one,), one, by=the_procedure) for one in (At.SUBMITTED, At.APPROVED)),
        Transition(
            Do.END, (At.SUBMITTED, At.APPROVED), At.TERMINATED, by=the_procedure,
            then=(close_the_review, date_the_ending, close_the_open_amendment, tell_both_sides),
        ),
        Transition(
            Do.AMEND, (At.APPROVED,), At.APPROVED, by=the_procedure,
            then=(write_the_amendment, issue_the_documents),
        ),
        *annulling.transitions(Do, "agreement", "agreement"),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN = (
    "id", "version", "number", "status", "decision", "stage", "cohort", "level", "graduate_id", "graduate_name",
    "school_id", "school_name", "department_id", "major", "employer_id", "unit_name", "unit_credit_code", "unit_nature",
    "unit_industry", "registered_region", "region", "invitation_id", "signed_on", "submitted_at", "decided_at",
    "approved_at", "ended_at", "ending", "annulment", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """An agreement as its parties and reviewers see it: the terms stand beside the parties."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["terms"] = DETAILS.seen(record["details"])
    shown["waiting_for"] = waiting_for(record)
    shown["open_termination_id"] = record["open_termination_id"]
    return shown


def rows(table: FromClause) -> Select[Any]:
    """Agreements with their open review, their open termination and their cohort's timetable beside them."""
    asked = and_(open_termination.c.placement_id == table.c.id, open_termination.c.status == "submitted")
    facts = (open_termination.c.id.label("open_termination_id"), timetable_of(table.c.cohort))
    return select(*table.c, *BESIDE, *facts).select_from(with_open_review(table).outerjoin(open_termination, asked))


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the facts that a review's effects need."""
    facts = Facts(table.c.cohort, table.c.registered_region)
    evidence = beside(FilePurpose.PROOF, record=table.c.id)
    return facts.beside(rows(table), facts.review_due_days, facts.objection_days, *facts.bureau, *evidence)


desk = Desk(
    workflow,
    View(
        placements,
        its_parties,
        rows,
        more=rows_to_move,
        kept=placements.c.kind == KIND,
        filters=("status", "decision", "cohort", "stage"),
    ),
    told,
)
