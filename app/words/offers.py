"""Words about the post an employer offers: what an invitation (邀请函) says and the agreement repeats."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints
from sqlalchemy import Boolean, Date, DateTime, Integer, SmallInteger, String
from sqlalchemy.orm import mapped_column

from app.words.days import DAY
from app.words.tabled import code_of
from app.words.text import LINE, PROSE, length


class InvitationStatus(StrEnum):
    """Where an invitation stands; `expired` also while it still says sent and its time is over."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


Position = Annotated[
    str,
    length(100),
    LINE,
    Field(description="The post (职位).", examples=["后端开发工程师"]),
    mapped_column(String(100)),
]

OccupationCategory = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}$"),
    code_of("occupation_category"),
    Field(description="Category of the post (工作职位类别).", examples=["13"]),
    mapped_column(String(2)),
]

SalaryMonthly = Annotated[
    int,
    Field(ge=1, le=10_000_000, description="Monthly salary before tax in whole yuan (月薪, CNY).", examples=[8000]),
    mapped_column(Integer),
]

ReportOn = Annotated[
    date,
    DAY,
    Field(description="Day of reporting for work (报到日期).", examples=["2027-07-05"]),
    mapped_column(Date),
]

ValidDays = Annotated[
    int,
    Field(
        ge=1,
        le=90,
        description="Days the invitation is open, today not counted (应约有效期); the cohort's policy bounds them.",
        examples=[5],
    ),
]

ValidUntil = Annotated[
    AwareDatetime,
    Field(description="The moment the invitation lapses: 24:00 of its last day.", examples=["2026-11-29T16:00:00Z"]),
    mapped_column(DateTime(timezone=True)),
]

ProbationMonths = Annotated[
    int,
    Field(ge=0, le=6, description="Probation in months (试用期).", examples=[3]),
    mapped_column(SmallInteger),
]

ServiceYears = Annotated[
    int,
    Field(ge=0, le=50, description="Years of service agreed (服务期).", examples=[3]),
    mapped_column(SmallInteger),
]

LiquidatedDamages = Annotated[
    int,
    Field(ge=0, le=10_000_000, description="Damages for a breach in whole yuan (违约金).", examples=[5000]),
    mapped_column(Integer),
]

Benefits = Annotated[
    str,
    length(1000),
    PROSE,
    Field(description="Benefits (福利待遇).", examples=["五险一金，免费住宿"]),
    mapped_column(String(1000)),
]

Terms = Annotated[
    str,
    length(2000),
    PROSE,
    Field(description="Further terms (备注条款).", examples=["试用期工资为月薪的80%。"]),
    mapped_column(String(2000)),
]

Establishment = Annotated[
    bool,
    Field(description="Whether the post is inside the state establishment (编制内).", examples=[False]),
    mapped_column(Boolean),
]
