"""Employers on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, Body, ChangeOut, Created, NextCursor, Out, ProcedureOut, RecordId, WaitingForOut
from app.words import (
    Address,
    Affiliation,
    ArchiveCapacity,
    Comment,
    ContactName,
    ContactPhone,
    CreditCode,
    Decision,
    Email,
    EmployerName,
    EmployerScale,
    EmployerStanding,
    EmployerStatus,
    Fax,
    FoundedOn,
    Industry,
    LegalRepresentative,
    OneTimeCode,
    Password,
    PersonName,
    Phone,
    Postcode,
    ReasonCode,
    Region,
    RegisteredCapital,
    RegisteredRegion,
    Stage,
    UnitNature,
)


class EmployerDetails(Body):
    """What an employer says of itself; the credit code, which names it, stands beside."""

    name: EmployerName
    nature: UnitNature
    industry: Industry
    registered_region: RegisteredRegion
    region: Region
    address: Address
    contact_name: ContactName
    contact_phone: ContactPhone
    affiliation: Affiliation | None = None
    postcode: Postcode | None = None
    email: Email | None = None
    fax: Fax | None = None
    scale: EmployerScale | None = None
    registered_capital: RegisteredCapital | None = None
    legal_representative: LegalRepresentative | None = None
    founded_on: FoundedOn | None = None
    archive_capacity: ArchiveCapacity | None = None


class EmployerBlock(EmployerDetails):
    """An employer as it registers."""

    credit_code: CreditCode


class Operator(Body):
    """The first person who acts for the employer, and will sign in with this phone and password."""

    name: PersonName
    phone: Phone
    password: Password


class EmployerDraft(Body):
    """A registration, with the one-time code that proves the operator's phone."""

    employer: EmployerBlock
    operator: Operator
    code: OneTimeCode


class Edit(Body):
    """The employer's details, all of them, corrected."""

    employer: EmployerDetails


class Attach(Body):
    """The business licence: a file that one of the employer's operators uploaded as `licence`."""

    licence_file_id: RecordId

    @property
    def named_files(self) -> tuple[str]:
        """For the desk."""
        return (self.licence_file_id,)


class Return(Body):
    """Give it back for correction; say what is to be corrected."""

    comment: Comment
    reason: ReasonCode | None = None


class EmployerOut(ProcedureOut):
    """An employer (用人单位)."""

    status: EmployerStatus
    decision: Decision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    standing: EmployerStanding
    credit_code: CreditCode
    name: EmployerName
    nature: UnitNature
    industry: Industry
    registered_region: RegisteredRegion
    region: Region
    address: Address
    contact_name: ContactName
    contact_phone_masked: Annotated[
        str | None, Field(max_length=30, description="Part of the number (联系电话).", examples=["138****5678"])
    ]
    affiliation: Affiliation | None
    postcode: Postcode | None
    email: Email | None
    fax: Fax | None
    scale: EmployerScale | None
    registered_capital: RegisteredCapital | None
    legal_representative: LegalRepresentative | None
    founded_on: date | None
    archive_capacity: ArchiveCapacity | None
    licence_file_id: RecordId | None
    submitted_at: datetime | None
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class EmployerPage(Out):
    """A page of employers, newest first."""

    items: Annotated[list[EmployerOut], PAGE]
    next_cursor: NextCursor


class EmployerChange(Out):
    """The answer of a registration or a move."""

    change: ChangeOut
    record: EmployerOut
    created: Created
