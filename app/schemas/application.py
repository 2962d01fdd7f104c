"""Applications (就业手续) on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.application_forms import AnyApplication, AnyApplicationOut
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
from app.words import Cohort, Comment, Decision, Level, Major, PersonName, ReasonCode, SchoolName, Stage
from app.words.applications import (
    ApplicationEnding,
    ApplicationKind,
    ApplicationStatus,
    BankCard,
    BankName,
    CollectOn,
    Fulfilment,
)


class _WithDetails(Body):
    details: AnyApplication

    @property
    def named_files(self) -> Sequence[str]:
        """The files that the form names."""
        return tuple(self.details.named_files)


class ApplicationDraft(_WithDetails):
    """A new draft. `details.kind` says which of the six it is; the rest may be missing until it is submitted."""


class Edit(_WithDetails):
    """The details as they are to be: what is not named is no longer there; a bank card stays until another is named."""


class Revoke(Body):
    """Take back what was approved, with the reason's code and words."""

    reason: ReasonCode
    comment: Comment


class Failed(Body):
    """The money came back; say why."""

    comment: Comment


class Card(Body):
    """Another bank card of the applicant's own, for the next try."""

    bank: BankName
    bank_card: BankCard


class Appointment(Body):
    """The day on which the graduate comes to collect: a working day."""

    collect_on: CollectOn


class ApplicationOut(ProcedureOut):
    """An application (就业手续)."""

    kind: ApplicationKind
    status: ApplicationStatus
    decision: Decision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    fulfilment: Annotated[Fulfilment | None, Field(description="From the approval on.")]
    cohort: Cohort
    level: Level
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    department_id: RecordId | None
    major: Major
    details: AnyApplicationOut
    amount: Annotated[
        int | None, Field(ge=0, le=1_000_000, description="Of an approved subsidy, in whole yuan.", examples=[1000])
    ]
    dispatch_id: Annotated[RecordId | None, Field(description="What the approval recorded: `/v1/archives/{id}`.")]
    collect_on: Annotated[date | None, Field(description="When the graduate means to come for what is ready.")]
    findings: Annotated[
        list[Word] | None,
        Field(max_length=20, description="Automatic pre-checks; never shown to graduates.", examples=[[]]),
    ]
    returned: Annotated[bool, Field(description="It was submitted and given back for correction.")]
    submitted_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    ending: ApplicationEnding | None
    waiting_for: WaitingForOut | None


class ApplicationPage(Out):
    """A page of applications, newest first."""

    items: Annotated[list[ApplicationOut], PAGE]
    next_cursor: NextCursor


class ApplicationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: ApplicationOut
    created: Created
