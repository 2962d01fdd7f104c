"""Jobs on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.schemas.base import PAGE, Body, ChangeOut, Created, NextCursor, Out, ProcedureOut, RecordId, WaitingForOut
from app.words import (
    ContactName,
    Decision,
    Email,
    EmployerName,
    EndOn,
    Headcount,
    Industry,
    JobDescription,
    JobEnding,
    JobNature,
    JobStatus,
    JobTitle,
    Level,
    Major,
    OccupationCategory,
    Region,
    RegisteredRegion,
    SalaryFrom,
    SalaryTo,
    Stage,
    UnitNature,
)
from app.words.refusal import refuse


class JobTerms(Body):
    """What a post says. Who applies does so here: of its contact a name and an address are published, no phone."""

    title: JobTitle
    occupation_category: OccupationCategory
    description: JobDescription
    regions: Annotated[list[Region], Field(min_length=1, max_length=10, examples=[["370102"]])]
    nature: JobNature
    headcount: Headcount
    salary_from: SalaryFrom
    salary_to: SalaryTo
    level: Annotated[Level | None, Field(description="The least level asked for; null: any.")] = None
    majors: Annotated[
        list[Major],
        Field(
            default_factory=list,
            max_length=20,
            description="Majors asked for; none: any.",
            examples=[["计算机科学与技术"]],
        ),
    ]
    contact_name: ContactName
    contact_email: Email
    end_on: EndOn

    @model_validator(mode="after")
    def the_salary_is_a_range(self) -> Self:
        """The least is not above the most."""
        if self.salary_from > self.salary_to:
            refuse("salary-range-reversed", "The least salary is above the most.")
        return self


class JobDraft(Body):
    """A new post, a draft at first."""

    terms: JobTerms


class Edit(Body):
    """All terms, as they are to be. A published post whose substance changes goes to the bureau again."""

    terms: JobTerms


class EmployerAtPosting(Out):
    """The employer as it stood when posting."""

    name: EmployerName
    nature: UnitNature
    industry: Industry
    registered_region: RegisteredRegion


class JobOut(ProcedureOut):
    """A post (招聘职位)."""

    status: JobStatus
    decision: Decision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    ending: Annotated[JobEnding | None, Field(description="`expired` as soon as its last day is over.")]
    employer_id: RecordId
    employer: EmployerAtPosting
    terms: JobTerms
    end_on: date
    submitted_at: datetime | None
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class JobPage(Out):
    """A page of posts, newest first."""

    items: Annotated[list[JobOut], PAGE]
    next_cursor: NextCursor


class JobChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: JobOut
    created: Created
