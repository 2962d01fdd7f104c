"""New passwords on the wire: for who has forgotten theirs, and for who has not."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.auth import CaptchaAnswer
from app.schemas.base import Body
from app.words import CreditCode, IdNumber, Level, OneTimeCode, Password, Phone, PresentedPassword


class GraduateReset(Body):
    """A graduate: level, ID number, and the account's phone with a code for `password_reset`."""

    as_: Annotated[Literal["graduate"], Field(alias="as")]
    level: Level
    id_number: IdNumber
    phone: Phone
    code: OneTimeCode
    password: Password
    captcha: CaptchaAnswer


class OperatorReset(Body):
    """An operator of an employer: credit code, and the account's phone with a code for `password_reset`."""

    as_: Annotated[Literal["employer"], Field(alias="as")]
    credit_code: CreditCode
    phone: Phone
    code: OneTimeCode
    password: Password
    captcha: CaptchaAnswer


Reset = Annotated[GraduateReset | OperatorReset, Field(discriminator="as_")]


class PasswordChange(Body):
    """The present password and the new one."""

    present_password: PresentedPassword
    password: Password
