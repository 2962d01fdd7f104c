"""Words about an employer (用人单位)."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import mapped_column

from app.words.days import DAY
from app.words.identity import contact_number, credit_code
from app.words.tabled import code_of
from app.words.text import LINE, length


class EmployerStanding(StrEnum):
    """Whether an employer may act; a closed one frees its credit code."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class EmployerScale(StrEnum):
    """Size of an employer (单位规模), by the statistical classes of enterprises."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class ArchiveCapacity(StrEnum):
    """Whether an employer may keep personal files (档案接收资格): itself, by an agency entrusted with it, or not."""

    OWN = "own"
    ENTRUSTED = "entrusted"
    NONE = "none"


CreditCode = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(credit_code),
    Field(description="Unified social credit code (统一社会信用代码, GB 32100).", examples=["91370100MA6838WPG0"]),
    mapped_column(String(18)),
]

EmployerName = Annotated[
    str,
    length(200),
    LINE,
    Field(description="The employer's registered name (单位名称).", examples=["山东测试科技有限公司"]),
    mapped_column(String(200)),
]

UnitNature = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}$"),
    code_of("unit_nature"),
    Field(description="What the unit is (单位性质).", examples=["39"]),
    mapped_column(String(2)),
]

Industry = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}$"),
    code_of("industry"),
    Field(description="Industry of the unit (单位行业).", examples=["34"]),
    mapped_column(String(2)),
]

ContactName = Annotated[
    str,
    length(50),
    LINE,
    Field(description="Whom to ask for (联系人).", examples=["人力资源部 李老师"]),
    mapped_column(String(50)),
]

ContactPhone = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(contact_number),
    Field(
        description="A mainland number of any kind (联系人电话), perhaps with extension.",
        examples=["0531-88364000-801"],
    ),
    mapped_column(String(24)),
]

_MASK: Final = re.compile(r"[0-9-]{3}\*{4}[0-9-]{4}|\*+")


def _number_or_mask(raw: str) -> str:
    """A number, or what `masks.phone` shows of one."""
    return raw if _MASK.fullmatch(raw) else contact_number(raw)


SealedPhone = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_number_or_mask),
    Field(
        description="A mainland number of any kind (联系电话), perhaps with extension. It is kept sealed and answered"
        " masked; the mask, sent back, keeps the number that it stands for.",
        examples=["0531-88364000-801", "138****8000"],
    ),
]

Fax = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(contact_number),
    Field(description="A fax number (传真).", examples=["0531-88364001"]),
    mapped_column(String(24)),
]

Affiliation = Annotated[
    str,
    length(100),
    LINE,
    Field(description="To whom the unit belongs (单位隶属).", examples=["济南市"]),
    mapped_column(String(100)),
]

RegisteredCapital = Annotated[
    int,
    Field(ge=0, le=2_000_000_000, description="Registered capital in 10,000 yuan (注册资本, 万元).", examples=[500]),
    mapped_column(Integer),
]

LegalRepresentative = Annotated[
    str,
    length(100),
    LINE,
    Field(description="Legal representative (法定代表人); foreign names keep their spaces.", examples=["张建国"]),
    mapped_column(String(100)),
]

FoundedOn = Annotated[
    date,
    DAY,
    Field(description="Day of foundation (成立日期).", examples=["2015-03-09"]),
    mapped_column(Date),
]
