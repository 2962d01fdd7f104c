"""Accounts of a body's staff on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.schemas.base import PAGE, Body, BodyRefOut, NextCursor, Out, RecordId, Version
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


class StaffPatch(Body):
    """What becomes other; what is absent or null stays."""

    display_name: PersonName | None = None
    roles: Roles | None = None


class StaffOut(Out):
    """A member of a body's staff."""

    id: RecordId
    version: Version
    username: Username
    display_name: PersonName
    roles: Roles
    body: BodyRefOut
    enrol_until: Annotated[
        datetime | None, Field(description="Until when the initial password lets them in to enrol; null: enrolled.")
    ]
    disabled_at: Annotated[datetime | None, Field(description="Since when they may not sign in.")]
    created_at: datetime


class StaffCreated(Out):
    """The account, with what its owner needs to sign in and enrol. It can't be read again."""

    account: StaffOut
    initial_password: Annotated[
        str, Field(max_length=100, description="Hand it over in person.", examples=["kq3Zr9_vT1xw8LbNq0"])
    ]
    initial_password_until: Annotated[datetime, Field(description="Until when it lets its owner in to enrol.")]


class StaffPage(Out):
    """A page of a body's staff, in the order in which they joined."""

    items: Annotated[list[StaffOut], PAGE]
    next_cursor: NextCursor
