"""The registration of unemployed graduates on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.schemas.base import (
    PAGE,
    Body,
    BodyRefOut,
    ChangeOut,
    Count,
    Created,
    NextCursor,
    Out,
    ProcedureOut,
    RecordId,
)
from app.words import Address, Cohort, Comment, Level, Major, PersonName, Region, SchoolName
from app.words.destinations import DestinationKind
from app.words.refusal import refuse
from app.words.unemployed import (
    CaseEnding,
    CaseStatus,
    ContactChannel,
    ContactedOn,
    ContactResult,
    ExpectedSalary,
    FollowUpOn,
    PolicyUsed,
    Residence,
    ServiceNeed,
    Situation,
    WantedWork,
)

_ALL = len(ServiceNeed)


def _each_once(needs: list[ServiceNeed]) -> list[ServiceNeed]:
    if len(set(needs)) != len(needs):
        refuse("need-repeated", "Name each need once.")
    return needs


Needs = Annotated[
    list[ServiceNeed],
    Field(
        max_length=_ALL,
        description="What is asked of the bureau (服务需求); empty: nothing.",
        examples=[["guidance", "referral"]],
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_each_once),
]


class Declaration(Body):
    """How the graduate is now: what was declared before no longer holds."""

    situation: Situation
    plans_to_study: Annotated[
        bool, Field(description="With `no_intention`: because of an examination or application (拟升学).")
    ] = False
    residence_region: Residence
    residence_address: Address
    wanted_region: Annotated[Region | None, Field(description="Where work is wanted (意向地区).")] = None
    wanted_work: WantedWork | None = None
    expected_salary: ExpectedSalary | None = None
    service_needs: Needs = Field(default_factory=list)


class LogContact(Body):
    """An attempt to reach the graduate, and when to try again."""

    contacted_on: ContactedOn
    channel: ContactChannel
    result: ContactResult
    comment: Comment | None = None
    next_on: FollowUpOn


class GiveService(Body):
    """A service that the bureau gave."""

    service: ServiceNeed
    comment: Comment | None = None


class UsePolicy(Body):
    """A policy that the graduate had the use of."""

    policy: PolicyUsed
    comment: Comment | None = None


class Close(Body):
    """Why nobody can be reached."""

    comment: Comment | None = None


class Relocate(Body):
    """Where the graduate lives now."""

    residence_region: Residence
    residence_address: Address
    comment: Comment | None = None


class UnemployedRegistrationOut(ProcedureOut):
    """What a graduate without a placement declared; with a bureau, the case in which it follows them up."""

    status: Annotated[CaseStatus, Field(description="`open`: a bureau follows up.")]
    ending: Annotated[CaseEnding | None, Field(description="Why it is closed.")]
    closed_at: datetime | None
    situation: Situation
    plans_to_study: bool
    unplaced_code: Annotated[
        str | None, Field(pattern="^7[0-2]$", description="毕业去向代码 that the situation counts as.", examples=["70"])
    ]
    residence_region: Residence
    residence_address: Address
    wanted_region: Region | None
    wanted_work: WantedWork | None
    expected_salary: ExpectedSalary | None
    service_needs: Needs
    services_given: Needs
    policies_used: Annotated[
        list[PolicyUsed],
        Field(
            max_length=len(PolicyUsed),
            description="What the graduate had the use of (享受政策), each once; the timeline says when.",
            examples=[["internship_subsidy"]],
        ),
    ]
    bureau: Annotated[BodyRefOut | None, Field(description="Who follows up; null: nobody.")]
    follow_up_due_on: Annotated[date | None, Field(description="While open.")]
    overdue: bool
    contacts: Annotated[Count, Field(description="How many contacts were logged.")]
    reached_on: Annotated[date | None, Field(description="When the graduate was first spoken with.")]
    destination_kinds: Annotated[
        list[DestinationKind],
        Field(max_length=10, description="Forms of `/v1/forms` in which the graduate now registers where they go."),
    ]
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    department_id: RecordId | None
    level: Level
    cohort: Cohort
    major: Major


class UnemployedRegistrationPage(Out):
    """A page of registrations, newest first."""

    items: Annotated[list[UnemployedRegistrationOut], PAGE]
    next_cursor: NextCursor


class UnemployedRegistrationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: UnemployedRegistrationOut
    created: Created


class ContactOut(Out):
    """One attempt to reach the graduate."""

    id: RecordId
    contacted_on: date
    channel: ContactChannel
    result: ContactResult
    comment: Comment | None
    next_on: date
    logged_at: datetime
    by: BodyRefOut


class ContactPage(Out):
    """A page of contacts, newest first."""

    items: Annotated[list[ContactOut], PAGE]
    next_cursor: NextCursor


class ContactRateOut(Out):
    """Of the cases of a cohort that are yours to see, how many graduates were spoken with at least once."""

    cohort: Cohort
    bureau_id: Annotated[RecordId | None, Field(description="The bureau asked about; null: all that you see.")]
    contacted: Annotated[Count, Field(description="Numerator.")]
    cases: Annotated[Count, Field(description="Denominator.")]
    rate: Annotated[float | None, Field(ge=0, le=1, description="Null without cases.", examples=[0.95])]
    as_of: datetime
