"""Accounts of a body's staff on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.schemas.base import PAGE, Body, BodyRefOut, NextCursor, Out, RecordId
from app.words import PersonName, StaffRole, Username
from app.words.refusal import refuse


def _each_once(roles: list[StaffRole]) -> list[StaffRole]:
    if len(set(roles)) != len(roles):
        refuse("named-twice", "Each role is named once.")
    return roles


Roles = Annotated[
    list[StaffRole],
    Field(
        min_length=1,
        max_length=len(StaffRole),
        description="What they may do in the body.",
        examples=[["reviewer"]],
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_each_once),
]


class StaffDraft(Body):
    """A new member of a body's staff."""

    username: Username
    display_name: PersonName
    roles: Roles
    body_id: RecordId


class StaffOut(Out):
    """A member of a body's staff."""

    id: RecordId
    username: Username
    display_name: PersonName
    roles: Roles
    body: BodyRefOut
    disabled_at: Annotated[datetime | None, Field(description="Since when they may not sign in.")]
    created_at: datetime


class StaffCreated(Out):
    """The account, with what its owner needs to sign in. Neither secret can be read again."""

    account: StaffOut
    initial_password: Annotated[
        str, Field(max_length=100, description="Hand it over in person.", examples=["kq3Zr9_vT1xw8LbNq0"])
    ]
    totp_uri: Annotated[
        str,
        Field(
            max_length=500,
            description="For an authenticator app, as a QR code.",
            examples=["otpauth://totp/Graduate%20Employment:school.10422.admin?secret=JBSWY3DPEHPK3PXP"],
        ),
    ]


class StaffPage(Out):
    """A page of a body's staff, in the order in which they joined."""

    items: Annotated[list[StaffOut], PAGE]
    next_cursor: NextCursor
