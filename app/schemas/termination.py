"""Terminations on the wire."""

from collections.abc import Sequence
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
from app.schemas.placement_forms import Proofs
from app.words import (
    Cohort,
    Comment,
    DamagesPaid,
    EmployerName,
    PersonName,
    PlacementKind,
    Reason,
    SchoolName,
    TerminationDecision,
    TerminationEnding,
    TerminationStage,
    TerminationStatus,
    TerminationType,
)


class TerminationDraft(Body):
    """A wish to end a placement: an agreement of either kind, or an approved destination."""

    placement_id: RecordId
    type: TerminationType
    reason: Reason
    liquidated_damages_paid: DamagesPaid | None = None
    proof_file_ids: Proofs = Field(default_factory=list, description="Of who asks; an entered agreement needs one.")

    @property
    def named_files(self) -> Sequence[str]:
        """The proofs."""
        return self.proof_file_ids


class Answer(Body):
    """The other side's answer."""

    comment: Comment | None = None


class TerminationOut(ProcedureOut):
    """A termination (解约): asked by one side; answered by the other, or decided by a reviewing body."""

    placement_id: RecordId
    placement_kind: PlacementKind
    status: TerminationStatus
    decision: TerminationDecision | None
    stage: Annotated[TerminationStage | None, Field(description="Whose turn it is while submitted.")]
    ending: Annotated[
        TerminationEnding | None,
        Field(description="`withdrawn`: the asker took it back; `moot`: the placement ended otherwise."),
    ]
    asked_by: Annotated[Word, Field(examples=["graduate"])]
    type: TerminationType
    reason: Reason
    liquidated_damages_paid: bool | None
    proof_file_ids: Proofs
    comment: Annotated[Comment | None, Field(description="Of the last answer or decision.")]
    cohort: Cohort
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    department_id: RecordId | None
    employer_id: Annotated[RecordId | None, Field(description="Of an online agreement, whose employer is a side.")]
    unit_name: EmployerName | None
    reply_due_on: Annotated[
        date | None, Field(description="The last day for the other side's answer; then a reviewing body decides.")
    ]
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
