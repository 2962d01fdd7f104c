"""Terminations (解约): one side asks to end an agreement, the other answers.

Agreed, the agreement ends in the same write; refused or taken back, it stays as it is. One termination is open at a
time (domain.md §3).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from sqlalchemy import FromClause, Select, select

from app.change import Row
from app.db import Read, actor
from app.errors import Reason
from app.models import Message, Placement, Termination
from app.models.base import PARTIES, table_of
from app.policies import Actor, its_parties, the_employer, the_graduate, to_the_caller
from app.schemas.termination import Answer as Answered
from app.schemas.termination import TerminationDraft
from app.service import Caller, Once
from app.words.policies import WindowedService
from app.workflows import agreements
from app.workflows.desk import Answer, Desk
from app.workflows.engine import Cells, Now, Piece, Scene, Transition, Workflow
from app.workflows.facts import Facts
from app.workflows.reviewing import local_day, open_review
from app.workflows.situations import At as PlacementAt
from app.workflows.situations import situation as placement_situation
from app.workflows.situations import trail_of
from app.workflows.view import View, remembered
from app.workflows.windows import the_window_is_open

terminations = table_of(Termination)
placements = table_of(Placement)
messages = table_of(Message)


class At(StrEnum):
    """Where a termination stands."""

    SUBMITTED = "submitted"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Do(StrEnum):
    """What may be done with a termination."""

    ASK = "ask"
    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


def situation(record: Any, _at: datetime) -> At:
    """The situation of a termination."""
    return At(record.decision or record.ending or record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation."""
    match at:
        case At.AGREED | At.REFUSED:
            return {"status": "reviewed", "decision": at.value, "stage": None}
        case At.WITHDRAWN:
            return {"status": "terminated", "decision": None, "ending": at.value, "stage": None}
        case _:
            return {"status": "submitted", "decision": None, "ending": None, "stage": "counterparty"}


# -- who --------------------------------------------------------------------------------------------------------------


def a_side(actor: Actor, record: Any) -> bool:
    """The graduate or the employer of the agreement."""
    return the_graduate(actor, record) or the_employer(actor, record)


def the_asker(actor: Actor, record: Any) -> bool:
    """The side that asked."""
    return the_graduate(actor, record) if record.asked_by == "graduate" else the_employer(actor, record)


def the_other_side(actor: Actor, record: Any) -> bool:
    """The side that answers."""
    return a_side(actor, record) and not the_asker(actor, record)


# -- rules ------------------------------------------------------------------------------------------------------------


def the_agreement_is_live(scene: Scene) -> Reason | None:
    """It waits for review or is in force."""
    at = placement_situation(scene.record, scene.at)
    if at in (PlacementAt.SUBMITTED, PlacementAt.APPROVED):
        return None
    return Reason("agreement-not-live", who="nobody", how="nothing-to-end")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_wish(scene: Scene) -> Iterable[Piece]:
    """The termination as asked, and the last day for the answer, counted in working days."""
    ground, move = scene.record, scene.move
    yield Cells(
        {
            **{party: ground[party] for party in PARTIES},
            "placement_id": ground.id,
            "asked_by": scene.actor.kind,
            "type": move.type,
            "reason": move.reason,
            "liquidated_damages_paid": move.liquidated_damages_paid,
            "reply_due_on": scene.calendar.add_working_days(local_day(scene.at), ground.answer_due_days),
            "comment": None,
            "decided_at": None,
        },
        {"graduate_name": ground.graduate_name, "unit_name": ground.unit_name},
    )


def write_the_answer(scene: Scene) -> Iterable[Piece]:
    """When it was settled, and what was said."""
    yield Cells({"decided_at": scene.at, "comment": getattr(scene.move, "comment", None)})


def end_the_agreement(scene: Scene) -> Iterable[Piece]:
    """The agreement ends by its own table in the same change, which frees the graduate's slot."""
    record = scene.record
    agreement = Now(
        {name.removeprefix("agreement_"): value for name, value in record.items() if name.startswith("agreement_")}
    )
    ended = agreements.workflow.cascade(
        scene.of(agreement, agreements.Do.END, SimpleNamespace(ending=record.type, comment=record.reason))
    )
    yield ended.change


