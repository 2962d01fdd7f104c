"""What holds for a cohort (届): the document that a version of its policy keeps, and how everybody reads it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from app.schemas.base import Body, Out, Version
from app.words import Cohort, RecoveryReviewer, RegistrationMode
from app.words.days import DAY
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


class SubsidyStage(StrEnum):
    """Which bureau reviews a subsidy after the school."""

    COUNTY = "county"
    PROVINCE = "province"


PublicityDays = Annotated[
    int, Field(ge=1, le=30, description="Working days that approvals are made public (公示期).", examples=[5])
]


class SubsidyCategory(Body):
    """A category of hardship, what it is worth, and what proves it."""

    name: Annotated[str, Field(min_length=1, max_length=50, examples=["城乡低保家庭"])]
    amount_cny: Annotated[int, Field(ge=1, le=100_000, description="Whole yuan.", examples=[1000])]
    proof: Annotated[str, Field(min_length=1, max_length=100, examples=["低保证明"])]


class SubsidyRules(Body):
    """The job-seeking subsidy of a cohort (求职创业补贴)."""

    categories: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], SubsidyCategory],
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
    publicity_days: PublicityDays = 5


class OutstandingRules(Body):
    """The outstanding graduates of a cohort (省级优秀毕业生)."""

    publicity_days: PublicityDays = 5


class PolicyDocument(Body):
    """The rules of a cohort (domain.md §10). Days of review and answer are working days."""

    registration: Annotated[
        RegistrationMode,
        Field(
            description="`provisioned`: accounts were made by import; nobody registers.", examples=["self_registration"]
        ),
    ]
    leave_on: LeaveOn
    invitation_days: Annotated[int, Field(ge=1, le=30, description="Days an invitation is open.", examples=[5])] = 5
    review_due_days: Annotated[
        int, Field(ge=1, le=60, description="Working days in which a turn of review is due.", examples=[3])
    ] = 3
    answer_due_days: Annotated[
        int, Field(ge=1, le=60, description="Working days in which a termination is answered.", examples=[10])
    ] = 10
    review_chain: Chain = Field(default_factory=_ORDER.copy, description="Where the school has set no other.")
    termination_chain: Chain = Field(
        default_factory=[ChainStage.SCHOOL].copy, description="Where the school has set no other."
    )
    recovery_reviewer: Annotated[
        RecoveryReviewer, Field(description="Who reviews the recovery of an account.", examples=["school"])
    ] = RecoveryReviewer.SCHOOL
    subsidy: Annotated[
        SubsidyRules | None, Field(description="Null: not announced, and so closed; never another year's.")
    ] = None
    outstanding_graduate: OutstandingRules = Field(
        default_factory=OutstandingRules, description="Outstanding graduates (省优毕业生)."
    )
    dispatch_certificates: Annotated[
        bool,
        Field(description="Whether there are dispatch certificates (报到证), abolished in 2023.", examples=[False]),
    ] = False
    reassignment_years: Annotated[
        int, Field(ge=1, le=10, description="Years after leaving in which one is reassigned.", examples=[3])
    ] = 3


class PolicyOut(Out):
    """The policy of a cohort that holds now."""

    cohort: Cohort
    version: Annotated[Version, Field(description="Versions are never changed; the newest in effect holds.")]
    effective_from: datetime
    rules: PolicyDocument


class PolicyList(Out):
    """The policies that hold now, the youngest cohort first."""

    items: Annotated[list[PolicyOut], Field(max_length=100)]
