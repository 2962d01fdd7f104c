"""What every body and every answer shares."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.schemas.exactness import NO_VALUE, json_kind, miswritten
from app.words import BodyName

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


class BlockedOut(Out):
    """An action that is yours but blocked, and how to unblock it."""

    action: Annotated[str, Field(examples=["accept"])]
    code: Annotated[str, Field(examples=["live-placement-exists"])]
    message: Annotated[str, Field(examples=["该毕业生已有有效的毕业去向。"])]
    how: Annotated[str, Field(examples=["请先解除当前的毕业去向。"])]
    who: Annotated[str, Field(description="Who can unblock it.", examples=["graduate"])]
    pointer: str | None = None


class BodyRefOut(Out):
    """A body by name."""

    id: RecordId
    name: BodyName


class WaitingForOut(Out):
    """Whose turn it is, since when, and when an answer is due."""

    stage: Annotated[str, Field(examples=["department"])]
    body: BodyRefOut
    since: datetime
    due_on: Annotated[str, Field(examples=["2027-06-04"])]


class ProcedureOut(Out):
    """What every record says of itself."""

    id: RecordId
    version: Annotated[int, Field(ge=1, description="Counts changes; name it in If-Match when you move the record.")]
    created_at: datetime
    updated_at: datetime
    actions: Annotated[list[str], Field(description="What you may do now.", examples=[["approve", "reject"]])]
    blocked: Annotated[list[BlockedOut], Field(description="What would be yours to do, but is blocked.")]


class CreatedRef(Out):
    """A record that the move opened."""

    type: Annotated[str, Field(examples=["agreement"])]
    id: RecordId


class ChangeOut(Out):
    """What the move did."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    action: str
    source: Annotated[str | None, Field(alias="from")]
    to: str
    version: int


class StepOut(Out):
    """One step of a timeline."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    version: int
    action: str
    source: Annotated[str | None, Field(alias="from")]
    to: str
    stage: str | None
    at: datetime
    by: Annotated[dict[str, Any], Field(description="Kind of actor, body, and the person where you may know it.")]
    reason: str | None
    comment: str | None
    diff: dict[str, Any] | None


class TimelineOut(Out):
    """What happened, oldest first."""

    items: list[StepOut]
    next_cursor: str | None
