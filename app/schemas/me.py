"""The caller, on the wire: who I am, my verification, my signing code, my messages."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.schemas.auth import SessionOut
from app.schemas.base import PAGE, Body, BodyRefOut, Count, NextCursor, Out, RecordId, Said, Version, Word
from app.words import ActorKind, BodyName, Cohort, Level, Major, PersonName, SigningCode, StaffRole

MaskedIdNumber = Annotated[
    str, Field(max_length=30, description="First and last character alone.", examples=["1****************X"])
]
MaskedPhone = Annotated[
    str, Field(max_length=30, description="First three and last four digits alone.", examples=["138****8000"])
]


class MyBodyOut(BodyRefOut):
    """The body that the caller acts for."""

    code: Annotated[str, Field(max_length=20, description="Its region, school or credit code.", examples=["10422"])]


class MyGraduateOut(Out):
    """The programme of study that the caller is signed in for."""

    id: RecordId
    name: PersonName
    level: Level
    cohort: Cohort
    major: Major
    school: BodyRefOut
    department: BodyRefOut | None
    id_number: MaskedIdNumber
    phone: MaskedPhone | None
    verified_at: Annotated[datetime | None, Field(description="When the provincial roster was found to say the same.")]
    archive_query_only: Annotated[
        bool, Field(description="Of a school outside the province: only archives may be asked about.")
    ]
    confirmed_at: Annotated[datetime | None, Field(description="When you said that the roster is right.")]
    leave_on: Annotated[date | None, Field(description="The day of leaving: one's own, the school's or cohort's.")]


class SecondFactorOut(Out):
    """A member of staff's second factor."""

    enrolled: Annotated[bool, Field(description="If not, this session can do nothing but enrol it.")]
    enrol_until: Annotated[datetime | None, Field(description="Until when the initial password lets you in.")]
    recovery_codes_left: Annotated[Count, Field(examples=[10])]
    step_up_until: Annotated[
        datetime | None,
        Field(description="Until when revealing, exporting and deciding in bulk are open; null: step up first."),
    ]


class MeOut(Out):
    """Who the caller is."""

    account_id: RecordId
    kind: ActorKind
    display_name: BodyName
    roles: Annotated[list[StaffRole], Field(max_length=10)]
    session: SessionOut
    body: MyBodyOut | None
    graduate: MyGraduateOut | None
    second_factor: Annotated[SecondFactorOut | None, Field(description="Null for graduates and employers.")]


class VerificationOut(Out):
    """The identity is verified: procedures are open."""

    verified_at: datetime


class ConfirmationDraft(Body):
    """The version of your entry in the roster, as you read it."""

    version: Version


class ConfirmationOut(Out):
    """The roster is right, as the graduate says."""

    confirmed_at: datetime


class SigningCodeOut(Out):
    """What to give an employer, so that they may invite. A new one replaces the former."""

    signing_code: SigningCode
    valid_until: datetime


class RecordRefOut(Out):
    """A record."""

    kind: Annotated[Word, Field(examples=["invitation"])]
    id: RecordId


class MessageOut(Out):
    """A note in the inbox."""

    id: RecordId
    kind: Annotated[Word, Field(examples=["invitation-send"])]
    text: Annotated[Said, Field(examples=["您收到一份应约邀请。"])]
    record: RecordRefOut
    at: datetime
    read_at: datetime | None


class ReadDraft(Body):
    """Up to where the inbox has been read."""

    through: Annotated[RecordId, Field(description="The newest message that was read.")]


class MessagePage(Out):
    """A page of messages, newest first."""

    items: Annotated[list[MessageOut], PAGE]
    next_cursor: NextCursor
