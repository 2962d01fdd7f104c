"""Words about the seven destinations (毕业去向登记): what each is made of (fields.md of the field's systems)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from app.words.days import DAY
from app.words.text import LINE, PROSE, length


class PlacementStatus(StrEnum):
    """Where a placement of any kind stands; what was decided stands beside it."""

    DRAFT = "draft"
    ISSUED = "issued"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class LaborForm(StrEnum):
    """As what a contract employs: code 11, or as a research or administrative assistant, code 27."""

    EMPLOYEE = "employee"
    RESEARCH_ASSISTANT = "research_assistant"


class FlexibleForm(StrEnum):
    """Employed in another form (其他录用形式, code 12), or freelance (自由职业, code 76)."""

    EMPLOYED_OTHERWISE = "employed_otherwise"
    FREELANCE = "freelance"


class StudyLevel(StrEnum):
    """For which degree one goes on studying."""

    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"
    SECOND_DEGREE = "second_degree"


class AdmissionMode(StrEnum):
    """How one was admitted (录取方式): by examination, recommended, upgraded (专升本), by application."""

    EXAMINATION = "examination"
    RECOMMENDATION = "recommendation"
    UPGRADE = "upgrade"
    APPLICATION = "application"


class AbroadPurpose(StrEnum):
    """What one goes abroad for."""

    WORK = "work"
    STUDY = "study"


class ContractForm(StrEnum):
    """On what one works abroad: an agreement (10), a contract (11), something else (12)."""

    AGREEMENT = "agreement"
    CONTRACT = "contract"
    OTHER = "other"


class StartupForm(StrEnum):
    """How one founded: a company, in an incubator, a shop on the net."""

    COMPANY = "company"
    INCUBATOR = "incubator"
    E_COMMERCE = "e_commerce"


class ProgrammeLevel(StrEnum):
    """Whose grassroots programme it is: national (code 50) or local (code 51)."""

    NATIONAL = "national"
    LOCAL = "local"


Programme = Annotated[
    Literal["502", "503", "512", "519"],
    Field(description="The grassroots programme (基层项目, table destination_subcode).", examples=["503"]),
]

DestinationKind = Literal[
    "labor_contract", "flexible", "further_study", "abroad", "startup", "enlistment", "grassroots"
]
DESTINATION_KINDS: Final[tuple[str, ...]] = (
    "labor_contract", "flexible", "further_study", "abroad", "startup", "enlistment", "grassroots",
)  # fmt: skip

Country = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{3}$"),
    Field(description="A country or region in three letters (GB/T 2659.1).", examples=["DEU"]),
]

StartsOn = Annotated[date, DAY, Field(description="First day (开始日期).", examples=["2027-07-05"])]

EndsOn = Annotated[date, DAY, Field(description="Last day (结束日期).", examples=["2030-07-04"])]

PlaceName = Annotated[
    str,
    length(200),
    LINE,
    Field(description="A unit or institution by its name (单位或院校名称).", examples=["复旦大学"]),
]

InstitutionCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{5}$"),
    Field(description="National code of the institution one goes to (升学院校代码).", examples=["10246"]),
]

ShortText = Annotated[
    str, length(200), LINE, Field(description="One line of text (说明).", examples=["人工智能课题组"])
]

LongText = Annotated[
    str,
    length(1000),
    PROSE,
    Field(description="Some lines of text (说明).", examples=["为多家出版社绘制插图，长期供稿。"]),
]

ShopUrl = Annotated[
    str,
    StringConstraints(max_length=300, pattern=r"^https?://[^\s/]+\S*$"),
    LINE,
    Field(description="Address of the shop on the net (网店网址).", examples=["https://shop.example.cn/88"]),
]

CapitalShare = Annotated[
    int, Field(ge=0, le=100, description="Share of the capital in percent (出资比例).", examples=[60])
]
