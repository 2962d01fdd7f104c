"""Invitations on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.schemas.base import PAGE, Body, ChangeOut, Created, NextCursor, Out, ProcedureOut, RecordId
from app.words import (
    Address,
    ArchiveMode,
    ArchiveReceiver,
    Benefits,
    Cohort,
    Comment,
    ContactName,
    CreditCode,
    EmployerName,
    Establishment,
    HouseholdReceiver,
    IdNumber,
    Industry,
    InvitationStatus,
    Level,
    LiquidatedDamages,
    Major,
    OccupationCategory,
    PartyReceiver,
    PersonName,
    Position,
    Postcode,
    PresentedPassword,
    ProbationMonths,
    Region,
    RegisteredRegion,
    ReportOn,
    SalaryMonthly,
    SchoolName,
    SealedPhone,
    ServiceYears,
    SigningCode,
    UnitNature,
    ValidDays,
)
from app.words import Terms as FreeTerms
from app.words.refusal import refuse


class Terms(Body):
    """What is offered: the post, the pay, the place, and where the personal file goes (档案/户口)."""

    position: Position
    occupation_category: OccupationCategory
    salary_monthly: SalaryMonthly
    work_region: Region
    work_address: Address
    report_on: ReportOn
    probation_months: ProbationMonths | None = None
    service_years: ServiceYears | None = None
    liquidated_damages: LiquidatedDamages | None = None
    benefits: Benefits | None = None
    terms: FreeTerms | None = None
    establishment: Establishment = False
    notice_file_id: RecordId | None = None
    archive_mode: ArchiveMode
    archive_receiver: ArchiveReceiver | None = None
    archive_address: Address | None = None
    archive_contact: ContactName | None = None
    archive_phone: SealedPhone | None = None
    archive_postcode: Postcode | None = None
    household_receiver: HouseholdReceiver | None = None
    party_receiver: PartyReceiver | None = None

    @model_validator(mode="after")
    def the_file_has_a_receiver(self) -> Self:
        """A file that goes to the unit or an agency needs its receiver (fields.md, archive block)."""
        needed = (
            self.archive_receiver,
            self.archive_address,
            self.archive_contact,
            self.archive_phone,
            self.archive_postcode,
        )
        if self.archive_mode is not ArchiveMode.HOME and None in needed:
            refuse(
                "archive-receiver-required",
                "A file sent to a unit or agency needs receiver, address, contact, phone, postcode.",
            )
        return self


class _Offer(Body):
    """A body with terms."""

    terms: Terms

    @property
    def named_files(self) -> tuple[str | None]:
        """For the desk."""
        return (self.terms.notice_file_id,)


class BySigningCode(Body):
    """The graduate, by a code they gave."""

    signing_code: SigningCode


class ByMatch(Body):
    """The graduate, by four fields that must all be equal."""

    name: PersonName
    id_number: IdNumber
    level: Level
    cohort: Cohort


class ByApplication(Body):
    """The graduate who sent this application for a job of yours; it is answered with the invitation."""

    job_application_id: RecordId


class InvitationDraft(_Offer):
    """A new invitation."""

    to: BySigningCode | ByMatch | ByApplication
    valid_days: Annotated[ValidDays | None, Field(description="Absent: as the cohort's policy says.")] = None


class Edit(_Offer):
    """New terms: a new version, which the graduate must see before accepting."""


class Extend(Body):
    """The same terms, open for this many days from today."""

    valid_days: ValidDays


class Decline(Body):
    """Say no, with a reason if you like."""

    reason: Comment | None = None


class Accept(Body):
    """Accept the terms in the version seen, proving the password again."""

    terms_version: Annotated[int, Field(ge=1, le=32767, description="`terms_version` as you read it.")]
    password: PresentedPassword


class EmployerAtSending(Out):
    """The employer as it stood when inviting."""

    name: EmployerName
    credit_code: CreditCode
    nature: UnitNature
    industry: Industry
    registered_region: RegisteredRegion
    region: Region
    address: Address


class InvitationOut(ProcedureOut):
    """An invitation (邀请函)."""

    status: Annotated[InvitationStatus, Field(description="`expired` as soon as its time is over.")]
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    department_id: RecordId | None
    major: Major
    level: Level
    cohort: Cohort
    employer_id: RecordId
    employer: EmployerAtSending
    terms_version: Annotated[int, Field(ge=1, le=32767, description="Name it when you accept.")]
    terms: Terms
    valid_until: datetime
    answered_at: datetime | None
    decline_reason: Comment | None


class InvitationPage(Out):
    """A page of invitations, newest first."""

    items: Annotated[list[InvitationOut], PAGE]
    next_cursor: NextCursor


class InvitationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: InvitationOut
    created: Created
