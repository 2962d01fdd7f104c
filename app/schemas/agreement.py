"""Online agreements on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, ChangeOut, Created, NextCursor, Out, ProcedureOut, RecordId, WaitingForOut
from app.schemas.invitation import Terms
from app.schemas.objection import AnnulmentOut
from app.words import (
    AgreementNumber,
    AgreementStatus,
    Cohort,
    CreditCode,
    Decision,
    EmployerName,
    Ending,
    Industry,
    Level,
    Major,
    PersonName,
    Region,
    RegisteredRegion,
    SchoolName,
    Stage,
    UnitNature,
)


class AgreementOut(ProcedureOut):
    """An online agreement (网签协议)."""

    number: AgreementNumber
    status: AgreementStatus
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
    employer_id: RecordId
    unit_name: EmployerName
    unit_credit_code: CreditCode
    unit_nature: UnitNature
    unit_industry: Industry
    registered_region: RegisteredRegion
    region: Region
    invitation_id: RecordId
    terms: Annotated[Terms, Field(description="The accepted terms.")]
    signed_on: date
    submitted_at: datetime
    decided_at: datetime | None
    approved_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    annulment: AnnulmentOut | None
    waiting_for: WaitingForOut | None
    open_termination_id: RecordId | None


class AgreementPage(Out):
    """A page of agreements, newest first."""

    items: Annotated[list[AgreementOut], PAGE]
    next_cursor: NextCursor


class AgreementChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: AgreementOut
    created: Created
