"""Getting in, on the wire: captchas, one-time codes, registration, login."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from app.schemas.base import PAGE, Body, BodyRefOut, Count, NextCursor, Out, RecordId, Word
from app.words import (
    AnySchoolCode,
    Cohort,
    CreditCode,
    IdNumber,
    Level,
    OneTimeCode,
    Password,
    PersonName,
    Phone,
    PresentedPassword,
    RecoveryCode,
    Username,
)
from app.words.refusal import refuse


class CaptchaKind(StrEnum):
    """An image for people, or a proof of work that needs no eyes: equal alternatives."""

    IMAGE = "image"
    WORK = "work"


class CaptchaPurpose(StrEnum):
    """What the captcha will be spent on; it is good for nothing else."""

    LOGIN = "login"
    PHONE_CODE = "phone_code"
    PASSWORD_RESET = "password_reset"  # noqa: S105 (what a code is for)
    RECOVERY = "recovery"


class PhoneCodePurpose(StrEnum):
    """What the code will prove the phone for."""

    REGISTRATION = "registration"
    EMPLOYER_REGISTRATION = "employer_registration"
    ACTIVATION = "activation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 (what a code is for)
    RECOVERY = "recovery"
    RECOVERY_REDEMPTION = "recovery_redemption"
    PHONE_CHANGE = "phone_change"
    PHONE_RELEASE = "phone_release"
    """The present phone agrees to be changed for another."""


class CaptchaDraft(Body):
    """Which captcha, for what."""

    kind: CaptchaKind
    purpose: CaptchaPurpose


class CaptchaOut(Out):
    """A captcha: good for one answer, within two minutes."""

    id: RecordId
    kind: CaptchaKind
    image: Annotated[
        str | None,
        Field(
            max_length=100_000,
            description="A picture of five letters, as a data URI.",
            examples=["data:image/png;base64,iVBORw0KGgo="],
        ),
    ]
    work: Annotated[dict[str, Any] | None, Field(description="A challenge as ALTCHA 2 takes it.", examples=[None])]
    expires_at: datetime


class CaptchaAnswer(Body):
    """The letters of the image in either case, or the payload of the proof of work."""

    id: RecordId
    answer: Annotated[str, StringConstraints(min_length=1, max_length=4000), Field(examples=["K7WPA"])]


class PhoneCodeDraft(Body):
    """A code to be sent."""

    purpose: PhoneCodePurpose
    phone: Phone
    captcha: CaptchaAnswer


class PhoneCodeOut(Out):
    """A code is on its way, if the phone is one: the answer is the same for every number."""

    expires_in: Annotated[Count, Field(description="Seconds that the code is good for.", examples=[300])]
    resend_after: Annotated[Count, Field(description="Seconds before another may be asked for.", examples=[60])]


class RegistrationDraft(Body):
    """A graduate's five fields as the school's roster has them, the phone with its code, and a password."""

    name: PersonName
    id_number: IdNumber
    level: Level
    cohort: Cohort
    school_code: AnySchoolCode
    phone: Phone
    code: OneTimeCode
    password: Password


class RegistrationOut(Out):
    """The account is active: sign in."""

    account_id: RecordId
    graduate_id: RecordId
    name: PersonName
    level: Level
    cohort: Cohort
    school: BodyRefOut


class ActivationDraft(Body):
    """An account that the school made: whose, the phone of the school's roster with its code, and a password."""

    level: Level
    id_number: IdNumber
    phone: Phone
    code: OneTimeCode
    password: Password


class ActivationOut(Out):
    """The account has its password: sign in."""

    account_id: RecordId


class GraduateLogin(Body):
    """A graduate: level, phone or ID number, password; `cohort` chooses among several, else the latest."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as": "graduate",
                    "level": "bachelor",
                    "phone": "13800138000",
                    "password": "青山-2027-lv",
                    "captcha": {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "answer": "K7WPA"},
                }
            ]
        }
    )

    as_: Annotated[Literal["graduate"], Field(alias="as")]
    level: Level
    phone: Phone | None = None
    id_number: IdNumber | None = None
    cohort: Cohort | None = None
    password: PresentedPassword
    captcha: CaptchaAnswer

    @model_validator(mode="after")
    def one_of_the_two_names(self) -> Self:
        """The phone or the ID number, not both."""
        if (self.phone is None) == (self.id_number is None):
            refuse("phone-or-id-number", "Give either the phone or the ID number.")
        return self


class EmployerLogin(Body):
    """An operator of an employer: phone, credit code, password."""

    as_: Annotated[Literal["employer"], Field(alias="as")]
    phone: Phone
    credit_code: CreditCode
    password: PresentedPassword
    captcha: CaptchaAnswer


class StaffLogin(Body):
    """A member of a body's staff: user name, password, and the authenticator's six digits or a recovery code.

    With an initial password there is neither yet: the session can then do nothing but enrol.
    """

    as_: Annotated[Literal["staff"], Field(alias="as")]
    username: Username
    password: PresentedPassword
    totp: OneTimeCode | None = None
    recovery_code: RecoveryCode | None = None
    captcha: CaptchaAnswer

    @model_validator(mode="after")
    def one_second_factor(self) -> Self:
        """The authenticator's code or a recovery code, not both."""
        if self.totp is not None and self.recovery_code is not None:
            refuse("totp-or-recovery-code", "Give either the authenticator's code or a recovery code.")
        return self


Login = Annotated[GraduateLogin | EmployerLogin | StaffLogin, Field(discriminator="as_")]


class RefreshDraft(Body):
    """The refresh token of the answer before."""

    refresh_token: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        Field(examples=["01890a5d-ac96-774b-bcce-b302099a8057.kq3…"], json_schema_extra={"writeOnly": True}),
    ]


class SessionOut(Out):
    """How and when the person proved themselves."""

    id: RecordId
    amr: Annotated[list[Word], Field(max_length=5, description="RFC 8176.", examples=[["pwd", "otp"]])]
    auth_at: datetime


class OwnSessionOut(SessionOut):
    """A session of the caller's."""

    refreshed_at: Annotated[datetime | None, Field(description="When its tokens were last renewed.")]
    device: Annotated[
        str | None,
        Field(
            max_length=60, description="Browser and system, as it said when it signed in.", examples=["Edge, Windows"]
        ),
    ]
    current: Annotated[bool, Field(description="Whether this request came with it.")]


class SessionPage(Out):
    """The caller's living sessions, the latest first."""

    items: Annotated[list[OwnSessionOut], PAGE]
    next_cursor: NextCursor


class TokensOut(Out):
    """An access token for the header `Authorization: Bearer …`, and the refresh token for the next one."""

    access_token: Annotated[
        str, Field(max_length=2000, description="A JWT for this service.", examples=["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"])
    ]
    token_type: Literal["Bearer"]
    expires_in: Annotated[Count, Field(description="Seconds that the access token is good for.", examples=[600])]
    refresh_token: Annotated[str, Field(max_length=200, description="Good once.", examples=["3q2-7wR5c8Vt"])]
    session: SessionOut
