"""Terminations on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import Body, ChangeOut, CreatedRef, Out, ProcedureOut, RecordId, WaitingForOut
from app.words import (
    Comment,
    DamagesPaid,
    EmployerName,
    PersonName,
    Reason,
    TerminationDecision,
    TerminationType,
)


class TerminationDraft(Body):
    """A wish to end an agreement."""

    placement_id: RecordId
    type: TerminationType
    reason: Reason
    liquidated_damages_paid: DamagesPaid | None = None


class Answer(Body):
    """The other side's answer."""

    comment: Comment | None = None


class TerminationOut(ProcedureOut):
    """A termination (解约): asked by one side, answered by the other."""

    placement_id: RecordId
    status: Annotated[str, Field(examples=["submitted"], description="submitted, reviewed or terminated.")]
    decision: TerminationDecision | None
    stage: Annotated[str | None, Field(examples=["counterparty"])]
    ending: Annotated[str | None, Field(description="withdrawn, when the asker took it back.")]
    asked_by: Annotated[str, Field(examples=["graduate"])]
    type: TerminationType
    reason: Reason
    liquidated_damages_paid: bool | None
    comment: str | None
    graduate_id: RecordId
    graduate_name: PersonName
    employer_id: RecordId
    unit_name: EmployerName
    reply_due_on: date | None
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class TerminationPage(Out):
    """A page of terminations, newest first."""

    items: list[TerminationOut]
    next_cursor: str | None


class TerminationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: TerminationOut
    created: list[CreatedRef]
