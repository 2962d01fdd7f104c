"""What holds for a cohort (届): the document that a version of its policy keeps, how it is read and changed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from app.schemas.base import PAGE, Body, NextCursor, Out, Pointer, Said, Version, Word
from app.words import BodyName, Cohort, Comment, RecoveryReviewer, RegistrationMode
from app.words.days import DAY
from app.words.policies import (
    AmountCny,
    CategoryCode,
    CategoryName,
    ClosesOn,
    OpensOn,
    ProofName,
    SubsidyStage,
    WindowedService,
)
from app.words.refusal import refuse


class ChainStage(StrEnum):
    """Who reviews at school."""

    DEPARTMENT = "department"
    SCHOOL = "school"


_ORDER: Final = [*ChainStage]


def _in_order(chain: list[ChainStage]) -> list[ChainStage]:
    if [stage for stage in _ORDER if stage in chain] != chain:
        refuse("chain-disordered", "The department comes before the school, each once.")
    return chain


Chain = Annotated[
    list[ChainStage],
    Field(
        min_length=1,
        max_length=len(_ORDER),
        description="Who reviews at school, in this order (审核流程): the department, the school, or both.",
        examples=[["department", "school"]],
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_in_order),
]

LeaveOn = Annotated[
    date,
    DAY,
    Field(description="The last day before leaving school (离校日期).", examples=["2027-06-30"]),
]

PUBLICITY_DAYS: Final = 5
"""Unless the policy says otherwise."""
PublicityDays = Annotated[
    int, Field(ge=1, le=30, description="Working days that approvals are made public (公示期).", examples=[5])
]


class Window(Body):
    """When a service may be begun and submitted (办理时间); a side that is absent is open."""

    opens_on: OpensOn | None = None
    closes_on: ClosesOn | None = None

    @model_validator(mode="after")
    def it_opens_before_it_closes(self) -> Self:
        """A window that closes before it opens is never open."""
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            refuse("window-reversed", "It closes before it opens.")
        return self


class SubsidyCategory(Body):
    """A category of hardship, what it is worth, and what proves it."""

    name: CategoryName
    amount_cny: AmountCny
    proof: ProofName


class SubsidyRules(Body):
    """The job-seeking subsidy of a cohort (求职创业补贴)."""

    categories: Annotated[
        dict[CategoryCode, SubsidyCategory],
        Field(
            min_length=1,
            max_length=30,
            description="By code.",
            examples=[{"low_income": {"name": "城乡低保家庭", "amount_cny": 1000, "proof": "低保证明"}}],
        ),
    ]
    reviewing_stage: Annotated[
        SubsidyStage, Field(description="Who reviews after the school.", examples=["county"])
    ] = SubsidyStage.COUNTY
    publicity_days: PublicityDays = PUBLICITY_DAYS


class OutstandingRules(Body):
    """The outstanding graduates of a cohort (省级优秀毕业生)."""

    quota_percent: Annotated[
        int | None,
        Field(ge=1, le=100, description="Of a school's graduates, at most; null: quotas alone.", examples=[5]),
    ] = None
    publicity_days: PublicityDays = PUBLICITY_DAYS


def _days(most: int, meaning: str, example: int, least: int = 1) -> Any:
    return Field(ge=least, le=most, description=meaning, examples=[example])


class PolicyDocument(Body):
    """The rules of a cohort (domain.md §10). Days of review, answer and objection are working days."""

    registration: Annotated[
        RegistrationMode,
        Field(
            description="`provisioned`: accounts were made by import; nobody registers.", examples=["self_registration"]
        ),
    ]
    leave_on: LeaveOn
    windows: Annotated[
        dict[WindowedService, Window],
        Field(
            description="When each service may be begun and submitted; one that is not named is always open.",
            examples=[{"destination": {"opens_on": "2026-11-01", "closes_on": "2027-12-31"}}],
            max_length=len(WindowedService),
        ),
    ] = Field(default_factory=dict)
    returned_resubmission_days: Annotated[
        int, _days(30, "Working days in which what was returned may be submitted though its window is closed.", 3, 0)
    ] = 3
    invitation_days: Annotated[int, _days(90, "Days an invitation is open, unless the employer says otherwise.", 5)] = 5
    invitation_days_min: Annotated[int, _days(90, "The fewest that the employer may say.", 1)] = 1
    invitation_days_max: Annotated[int, _days(90, "The most that the employer may say.", 30)] = 30
    review_due_days: Annotated[int, _days(60, "Working days in which a turn of review is due.", 3)] = 3
    answer_due_days: Annotated[int, _days(60, "Working days in which a termination is answered.", 10)] = 10
    objection_days: Annotated[int, _days(60, "Working days in which an annulment is objected to.", 5)] = 5
    review_chain: Chain = Field(default_factory=_ORDER.copy, description="Where the school has set no other.")
    termination_chain: Chain = Field(
        default_factory=[ChainStage.SCHOOL].copy, description="Where the school has set no other."
    )
    termination_review_by_school: Annotated[
        bool,
        Field(
            description="Whether an agreed termination of an online agreement ends it only after the school's review.",
            examples=[False],
        ),
    ] = False
    recovery_reviewer: Annotated[
        RecoveryReviewer, Field(description="Who reviews the recovery of an account.", examples=["school"])
    ] = RecoveryReviewer.SCHOOL
    subsidy: Annotated[
        SubsidyRules | None, Field(description="Null: not announced, and so closed; never another year's.")
    ] = None
    outstanding_graduate: OutstandingRules = Field(
        default_factory=OutstandingRules, description="Outstanding graduates (省优毕业生)."
    )
    reassignment_years: Annotated[int, _days(10, "Years after graduation in which one may be reassigned.", 3)] = 3
    dispatch_certificates: Annotated[
        bool,
        Field(description="Whether the cohort has dispatch certificates (就业报到证), abolished in 2023."),
    ] = False
    statistics_rule_set: Annotated[
        Literal[2021, 2024], Field(description="By which rule set its placement is counted.", examples=[2024])
    ] = 2024

    @model_validator(mode="after")
    def the_days_of_an_invitation_are_in_order(self) -> Self:
        """What holds without a word of the employer is something that the employer might say."""
        if not self.invitation_days_min <= self.invitation_days <= self.invitation_days_max:
            refuse("invitation-days-disordered", "The fewest days, the usual ones and the most are not in this order.")
        return self


DEFAULTS: Final[dict[str, Any]] = PolicyDocument.model_validate(
    {"registration": RegistrationMode.SELF_REGISTRATION, "leave_on": date(2000, 6, 30)}
).model_dump(mode="json", exclude={"registration", "leave_on"})
"""What a document means that was kept before a rule was thought of, or that leaves it out."""


class PolicyOut(Out):
    """The policy of a cohort that holds now."""

    cohort: Cohort
    version: Annotated[Version, Field(description="Versions are never changed; the newest in effect holds.")]
    effective_from: datetime
    rules: PolicyDocument


class PolicyList(Out):
    """The policies that hold now, the youngest cohort first."""

    items: Annotated[list[PolicyOut], Field(max_length=100)]


class DifferenceOut(Out):
    """One rule that differs from the version before."""

    pointer: Annotated[Pointer, Field(description="JSON pointer into `rules`.", examples=["/review_due_days"])]
    before: Annotated[Any, Field(description="Null: it was not there.", examples=[3])]
    after: Annotated[Any, Field(description="Null: it is no longer there.", examples=[5])]


Diff = Annotated[list[DifferenceOut], Field(max_length=1000, description="What differs from the version before.")]


class _Versioned(Out):
    cohort: Cohort
    version: Version
    effective_from: Annotated[datetime, Field(description="Holds from then on, unless a later version holds by then.")]
    holds: Annotated[bool, Field(description="Whether it is the one that holds now.", examples=[True])]
    recorded_at: Annotated[datetime | None, Field(description="Null: the service was founded with it.")]
    recorded_by: Annotated[BodyName | None, Field(description="The body whose administrator set it.")]
    comment: Comment | None


class PolicyVersionItem(_Versioned):
    """A version of a cohort's policy, without its rules."""


class PolicyVersionPage(Out):
    """A page of versions, newest first."""

    items: Annotated[list[PolicyVersionItem], PAGE]
    next_cursor: NextCursor


class PolicyVersionOut(_Versioned):
    """A version of a cohort's policy: its rules, and what differs from the version before."""

    rules: PolicyDocument
    diff: Diff


class PolicyVersionDraft(Body):
    """New rules for a cohort, whole: what is left out has its default."""

    rules: PolicyDocument
    effective_from: Annotated[
        AwareDatetime | None, Field(description="Not in the past; absent: at once.", examples=["2026-12-01T00:00:00Z"])
    ] = None
    comment: Comment


class PolicyProblemOut(Out):
    """Why the version would be refused."""

    pointer: Annotated[Pointer, Field(examples=["/body/effective_from"])]
    code: Annotated[Word, Field(examples=["effective-in-the-past"])]
    message: Annotated[Said, Field(examples=["生效时间不能早于现在。"])]


class PolicyRehearsalOut(Out):
    """What a version would be: nothing was changed."""

    version: Version
    effective_from: datetime
    rules: PolicyDocument
    diff: Diff
    problems: Annotated[list[PolicyProblemOut], Field(max_length=50, description="Empty: it would be taken.")]
