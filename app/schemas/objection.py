"""Annulments and objections on the wire."""

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
from app.words import (
    BodyKind,
    Cohort,
    Comment,
    EmployerName,
    ObjectionDecision,
    ObjectionKind,
    ObjectionOutcome,
    ObjectionStatus,
    PersonName,
    Reason,
    ReasonCode,
    SchoolName,
    Stage,
)

Proofs = Annotated[
    list[RecordId],
    Field(max_length=10, description="Files uploaded as `proof`; whoever sees the record may read them."),
]
NeededProofs = Annotated[
    list[RecordId], Field(min_length=1, max_length=10, description="Files uploaded as `proof`: at least one.")
]


class Annul(Body):
    """Take the approval back: a reason's code, the reason in words, and the proof of it."""

    reason: ReasonCode
    comment: Reason
    proof_file_ids: NeededProofs

    @property
    def named_files(self) -> Sequence[str]:
        """The proofs."""
        return self.proof_file_ids


class AnnulmentOut(Out):
    """Who annulled it and why, and until when its sides may object."""

    by: RecordId
    by_kind: BodyKind
    reason: Annotated[
        ReasonCode | None, Field(description="Null: the graduate's objection that it isn't theirs was upheld.")
    ]
    comment: Annotated[str, Field(max_length=1000, examples=["经核实，该单位未与毕业生签订合同。"])]
    proof_file_ids: Proofs
    object_until: Annotated[
        date | None, Field(description="Null: it wasn't in force, and there is nothing to object to.")
    ]


class ObjectionDraft(Body):
    """An objection: to an annulment (either side), or that a placement isn't yours (graduates)."""

    placement_id: RecordId
    kind: ObjectionKind
    reason: Reason
    proof_file_ids: Proofs = Field(default_factory=list)

    @property
    def named_files(self) -> Sequence[str]:
        """The proofs."""
        return self.proof_file_ids


class Verdict(Body):
    """What is decided, always with its grounds."""

    comment: Comment


class Escalate(Body):
    """Take a dismissal on to the next body, with what there is to say against it."""

    comment: Comment | None = None


class ObjectionOut(ProcedureOut):
    """An objection (异议)."""

    placement_id: RecordId
    kind: ObjectionKind
    status: ObjectionStatus
    decision: ObjectionDecision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    outcome: Annotated[ObjectionOutcome | None, Field(description="What upholding it did to the placement.")]
    objected_by: Annotated[Word, Field(examples=["graduate"])]
    cohort: Cohort
    reason: Reason
    proof_file_ids: Proofs
    comment: Annotated[Comment | None, Field(description="What the last body that decided says.")]
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    employer_id: RecordId | None
    unit_name: EmployerName | None
    escalate_until: Annotated[
        date | None, Field(description="Until when the graduate may take a dismissal on to the next body.")
    ]
    submitted_at: datetime
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class ObjectionPage(Out):
    """A page of objections, newest first."""

    items: Annotated[list[ObjectionOut], PAGE]
    next_cursor: NextCursor


class ObjectionChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: ObjectionOut
    created: Created
