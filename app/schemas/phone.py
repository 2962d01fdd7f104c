"""One's own phone, on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.schemas.base import Body, Out
from app.schemas.me import MaskedPhone
from app.words import OneTimeCode, Phone


class PhoneChange(Body):
    """The new phone with a code for `phone_change`, and a code that was sent to the present one."""

    phone: Phone
    code: OneTimeCode
    present_code: Annotated[
        OneTimeCode | None,
        Field(description="A code for `phone_release`; who holds no phone yet needs none.", examples=["482913"]),
    ] = None


class ClaimSide(StrEnum):
    """Who claims: you the number of another person, or another person yours."""

    MINE = "mine"
    ANOTHERS = "anothers"


class PhoneClaimOut(Out):
    """A number that somebody else has proven: it moves unless its holder objects."""

    by: ClaimSide
    phone: MaskedPhone
    moves_at: datetime


class PhoneOut(Out):
    """The phone that you hold, and what is claimed."""

    phone: MaskedPhone | None
    proven_at: datetime | None
    claims: Annotated[list[PhoneClaimOut], Field(max_length=2)]
