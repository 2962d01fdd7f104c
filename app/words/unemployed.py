"""Words of the registration of unemployed graduates (离校未就业实名登记, domain.md §6)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Integer, String
from sqlalchemy.orm import mapped_column

from app.words.days import DAY
from app.words.places import with_a_bureau
from app.words.tabled import code_of
from app.words.text import LINE, length


class Situation(StrEnum):
    """How a graduate without a placement says they are (就业状况)."""

    EMPLOYED = "employed"
    FURTHER_STUDY = "further_study"
    ABROAD = "abroad"
    ENLISTED = "enlisted"
    UNEMPLOYED = "unemployed"
    NO_INTENTION = "no_intention"


class ServiceNeed(StrEnum):
    """What a graduate asks of the bureau (服务需求), and what it gives."""

    GUIDANCE = "guidance"
    REFERRAL = "referral"
    TRAINING = "training"
    INTERNSHIP = "internship"
    STARTUP = "startup"
    ARCHIVE_ADVICE = "archive_advice"
    HARDSHIP_AID = "hardship_aid"


class PolicyUsed(StrEnum):
    """A public employment policy that a graduate had the use of (享受政策).

    For each need that money answers, what is paid for it: training, internships, businesses; under hardship, posts and
    insurance. Guidance, referral and advice cost nobody anything; what schools grant (求职创业补贴) is an application.
    """

    TRAINING_SUBSIDY = "training_subsidy"
    """职业培训补贴."""
    SKILL_CERTIFICATE_SUBSIDY = "skill_certificate_subsidy"
    """职业技能评价补贴."""
    INTERNSHIP_SUBSIDY = "internship_subsidy"
    """就业见习补贴."""
    STARTUP_SUBSIDY = "startup_subsidy"
    """一次性创业补贴."""
    STARTUP_LOAN = "startup_loan"
    """创业担保贷款."""
    PUBLIC_WELFARE_POST = "public_welfare_post"
    """公益性岗位."""
    SOCIAL_INSURANCE_SUBSIDY = "social_insurance_subsidy"
    """社会保险补贴."""


class CaseStatus(StrEnum):
    """Whether a bureau follows the graduate up."""

    OPEN = "open"
    CLOSED = "closed"


class CaseEnding(StrEnum):
    """Why it does not: placed, declared otherwise, out of reach, moved to where another bureau follows up."""

    PLACED = "placed"
    DECLARED = "declared"
    UNREACHABLE = "unreachable"
    MOVED = "moved"


class ContactChannel(StrEnum):
    """How a bureau tried to reach a graduate (联系方式)."""

    PHONE = "phone"
    TEXT = "text"
    ONLINE = "online"
    VISIT = "visit"
    OFFICE = "office"


class ContactResult(StrEnum):
    """What came of it (联系结果): only the first two count as a contact made."""

    REACHED = "reached"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


REACHED = frozenset({ContactResult.REACHED, ContactResult.DECLINED})
"""Results of having spoken with the graduate."""

Residence = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6}$"),
    code_of("region"),
    AfterValidator(with_a_bureau),
    Field(description="Where the graduate lives (常住地); inside the province the county.", examples=["370102"]),
    mapped_column(String(6)),
]

WantedWork = Annotated[
    str,
    length(200),
    LINE,
    Field(description="The kind of work wanted (求职意向).", examples=["软件开发、数据分析"]),
    mapped_column(String(200)),
]

ExpectedSalary = Annotated[
    int,
    Field(ge=1, le=10_000_000, description="Monthly salary hoped for, in whole yuan (期望月薪, CNY).", examples=[6000]),
    mapped_column(Integer),
]

FollowUpOn = Annotated[
    date, DAY, Field(description="When the bureau asks again (下次回访日期).", examples=["2027-08-20"])
]

ContactedOn = Annotated[date, DAY, Field(description="The day of the contact (联系日期).", examples=["2027-07-20"])]
