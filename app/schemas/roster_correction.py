"""Corrections of a roster that graduates ask for, on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

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
from app.schemas.roster_entry import Details
from app.words import CorrectionStatus, Decision, PersonName, Phone, Reason, RosterSource, SchoolName, Stage
from app.words.refusal import refuse


class RosterChanges(Details, Body):
    """The fields that are wrong, with what is right; null says that there is nothing to say."""

    name: PersonName | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def something_is_to_change(self) -> Self:
        """At least one field."""
        if not self.model_fields_set:
            refuse("required", "Name at least one field.")
        return self


class RosterCorrectionDraft(Body):
    """What is wrong in an entry of yours, what is right, and how you know."""

    entry_id: RecordId
    changes: Annotated[RosterChanges, Field(examples=[{"name": "王晓明"}])]
    reason: Reason


class FieldChangeOut(Out):
    """One field: what the roster said when it was asked, and what it should say. A phone is masked."""

    field: Annotated[Word, Field(examples=["name"])]
    before: Annotated[Any, Field(examples=["王小明"])]
    after: Annotated[Any, Field(examples=["王晓明"])]


class RosterCorrectionOut(ProcedureOut):
    """A correction asked for (更正申请): reviewed by the school, for the provincial roster by the office after it."""

    status: CorrectionStatus
    decision: Decision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    entry_id: RecordId
    source: RosterSource
    fields: Annotated[list[Word], Field(max_length=40, examples=[["name"]])]
    changes: Annotated[list[FieldChangeOut], Field(max_length=40)]
    reason: Reason
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    submitted_at: datetime
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class RosterCorrectionPage(Out):
    """A page of corrections, newest first."""

    items: Annotated[list[RosterCorrectionOut], PAGE]
    next_cursor: NextCursor


class RosterCorrectionChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: RosterCorrectionOut
    created: Created
