"""Reveals and accesses on the wire."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, model_validator

from app.schemas.base import PAGE, Body, BodyRefOut, NextCursor, Out, RecordId, Said, Word
from app.words import AccessPurpose, BodyKind, Comment, IdNumber, PersonalField, RevealReason, SeenField, StaffRole
from app.words.refusal import refuse

_FIELDS: Final = {
    "graduate_id": {PersonalField.ID_NUMBER, PersonalField.PHONE},
    "employer_id": {PersonalField.PHONE},
    "placement_id": {PersonalField.ARCHIVE_PHONE, PersonalField.CONTACT_PHONE},
}
"""What may be revealed of each subject."""

Number = Annotated[
    str | None,
    Field(max_length=30, description="Null unless asked for, or when there is none.", examples=["13800138000"]),
]


class RevealDraft(Body):
    """Whose data, which, and why: the person reads code and comment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "graduate_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                    "fields": ["phone"],
                    "reason": "contact",
                    "comment": "协议缺少证明材料，需电话联系。",
                }
            ]
        }
    )

    graduate_id: RecordId | None = None
    employer_id: Annotated[RecordId | None, Field(description="Instead: the contact of an employer.")] = None
    placement_id: Annotated[
        RecordId | None, Field(description="Instead: the contacts that a placement names. Its graduate reads of it.")
    ] = None
    fields: Annotated[list[PersonalField], Field(min_length=1, max_length=2, examples=[["phone"]])]
    reason: RevealReason
    comment: Comment

    @model_validator(mode="after")
    def one_subject_that_has_the_fields(self) -> Self:
        """One of the three; each has fields of its own; each field once."""
        if len(named := [name for name in _FIELDS if getattr(self, name)]) != 1:
            refuse("one-subject", "Name a graduate, an employer or a placement.")
        if len(set(self.fields)) < len(self.fields):
            refuse("field-repeated", "Name each field once.")
        if not {*self.fields} <= _FIELDS[named[0]]:
            refuse("no-such-field", "Who is named has no such field here.")
        return self


class RevealOut(Out):
    """The values asked for. That you saw them is recorded, and shown to the person."""

    access_id: RecordId
    id_number: Annotated[IdNumber | None, Field(description="Null unless asked for.")]
    phone: Number
    archive_phone: Number
    contact_phone: Number
    at: datetime


class AccessOut(Out):
    """Somebody saw your data: a body, never a name."""

    id: RecordId
    at: datetime
    body: BodyRefOut
    body_kind: BodyKind
    role: Annotated[StaffRole, Field(description="The role in which they looked.")]
    purpose: AccessPurpose
    fields: Annotated[list[SeenField], Field(max_length=10, examples=[["phone"]])]
    reason: Annotated[Word, Field(examples=["contact"])]
    reason_text: Annotated[Said, Field(examples=["需要联系本人"])]
    comment: Comment | None


class AccessPage(Out):
    """Who saw your data, the latest first."""

    items: Annotated[list[AccessOut], PAGE]
    next_cursor: NextCursor
