"""The second factor of staff on the wire: an authenticator, recovery codes, step-up."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import Body, Out
from app.words import OneTimeCode, Password, RecoveryCode


class AuthenticatorOut(Out):
    """A new authenticator's secret: shown once, and in use when a code of it is confirmed."""

    secret: Annotated[str, Field(max_length=100, description="Base32.", examples=["JBSWY3DPEHPK3PXP"])]
    uri: Annotated[
        str,
        Field(
            max_length=500,
            description="For an authenticator app, as a QR code.",
            examples=["otpauth://totp/Graduate%20Employment:school.10422.admin?secret=JBSWY3DPEHPK3PXP"],
        ),
    ]


class Confirmation(Body):
    """The first code of a new authenticator; with an initial password, also one of your own in its place."""

    totp: OneTimeCode
    new_password: Annotated[Password | None, Field(description="Needed where the password is an initial one.")] = None


class RecoveryCodesOut(Out):
    """What lets you in without the authenticator, each once. They can't be read again, and replace former ones."""

    recovery_codes: Annotated[list[RecoveryCode], Field(max_length=20, examples=[["7K3M9QXB2T"]])]


class StepUp(Body):
    """A code of the authenticator."""

    totp: OneTimeCode


class StepUpOut(Out):
    """What asks for a step-up is open."""

    until: datetime
