"""Applications for jobs on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, Body, ChangeOut, Created, NextCursor, Out, ProcedureOut, RecordId
from app.words import (
    Cohort,
    Comment,
    DepartmentName,
    EmployerName,
    Gender,
    HomeRegion,
    Introduction,
    JobApplicationStatus,
    JobTitle,
    Level,
    Major,
    PersonName,
    PoliticalStatus,
    ResumeField,
    SchoolName,
)


class JobApplicationDraft(Body):
    """An application: for which job, and what the employer may see."""

    job_id: RecordId
    fields: Annotated[
        list[ResumeField],
        Field(
            min_length=1,
            max_length=len(ResumeField),
            description="What of your record the employer sees, as it is now; nothing else.",
            examples=[["name", "school_name", "major"]],
        ),
    ]
    introduction: Introduction | None = None
    contact_consent: Annotated[
        bool, Field(description="Whether the employer may have your phone while neither of you says no.")
    ] = False


class Decline(Body):
    """Say no, with a reason if you like."""

    reason: Comment | None = None


class ResumeOut(Out):
    """What the graduate chose to show; a field that was not chosen, or that the roster lacks, is null."""

    name: PersonName | None
    school_name: SchoolName | None
    department_name: DepartmentName | None
    level: Level | None
    major: Major | None
    cohort: Cohort | None
    gender: Gender | None
    political_status: PoliticalStatus | None
    home_region: HomeRegion | None


class JobApplicationOut(ProcedureOut):
    """An application for a job (求职申请)."""

    status: JobApplicationStatus
    job_id: RecordId
    job_title: JobTitle
    employer_id: RecordId
    employer_name: EmployerName
    fields: Annotated[list[ResumeField], Field(max_length=len(ResumeField), examples=[["name", "major"]])]
    resume: ResumeOut
    introduction: Introduction | None
    contact_consent: bool
    answered_at: datetime | None
    decline_reason: Comment | None


class JobApplicationPage(Out):
    """A page of applications, newest first."""

    items: Annotated[list[JobApplicationOut], PAGE]
    next_cursor: NextCursor


class JobApplicationChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: JobApplicationOut
    created: Created


class ApplicantContactOut(Out):
    """How to reach who applied. That you saw it is recorded, and shown to the graduate."""

    access_id: RecordId
    phone: Annotated[str, Field(max_length=30, examples=["13800138000"])]
    at: datetime
