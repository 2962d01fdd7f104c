"""Words of the registration of unemployed graduates (离校未就业实名登记, domain.md §6)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import String
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

FollowUpOn = Annotated[
    date, DAY, Field(description="When the bureau asks again (下次回访日期).", examples=["2027-08-20"])
]

ContactedOn = Annotated[date, DAY, Field(description="The day of the contact (联系日期).", examples=["2027-07-20"])]
