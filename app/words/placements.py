"""Words about a placement (毕业去向): its kinds and ends, and the block that says where the personal file goes."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy import Date, String
from sqlalchemy.orm import mapped_column

from app.numbers import is_agreement_number
from app.words.days import DAY
from app.words.refusal import refuse
from app.words.text import LINE, length


class PlacementKind(StrEnum):
    """Two agreements and seven destinations."""

    ONLINE_AGREEMENT = "online_agreement"
    ENTERED_AGREEMENT = "entered_agreement"
    LABOR_CONTRACT = "labor_contract"
    FLEXIBLE = "flexible"
    FURTHER_STUDY = "further_study"
    ABROAD = "abroad"
    STARTUP = "startup"
    ENLISTMENT = "enlistment"
    GRASSROOTS = "grassroots"


class Ending(StrEnum):
    """How a placement ended."""

    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    MUTUAL = "mutual"
    GRADUATE_BREACH = "graduate_breach"
    EMPLOYER_BREACH = "employer_breach"
    FURTHER_STUDY_OR_CIVIL_SERVICE = "further_study_or_civil_service"
    EMPLOYER_CLOSED = "employer_closed"
    NOT_GRADUATED = "not_graduated"
    CORRECTION = "correction"
    ANNULLED = "annulled"


class ArchiveMode(StrEnum):
    """Where the personal file goes (档案去向): to the unit, to an agency, back home."""

    UNIT = "unit"
    AGENCY = "agency"
    HOME = "home"


def _numbered(number: str) -> str:
    if not is_agreement_number(number):
        refuse("agreement-number-invalid", "This is no agreement number.")
    return number


AgreementNumber = Annotated[
    str,
    AfterValidator(_numbered),
    Field(
        description="Number of an agreement (协议编号): year, school, level, 7 random digits, check digit.",
        examples=["2027104223112345673"],
        min_length=19,
        max_length=19,
    ),
    mapped_column(String(19)),
]

SignedOn = Annotated[
    date,
    DAY,
    Field(description="Day of signing (签订日期).", examples=["2026-11-24"]),
    mapped_column(Date),
]

ArchiveReceiver = Annotated[
    str,
    length(200),
    LINE,
    Field(description="Who receives the personal file (档案接收单位).", examples=["济南市人才服务中心"]),
    mapped_column(String(200)),
]

HouseholdReceiver = Annotated[
    str,
    length(200),
    LINE,
    Field(description="Where the household register goes (户口迁往地址).", examples=["济南市历下区公安局"]),
    mapped_column(String(200)),
]

PartyReceiver = Annotated[
    str,
    length(200),
    LINE,
    Field(description="Where party or league membership goes (党团组织关系接收单位).", examples=["中共历下区委组织部"]),
    mapped_column(String(200)),
]
