"""Words about policies: the services that are open at times, and what a cohort's policy says in numbers."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from app.words.days import DAY
from app.words.text import LINE, length

Notice = Annotated[
    str,
    length(200),
    LINE,
    Field(description="The notice that says so (依据文件).", examples=["国务院办公厅关于2028年部分节假日安排的通知"]),
]


class WindowedService(StrEnum):
    """What a cohort's policy opens and closes by the day; a destination's own window prevails over `destination`."""

    REGISTRATION = "registration"
    ONLINE_AGREEMENT = "online_agreement"
    ENTERED_AGREEMENT = "entered_agreement"
    DESTINATION = "destination"
    LABOR_CONTRACT = "labor_contract"
    FLEXIBLE = "flexible"
    FURTHER_STUDY = "further_study"
    ABROAD = "abroad"
    STARTUP = "startup"
    ENLISTMENT = "enlistment"
    GRASSROOTS = "grassroots"
    TERMINATION = "termination"
    JOB_SEEKING_SUBSIDY = "job_seeking_subsidy"
    OUTSTANDING_GRADUATE = "outstanding_graduate"
    REASSIGNMENT = "reassignment"
    DEFERRED_DISPATCH = "deferred_dispatch"
    CERTIFICATE_REISSUE = "certificate_reissue"
    ARCHIVE_REDIRECT = "archive_redirect"
    UNEMPLOYED_REGISTRATION = "unemployed_registration"


class SubsidyStage(StrEnum):
    """Which bureau reviews a subsidy after the school."""

    COUNTY = "county"
    PROVINCE = "province"


OpensOn = Annotated[date, DAY, Field(description="First day (开放日期).", examples=["2026-09-01"])]

ClosesOn = Annotated[
    date, DAY, Field(description="Last day (截止日期): open until its 24:00 in the province.", examples=["2027-06-30"])
]

CategoryCode = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]{1,40}$"),
    Field(description="A category of hardship (补贴人员类别).", examples=["low_income"]),
]

CategoryName = Annotated[
    str, length(50), LINE, Field(description="What the category is called (类别名称).", examples=["城乡低保家庭"])
]

AmountCny = Annotated[int, Field(ge=1, le=100_000, description="Whole yuan (金额, CNY).", examples=[1000])]

ProofName = Annotated[str, length(100), LINE, Field(description="What proves it (证明材料).", examples=["低保证明"])]
