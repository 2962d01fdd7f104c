"""Words about bodies, the people who act for them, and schools."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from app.words.tabled import code_of
from app.words.text import LINE, length


class BodyKind(StrEnum):
    """What a body is; the three words after `city` exist once each."""

    EMPLOYER = "employer"
    DEPARTMENT = "department"
    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"
    PROVINCIAL_BUREAU = "provincial_bureau"
    PROVINCIAL_EDUCATION = "provincial_education"
    SUPPORT = "support"


class ActorKind(StrEnum):
    """As what somebody acts: a graduate, or for a body of that kind."""

    GRADUATE = "graduate"
    EMPLOYER = "employer"
    DEPARTMENT = "department"
    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"
    PROVINCIAL_BUREAU = "provincial_bureau"
    PROVINCIAL_EDUCATION = "provincial_education"
    SUPPORT = "support"


class StaffRole(StrEnum):
    """What somebody may do in a body: accounts and settings, decide, read. One person may hold several."""

    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    READER = "reader"


class RosterSource(StrEnum):
    """Whose roster an entry stands in: the school's own, or the provincial education office's."""

    SCHOOL = "school"
    PROVINCIAL = "provincial"


class RegistrationMode(StrEnum):
    """How a cohort gets its accounts: by registering, or made by import."""

    SELF_REGISTRATION = "self_registration"
    PROVISIONED = "provisioned"


BodyCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z-]{1,30}$"),
    Field(description="A body's code, unique in its kind: region, school or credit code.", examples=["370102"]),
    mapped_column(String(30)),
]

BodyName = Annotated[
    str,
    length(200),
    LINE,
    Field(description="A body's name (机构名称).", examples=["济南市历下区人力资源和社会保障局"]),
    mapped_column(String(200)),
]

SchoolCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{5}$"),
    code_of("school_shandong"),
    Field(description="A school of the province's official list (院校代码).", examples=["10422"]),
    mapped_column(String(5)),
]

AnySchoolCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{5}$"),
    Field(description="A school's national code (院校代码), of any province or added later.", examples=["10001"]),
    mapped_column(String(5)),
]

SchoolName = Annotated[
    str,
    length(100),
    LINE,
    Field(description="A school's name (院校名称).", examples=["山东大学"]),
    mapped_column(String(100)),
]
