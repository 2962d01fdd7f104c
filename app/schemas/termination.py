"""Terminations on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import (
    PAGE,
    Body,
    ChangeOut,
    Created,
    NextCursor,
    Out,
    ProcedureOut,
    RecordId,
    WaitingForOut,
    Word,
)
from app.words import (
    Comment,
    DamagesPaid,
    EmployerName,
    PersonName,
    Reason,
    TerminationDecision,
    TerminationStatus,
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
    status: TerminationStatus
    decision: TerminationDecision | None
    stage: Annotated[Word | None, Field(description="Whose turn it is while submitted.", examples=["counterparty"])]
    ending: Annotated[Word | None, Field(description="When the asker took it back.", examples=["withdrawn"])]
    asked_by: Annotated[Word, Field(examples=["graduate"])]
    type: TerminationType
    reason: Reason
    liquidated_damages_paid: bool | None
    comment: Comment | None
    graduate_id: RecordId
    graduate_name: PersonName
    employer_id: RecordId
    unit_name: EmployerName
    reply_due_on: date | None
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class TerminationPage(Out):
    """A page of terminations, newest first."""

    items: Annotated[list[TerminationOut], PAGE]
    next_cursor: NextCursor


class TerminationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: TerminationOut
    created: Created
