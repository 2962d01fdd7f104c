"""Schools on the wire, and what a school decides for a cohort."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, Body, NextCursor, Out, RecordId, Version
from app.schemas.policy import Chain, LeaveOn
from app.words import AnySchoolCode, Cohort, SchoolName

City = Annotated[str, Field(max_length=50, description="The city it is in (所在地).", examples=["济南市"])]
SchoolLevel = Annotated[
    str, Field(max_length=20, description="The highest level it teaches (办学层次): 本科 or 专科.", examples=["本科"])
]


class SchoolOut(Out):
    """A school of the official list (院校)."""

    code: AnySchoolCode
    body_id: RecordId
    identifier: Annotated[
        str, Field(max_length=20, description="Identifier of ten digits (学校标识码).", examples=["4137010422"])
    ]
    name: SchoolName
    authority: Annotated[str, Field(max_length=100, description="Who runs it (主管部门).", examples=["教育部"])]
    city: City
    level: SchoolLevel


class SchoolPage(Out):
    """A page of schools, by code."""

    items: Annotated[list[SchoolOut], PAGE]
    next_cursor: NextCursor


class SchoolSettingsDraft(Body):
    """What a school decides for one of its cohorts."""

    review_chain: Annotated[Chain, Field(description="Who reviews agreements and destinations before leaving.")]
    termination_chain: Annotated[Chain, Field(description="Who decides on terminations that the school decides.")]
    leave_on: Annotated[LeaveOn | None, Field(description="Its own leaving date; absent: the cohort's.")] = None


class SchoolSettingsOut(Out):
    """A school's settings for a cohort."""

    school_code: AnySchoolCode
    cohort: Cohort
    review_chain: Chain
    termination_chain: Chain
    leave_on: date | None
    version: Version
    updated_at: datetime
