"""Words about applications (就业手续): their kinds and states, and what their forms are made of (fields.md)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from stdnum import luhn
from stdnum.exceptions import ValidationError

from app.words.days import DAY
from app.words.refusal import refuse
from app.words.text import LINE, PROSE, length, storable, without_spaces


class ApplicationKind(StrEnum):
    """求职创业补贴, 省优毕业生, 调整改派, 缓派打证, 遗失补办, 档案改寄."""

    JOB_SEEKING_SUBSIDY = "job_seeking_subsidy"
    OUTSTANDING_GRADUATE = "outstanding_graduate"
    REASSIGNMENT = "reassignment"
    DEFERRED_DISPATCH = "deferred_dispatch"
    CERTIFICATE_REISSUE = "certificate_reissue"
    ARCHIVE_REDIRECT = "archive_redirect"


class ApplicationStatus(StrEnum):
    """Where an application stands; what was decided stands beside it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class Fulfilment(StrEnum):
    """What becomes of an approval: money to pay, a certificate to print, or one to be collected on site."""

    NONE = "none"
    TO_PAY = "to_pay"
    PAID = "paid"
    FAILED = "failed"
    TO_PRINT = "to_print"
    PRINTED = "printed"
    READY_FOR_COLLECTION = "ready_for_collection"
    COLLECTED = "collected"
    LAPSED = "lapsed"


class ApplicationEnding(StrEnum):
    """How an application ended: taken back by the graduate, or revoked by the body that had approved it."""

    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class SubsidyCategory(StrEnum):
    """Why a graduate is one in hardship (补贴人员类别); which of them a cohort has, and how much, its policy says."""

    LOW_INCOME = "low_income"
    LOW_INCOME_MARGIN = "low_income_margin"
    EXTREME_HARDSHIP = "extreme_hardship"
    ORPHAN = "orphan"
    CHILD_IN_NEED = "child_in_need"
    OUT_OF_POVERTY = "out_of_poverty"
    DISABLED = "disabled"
    STUDENT_LOAN = "student_loan"
    NO_EMPLOYED_MEMBER = "no_employed_member"
    RURAL_POOR = "rural_poor"


class HonourLevel(StrEnum):
    """Who awarded an honour."""

    SCHOOL = "school"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


class ReassignmentCase(StrEnum):
    """Why the dispatch changes: a first employer, another one, or an agency that keeps the file."""

    UNEMPLOYED_TO_EMPLOYED = "unemployed_to_employed"
    CHANGED_EMPLOYER = "changed_employer"
    AGENCY_ONLY = "agency_only"


class DeferralReason(StrEnum):
    """Why the dispatch was put off; a service project has a name and a period."""

    SERVICE_PROJECT = "service_project"
    MILITARY_SERVICE = "military_service"
    ILLNESS = "illness"
    OTHER = "other"


def _declared(said: bool) -> bool:  # noqa: FBT001 (a value, no switch)
    if not said:
        refuse("declaration-required", "This has to be declared.")
    return said


Declared = Annotated[
    bool,
    AfterValidator(_declared),
    Field(description="A declaration: true, or not made yet.", examples=[True]),
]

_CARD: Final = range(12, 20)


def _card_number(raw: str) -> str:
    number = without_spaces(storable(raw))
    try:
        checked: str = luhn.validate(number)
    except ValidationError:
        checked = ""
    if len(checked) not in _CARD or not number.isascii():
        refuse("bank-card-invalid", "This is no number of a bank card.")
    return checked


BankCard = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_card_number),
    Field(
        description="The applicant's own bank card (银行卡号): 12 to 19 digits, its check digit right.",
        examples=["6222021234567890128"],
    ),
]
"""Stored sealed: no column of its own."""

BankCardMasked = Annotated[
    str, Field(max_length=30, description="The card's last four digits.", examples=["***************0128"])
]

BankName = Annotated[
    str, length(100), LINE, Field(description="Bank and branch (开户银行).", examples=["中国工商银行济南历下支行"])
]

CertificateNumber = Annotated[
    str, length(50), LINE, Field(description="Number of a certificate (证件编号).", examples=["鲁低保370102001"])
]

Issuer = Annotated[
    str, length(100), LINE, Field(description="Who issued it (发证机关).", examples=["济南市历下区民政局"])
]

LoanContractNumber = Annotated[
    str, length(50), LINE, Field(description="Number of the loan contract (贷款合同编号).", examples=["20230901370102"])
]

ValidUntilDay = Annotated[date, DAY, Field(description="Last day of validity (有效期至).", examples=["2027-12-31"])]

Rank = Annotated[int, Field(ge=1, le=10_000, description="Place in the ranking (综合排名).", examples=[3])]

RankOf = Annotated[int, Field(ge=1, le=10_000, description="Of how many (排名人数).", examples=[120])]

AverageScore = Annotated[float, Field(ge=0, le=150, description="Average score (平均成绩).", examples=[91.5])]

PostHeld = Annotated[str, length(100), LINE, Field(description="A post held at school (任职).", examples=["班长"])]

HonourName = Annotated[str, length(100), LINE, Field(description="An honour (荣誉名称).", examples=["国家奖学金"])]

AwardedOn = Annotated[date, DAY, Field(description="Day of the award (获奖日期).", examples=["2026-10-15"])]

Deeds = Annotated[
    str,
    length(1500),
    PROSE,
    Field(description="What the graduate has done (主要事迹), 1,500 characters.", examples=["连续三年专业第一。"]),
]

DispatchCertificateNumber = Annotated[
    str,
    length(50),
    LINE,
    Field(description="Number of a dispatch certificate (报到证编号).", examples=["202237001234"]),
]

CollectAt = Annotated[
    str, length(100), LINE, Field(description="Where it is collected (领取地点).", examples=["省人社厅服务大厅3号窗口"])
]

CollectOn = Annotated[date, DAY, Field(description="Day of collection (预约领取日期).", examples=["2027-07-12"])]
