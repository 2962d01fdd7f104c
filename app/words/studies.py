"""Words about a programme of study: what the roster says beyond the person."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints
from sqlalchemy import Boolean, Date, SmallInteger, String
from sqlalchemy.orm import mapped_column

from app import codes
from app.words.days import DAY
from app.words.refusal import refuse
from app.words.tabled import code_of
from app.words.text import LINE, length


class Level(StrEnum):
    """The level of a programme (学历层次), the same whether it was completed (毕业) or not (结业)."""

    DOCTORATE = "doctorate"
    MASTER = "master"
    SECOND_DEGREE = "second_degree"
    BACHELOR = "bachelor"
    JUNIOR_COLLEGE = "junior_college"

    @classmethod
    def of_education_code(cls, code: str) -> Self:
        """The level of an education code, by its first digit: 31 and 33 are bachelor; refused when there is none."""
        if code not in codes.tables()["education_level"]:
            refuse("unknown-code", "There is no such education code.")
        return list(cls)[int(code[0])]

    @property
    def education_code(self) -> str:
        """The code of a completed programme of this level: 01, 11, 25, 31, 41."""
        return _COMPLETED[self]


_COMPLETED = dict(zip(Level, ("01", "11", "25", "31", "41"), strict=True))

Cohort = Annotated[
    int,
    Field(ge=2000, le=2100, description="The year of graduation (届).", examples=[2027]),
    mapped_column(SmallInteger),
]

EducationLevel = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}$"),
    code_of("education_level"),
    Field(description="Level and completion of the programme (学历代码).", examples=["31"]),
    mapped_column(String(2)),
]

CandidateNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9A-Za-z]{8,20}$"),
    Field(description="The number given at the entrance examination (考生号).", examples=["23370102110001"]),
    mapped_column(String(20)),
]

StudentNumber = Annotated[
    str,
    length(30),
    LINE,
    Field(description="The school's number for the student (学号).", examples=["2023010101"]),
    mapped_column(String(30)),
]

MajorCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9]{2}[0-9A-Za-z]{2,8}$"),
    Field(description="Code of the major in the ministry's catalogue (专业代码).", examples=["080901", "020302T"]),
    mapped_column(String(10)),
]

Major = Annotated[
    str,
    length(100),
    LINE,
    Field(description="Name of the major (专业).", examples=["计算机科学与技术"]),
    mapped_column(String(100)),
]

MajorDirection = Annotated[
    str,
    length(100),
    LINE,
    Field(description="Direction within the major (专业方向).", examples=["软件工程方向"]),
    mapped_column(String(100)),
]

Branch = Annotated[
    str,
    length(100),
    LINE,
    Field(description="Branch of the school (分校名称).", examples=["威海校区"]),
    mapped_column(String(100)),
]

TrainingMode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]$"),
    code_of("training_mode"),
    Field(description="Mode of training (培养方式): 2 and 4 are bound to a commissioning unit.", examples=["1"]),
    mapped_column(String(1)),
]

CommissioningUnit = Annotated[
    str,
    length(200),
    LINE,
    Field(description="The unit the graduate is bound to (定向或委培单位).", examples=["沂源县卫生健康局"]),
    mapped_column(String(200)),
]

Duration = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[1-9](\.5)?$"),
    Field(description="Length of the programme in years (学制).", examples=["4", "2.5"]),
    mapped_column(String(3)),
]

EnrolledOn = Annotated[
    date,
    DAY,
    Field(description="Day of enrolment (入学时间).", examples=["2023-09-01"]),
    mapped_column(Date),
]

GraduatedOn = Annotated[
    date,
    DAY,
    Field(description="Day of graduation (毕业时间).", examples=["2027-06-30"]),
    mapped_column(Date),
]

TeacherTraining = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,2}$"),
    code_of("teacher_training"),
    Field(description="Kind of teacher training (师范生类别): 12 is state-funded and bound.", examples=["2"]),
    mapped_column(String(2)),
]

Hardship = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]$"),
    code_of("hardship"),
    Field(description="Kind of hardship (困难生类别).", examples=["0"]),
    mapped_column(String(1)),
]

DepartmentName = Annotated[
    str,
    length(100),
    LINE,
    Field(description="The department within the school (所在院系).", examples=["信息工程学院"]),
    mapped_column(String(100)),
]

ClassName = Annotated[
    str,
    length(100),
    LINE,
    Field(description="The class (所在班级).", examples=["计科2301"]),
    mapped_column(String(100)),
]

HouseholdMoved = Annotated[
    bool,
    Field(description="Whether the household register was moved to the school (户口是否转入学校).", examples=[False]),
    mapped_column(Boolean),
]

ArchiveMoved = Annotated[
    bool,
    Field(description="Whether the personal file was moved to the school (档案是否转入学校).", examples=[True]),
    mapped_column(Boolean),
]
