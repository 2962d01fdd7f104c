"""Words of the job market (就业市场): what a post says, and what a graduate shows when applying."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from sqlalchemy import Date, Integer, SmallInteger, String
from sqlalchemy.orm import mapped_column

from app.words.days import DAY
from app.words.text import LINE, PROSE, length


class JobStatus(StrEnum):
    """Where a job stands; what was decided stands beside it. `terminated` as soon as its last day is over."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class JobEnding(StrEnum):
    """How a job came to an end: by its employer, by its last day, by the bureau."""

    CLOSED = "closed"
    EXPIRED = "expired"
    TAKEN_DOWN = "taken_down"


class JobNature(StrEnum):
    """What kind of work it is (工作性质): 全职, 兼职, 实习."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    INTERNSHIP = "internship"


class JobApplicationStatus(StrEnum):
    """Where an application for a job stands."""

    SENT = "sent"
    VIEWED = "viewed"
    DECLINED = "declined"
    INVITED = "invited"
    WITHDRAWN = "withdrawn"


class ResumeField(StrEnum):
    """What of a graduate's record an employer may be shown (简历可见字段). An ID number is never among them."""

    NAME = "name"
    SCHOOL_NAME = "school_name"
    DEPARTMENT_NAME = "department_name"
    LEVEL = "level"
    MAJOR = "major"
    COHORT = "cohort"
    GENDER = "gender"
    POLITICAL_STATUS = "political_status"
    HOME_REGION = "home_region"


JobTitle = Annotated[
    str,
    length(100),
    LINE,
    Field(description="The post (招聘职位).", examples=["后端开发工程师"]),
    mapped_column(String(100)),
]

JobDescription = Annotated[
    str,
    length(5000),
    PROSE,
    Field(
        description="Duties and what is asked for (职位描述).",
        examples=["负责省级业务系统的后端开发，熟悉 Python 与 PostgreSQL。"],
    ),
    mapped_column(String(5000)),
]

Headcount = Annotated[
    int,
    Field(ge=1, le=10_000, description="How many are wanted (招聘人数).", examples=[3]),
    mapped_column(SmallInteger),
]

SalaryFrom = Annotated[
    int,
    Field(ge=1, le=10_000_000, description="Monthly salary before tax, at least, in whole yuan.", examples=[7000]),
    mapped_column(Integer),
]

SalaryTo = Annotated[
    int,
    Field(ge=1, le=10_000_000, description="Monthly salary before tax, at most, in whole yuan.", examples=[12000]),
    mapped_column(Integer),
]

EndOn = Annotated[
    date,
    DAY,
    Field(description="The last day on which the post is open (截止日期).", examples=["2027-06-30"]),
    mapped_column(Date),
]

Introduction = Annotated[
    str,
    length(2000),
    PROSE,
    Field(description="What the graduate says of themselves (自我介绍).", examples=["两年后端项目经验，可立即到岗。"]),
    mapped_column(String(2000)),
]

SearchText = Annotated[
    str,
    length(100),
    LINE,
    Field(
        description="Words, all of which stand in the title, the description or the employer's name. Width and case"
        " don't matter; a word may be a single character.",
        examples=["后端"],
    ),
]