def tell_the_other_side(scene: Scene) -> Iterable[Piece]:
    """A message to whom it was asked of."""
    yield _message(scene, to_graduate=scene.actor.kind != "graduate")


def tell_the_asker(scene: Scene) -> Iterable[Piece]:
    """A message to who asked."""
    yield _message(scene, to_graduate=scene.record.asked_by == "graduate")


def _message(scene: Scene, *, to_graduate: bool) -> Row:
    record = scene.record
    to = {"to_graduate_id": record.graduate_id} if to_graduate else {"to_body_id": record.employer_id}
    told = {"kind": f"termination-{scene.to}", "record_kind": "termination", "record_id": scene.id, "at": scene.at}
    return Row(messages, {"id": scene.fresh.id(), **to, **told})


# -- the table --------------------------------------------------------------------------------------------------------

# fmt: off
workflow = Workflow(
    "termination",
    terminations,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of("termination"),
    table=[
        Transition(
            Do.ASK, (), At.SUBMITTED, by=a_side,
            when=(
                the_window_is_open(WindowedService.TERMINATION), the_agreement_is_live,
                agreements.no_termination_is_open,
            ),
            then=(write_the_wish, tell_the_other_side),
        ),
        Transition(
            Do.AGREE, (At.SUBMITTED,), At.AGREED, by=the_other_side, takes=Answered,
            then=(write_the_answer, end_the_agreement, tell_the_asker),
        ),
        Transition(
            Do.REFUSE, (At.SUBMITTED,), At.REFUSED, by=the_other_side, takes=Answered,
            then=(write_the_answer, tell_the_asker),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED,), At.WITHDRAWN, by=the_asker,
            then=(write_the_answer, tell_the_other_side),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN = (
    "id", "version", "placement_id", "status", "decision", "stage", "ending", "asked_by", "type", "reason",
    "liquidated_damages_paid", "comment", "graduate_id", "graduate_name", "employer_id", "unit_name", "reply_due_on",
    "decided_at", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """A termination as both sides and the reviewers see it."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["waiting_for"] = _waiting_for(record)
    return shown


def _waiting_for(record: Any) -> dict[str, Any] | None:
    if record.stage is None:
        return None
    other = (
        {"id": record.employer_id, "name": record.unit_name}
        if record.asked_by == "graduate"
        else {"id": record.graduate_id, "name": record.graduate_name}
    )
    return {"stage": record.stage, "body": other, "since": record.created_at, "due_on": record.reply_due_on}


def rows(table: FromClause) -> Select[Any]:
    """Terminations with the names of both sides beside them."""
    joined = table.outerjoin(placements, placements.c.id == table.c.placement_id)
    return select(*table.c, placements.c.graduate_name, placements.c.unit_name).select_from(joined)


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the agreement as it stands, its open review too, for ending it."""
    base = rows(table)
    (source,) = base.get_final_froms()
    turn = (open_review.c.record_id == placements.c.id) & open_review.c.decision.is_(None)
    return select(
        *base.selected_columns,
        *(column.label(f"agreement_{column.name}") for column in placements.c),
        open_review.c.id.label("agreement_review_id"),
    ).select_from(source.outerjoin(open_review, turn))


def _ground() -> Read:
    agreement = agreements.rows(placements)
    facts = Facts(placements.c.cohort, placements.c.registered_region)
    found = (placements.c.id == actor.c.record_id, placements.c.kind == agreements.KIND)
    return Read(
        facts.beside(agreement, facts.answer_due_days, facts.timetable).where(
            *found, to_the_caller(its_parties(placements))
        ),
        remembered,
    )


ground = _ground()
"""The agreement that is to be ended."""

desk = Desk(workflow, View(terminations, its_parties, rows, more=rows_to_move, filters=("status", "decision")), told)


async def ask(caller: Caller, draft: TerminationDraft, once: Once | None) -> Answer:
    """Ask to end the agreement that the draft names."""
    return await desk.open(caller, ground, {"record": draft.placement_id}, Do.ASK, draft, once)
