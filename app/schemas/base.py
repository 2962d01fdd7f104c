"""What every body and every answer shares."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

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


_JSON_KINDS: Mapping[type, tuple[type, ...]] = {
    bool: (bool,),
    int: (int, float),
    str: (str,),
    date: (str,),
    datetime: (str,),
}
"""How JSON writes a value of each type; whether 3.5 is an int, pydantic says."""


class Body(BaseModel):
    """A request's body: unknown fields are refused, and nothing is guessed: `"7"` and `true` are no 7."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _is_as_json_has_it(cls, value: object, info: ValidationInfo) -> object:
        assert info.field_name
        kind = _plain(cls.model_fields[info.field_name].annotation)
        if value is not None and type(value) not in _JSON_KINDS.get(kind, (type(value),)):
            raise PydanticCustomError(f"{kind.__name__}_type", "The type is wrong.")
        return value


@cache
def _plain(annotation: Any) -> Any:
    """The type behind `Annotated[T, …]`, `T | None` and both."""
    while rest := [one for one in get_args(annotation) if one is not NoneType]:
        if get_origin(annotation) not in (Annotated, Union, UnionType):
            break
        annotation = rest[0]
    return annotation


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
