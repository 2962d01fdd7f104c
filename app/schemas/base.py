"""What every body and every answer shares."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.schemas.exactness import NO_VALUE, json_kind, miswritten
from app.words import ActorKind, BodyName, ClientName, Comment, PersonName

ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
RecordId = Annotated[
    str,
    Field(
        pattern=ID.pattern,
        description="An opaque id (UUIDv7).",
        examples=["01890a5d-ac96-774b-bcce-b302099a8057"],
    ),
]


class Body(BaseModel):
    """A request's body: unknown fields are refused, and nothing is guessed: `"7"` and `true` are no 7."""

    model_config = ConfigDict(extra="forbid")
    _kinds: ClassVar[Mapping[str, type]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Note how JSON writes each field."""
        cls._kinds = {name: kind for name, field in cls.model_fields.items() if (kind := json_kind(field.annotation))}

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_guessed(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        wrong = {name: NO_VALUE for name, kind in cls._kinds.items() if name in given and miswritten(given[name], kind)}
        return given | wrong


class Out(BaseModel):
    """An answer. Answers are written as plain data; a test holds each against its model."""

    model_config = ConfigDict(extra="forbid")


Version = Annotated[
    int,
    Field(ge=1, le=2**31 - 1, description="Counts changes; name it in If-Match when you change the record."),
]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]
"""A word of ours that programs read: an action, a situation, a stage, a kind, a code."""
Said = Annotated[str, Field(max_length=1000)]
"""What people read."""
Pointer = Annotated[str, Field(max_length=200, description="JSON pointer to what it is about.", examples=["/comment"])]
NextCursor = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    Field(description="`cursor` of the next page; null on the last one.", examples=["MDE4OTBhNWQtYWM5Ni03NzRi"]),
]
PAGE = Field(max_length=200, description="As many as `limit` says, or fewer.")


class BlockedOut(Out):
    """An action that is yours but blocked, and how to unblock it."""

    action: Annotated[Word, Field(examples=["accept"])]
    code: Annotated[Word, Field(examples=["live-placement-exists"])]
    message: Annotated[Said, Field(examples=["该毕业生已有有效的毕业去向。"])]
    how: Annotated[Said, Field(examples=["请先解除当前的毕业去向。"])]
    who: Annotated[Word, Field(description="Who can unblock it.", examples=["graduate"])]
    pointer: Pointer | None = None


class BodyRefOut(Out):
    """A body by name."""

    id: RecordId
    name: BodyName


class WaitingForOut(Out):
    """Whose turn it is, since when, and when an answer is due."""

    stage: Annotated[Word, Field(examples=["department"])]
    body: BodyRefOut
    since: datetime
    due_on: date


class ProcedureOut(Out):
    """What every record says of itself."""

    id: RecordId
    version: Version
    created_at: datetime
    updated_at: datetime
    actions: Annotated[
        list[Word], Field(max_length=20, description="What you may do now.", examples=[["approve", "reject"]])
    ]
    blocked: Annotated[list[BlockedOut], Field(max_length=20, description="What would be yours to do, but is blocked.")]


class CreatedRef(Out):
    """A record that the move opened."""

    type: Annotated[Word, Field(examples=["agreement"])]
    id: RecordId


Created = Annotated[list[CreatedRef], Field(max_length=20, description="Records that came to be with it.")]


class ChangeOut(Out):
    """What the move did."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    action: Annotated[Word, Field(examples=["approve"])]
    source: Annotated[Word | None, Field(alias="from", description="Null: it was opened.", examples=["submitted"])]
    to: Annotated[Word, Field(examples=["approved"])]
    version: Version


class StepByOut(Out):
    """Who took a step."""

    kind: Annotated[
        ActorKind | Literal["public", "system"],
        Field(
            description="`public`: somebody who had not signed in; `system`: the service itself.", examples=["school"]
        ),
    ]
    body_name: BodyName | None
    person: Annotated[PersonName | None, Field(description="Null for graduates, who see the body alone.")]
    client: Annotated[ClientName | None, Field(description="The service client for which that person answers.")]


class StepOut(Out):
    """One step of a timeline."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    version: Version
    action: Annotated[Word, Field(examples=["reject"])]
    source: Annotated[Word | None, Field(alias="from", description="Null: it was opened.", examples=["submitted"])]
    to: Annotated[Word, Field(examples=["rejected"])]
    stage: Annotated[Word | None, Field(description="Whose turn it is from now on.", examples=["school"])]
    at: datetime
    by: StepByOut
    reason: Annotated[Said | None, Field(description="A code of a reason, or words.", examples=["proof_unreadable"])]
    comment: Comment | None
    diff: Annotated[
        dict[str, Any] | None,
        Field(description="What an edit changed: before and after.", examples=[{"salary_monthly": [8000, 9000]}]),
    ]


class TimelineOut(Out):
    """What happened, oldest first."""

    items: Annotated[list[StepOut], Field(max_length=10_000)]
    next_cursor: NextCursor
