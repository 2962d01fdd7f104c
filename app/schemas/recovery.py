"""Recovery of accounts on the wire: the visitor's case, and the case as holder and reviewers see it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from app.schemas.auth import CaptchaAnswer
from app.schemas.base import (
    PAGE,
    Body,
    BodyRefOut,
    ChangeOut,
    Created,
    NextCursor,
    Out,
    ProcedureOut,
    RecordId,
    WaitingForOut,
    Word,
)
from app.schemas.me import MaskedIdNumber, MaskedPhone
from app.words import (
    AnySchoolCode,
    Cohort,
    Decision,
    IdNumber,
    Level,
    OneTimeCode,
    Password,
    PersonName,
    Phone,
    RecoveryStatus,
)

PHOTO_LENGTH = 900_000

Photo = Annotated[
    str,
    StringConstraints(min_length=1, max_length=PHOTO_LENGTH, pattern=r"^[A-Za-z0-9+/]+={0,2}$"),
    Field(
        description="The person holding the ID card: a JPEG or PNG in base64, at most 659 KiB before that.",
        examples=["iVBORw0KGgo="],
        json_schema_extra={"contentEncoding": "base64", "writeOnly": True},
    ),
]
Secret = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$"),
    Field(description="What its sender follows the case by.", examples=["3q2-7wR5c8Vt3q2-7wR5c8Vt3q2-7wR5c8Vt3q2-7wR"]),
]


class RecoveryDraft(Body):
    """Who lost the account's phone: the person, the new phone with a code for `recovery`, and the photo."""

    name: PersonName
    id_number: IdNumber
    level: Level
    school_code: AnySchoolCode
    phone: Phone
    code: OneTimeCode
    photo: Photo


class RecoveryTicketOut(Out):
    """How to follow the case. The answer is the same whether or not there is such an account."""

    reference: RecordId
    secret: Secret
    closes_at: datetime


class RecoveryInquiry(Body):
    """What the answer to the opening said."""

    reference: RecordId
    secret: Secret


class RecoveryStanding(StrEnum):
    """What its sender learns of a case: it waits; it was approved and waits for the code; it is over."""

    OPEN = "open"
    APPROVED = "approved"
    CLOSED = "closed"


class RecoveryStandingOut(Out):
    """Where a case stands. One that names nobody reads like one that was not approved."""

    standing: RecoveryStanding
    closes_at: datetime


class Redemption(Body):
    """An approved recovery's ID number and new phone, the code that was sent there, and a new password."""

    id_number: IdNumber
    level: Level
    phone: Phone
    code: OneTimeCode
    password: Password
    captcha: CaptchaAnswer


class RedemptionOut(Out):
    """The account is yours again: sign in with the new password."""

    phone_is_yours: Annotated[bool, Field(description="False: another person still holds it.")]
    phone_moves_at: Annotated[
        datetime | None,
        Field(description="When it moves to you, unless its holder objects; null if it is yours, or claimed already."),
    ]


class RecoveryOut(ProcedureOut):
    """The recovery of an account (账号找回), reviewed by the school or by support."""

    status: RecoveryStatus
    decision: Decision | None
    stage: Annotated[Word | None, Field(description="Whose turn it is while submitted.", examples=["school"])]
    ending: Annotated[
        Word | None, Field(description="How it ended otherwise: withdrawn or lapsed.", examples=["lapsed"])
    ]
    name: PersonName
    id_number: MaskedIdNumber
    level: Level
    cohort: Cohort
    school: BodyRefOut
    phone: Annotated[MaskedPhone, Field(description="The new one, proven by who sent this.")]
    has_photo: Annotated[bool, Field(description="You have claimed the review and may look at the photo.")]
    lapses_at: datetime
    redeemed_at: datetime | None
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class RecoveryPage(Out):
    """A page of recoveries, newest first."""

    items: Annotated[list[RecoveryOut], PAGE]
    next_cursor: NextCursor


class RecoveryChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: RecoveryOut
    created: Created
