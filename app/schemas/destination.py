"""Destinations and entered agreements on the wire, and both with the online agreements as placements."""

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
    Said,
    WaitingForOut,
    Word,
)
from app.schemas.objection import AnnulmentOut
from app.schemas.placement_forms import AnyDestination, EnteredForm
from app.words import (
    AgreementNumber,
    Cohort,
    CreditCode,
    Decision,
    EmployerName,
    Ending,
    Level,
    Major,
    PersonName,
    PlacementKind,
    Region,
    SchoolName,
    SignedOn,
    Stage,
)
from app.words.destinations import DestinationKind, PlacementStatus

Group = Annotated[str, Field(pattern="^[a-z_]{1,30}$", examples=["unit"])]


class DestinationCodeOut(Out):
    """The destination code, derived from kind and details, with the group that each rule set counts it in."""

    code: Annotated[str, Field(pattern="^[0-9]{2}$", description="毕业去向代码.", examples=["76"])]
    name: Annotated[Said, Field(examples=["自由职业"])]
    subcode: Annotated[str | None, Field(pattern="^[0-9]{3}$", examples=["801"])]
    subcode_name: Annotated[Said | None, Field(examples=["研究生"])]
    group_2021: Group
    group_2024: Group


class DestinationDraft(Body):
    """A new draft. `details.kind` says which of the seven it is; the rest may be missing until it is submitted."""

    details: AnyDestination

    @property
    def named_files(self) -> Sequence[str]:
        """The proofs."""
        return self.details.proof_file_ids or ()


class Edit(Body):
    """The details as they are to be: what is not named is no longer there."""

    details: AnyDestination

    @property
    def named_files(self) -> Sequence[str]:
        """The proofs."""
        return self.details.proof_file_ids or ()


class EnteredDraft(Body):
    """A new draft of an entered agreement; anything may be missing until it is issued."""

    details: EnteredForm


class EnteredEdit(Body):
    """The details as they are to be: what is not named is no longer there."""

    details: EnteredForm


class Scan(Body):
    """The stamped paper: a file uploaded as `stamped_scan`, and the day of signing that stands on it."""

    scan_file_id: RecordId
    signed_on: SignedOn

    @property
    def named_files(self) -> Sequence[str]:
        """The scan."""
        return (self.scan_file_id,)


class RegisteredOut(ProcedureOut):
    """What destinations and entered agreements share."""

    status: PlacementStatus
    decision: Decision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    cohort: Cohort
    level: Level
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    department_id: RecordId | None
    major: Major
    code: DestinationCodeOut | None
    unit_name: EmployerName | None
    unit_credit_code: CreditCode | None
    region: Region | None
    findings: Annotated[
        list[Word] | None,
        Field(max_length=20, description="Automatic pre-checks; never shown to graduates.", examples=[[]]),
    ]
    returned: Annotated[bool, Field(description="It was submitted and given back for correction.")]
    submitted_at: datetime | None
    decided_at: datetime | None
    approved_at: datetime | None
    returned_at: Annotated[
        datetime | None, Field(description="When it was last given back; null once it is resubmitted.")
    ]
    ended_at: datetime | None
    ending: Ending | None
    annulment: AnnulmentOut | None
    waiting_for: WaitingForOut | None
    open_termination_id: RecordId | None


class DestinationOut(RegisteredOut):
    """A destination (毕业去向)."""

    kind: DestinationKind
    details: AnyDestination


class DestinationPage(Out):
    """A page of destinations, newest first."""

    items: Annotated[list[DestinationOut], PAGE]
    next_cursor: NextCursor


class DestinationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: DestinationOut
    created: Created


class EnteredAgreementOut(RegisteredOut):
    """An entered agreement (录入协议)."""

    number: Annotated[AgreementNumber | None, Field(description="From issuing on.")]
    signed_on: Annotated[date | None, Field(description="As the stamped paper says.")]
    scan_file_id: RecordId | None
    details: EnteredForm


class EnteredAgreementPage(Out):
    """A page of entered agreements, newest first."""

    items: Annotated[list[EnteredAgreementOut], PAGE]
    next_cursor: NextCursor


class EnteredAgreementChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: EnteredAgreementOut
    created: Created


class PlacementOut(Out):
    """A placement of any kind, in short; `link` leads to the whole of it and to what may be done."""

    id: RecordId
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    kind: PlacementKind
    link: Annotated[str, Field(max_length=100, examples=["/v1/destinations/01890a5d-ac96-774b-bcce-b302099a8057"])]
    number: AgreementNumber | None
    status: PlacementStatus
    decision: Decision | None
    stage: Stage | None
    cohort: Cohort
    level: Level
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    department_id: RecordId | None
    major: Major
    code: DestinationCodeOut | None
    unit_name: EmployerName | None
    region: Region | None
    submitted_at: datetime | None
    approved_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    created_at: datetime
    updated_at: datetime


class PlacementPage(Out):
    """A page of placements, newest first."""

    items: Annotated[list[PlacementOut], PAGE]
    next_cursor: NextCursor
