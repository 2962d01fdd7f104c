"""What exists in the sandbox alone, on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, model_validator

from app.schemas.base import Body, Out, RecordId
from app.words import Phone
from app.words.refusal import refuse

CENTURY = 100 * 366 * 24 * 3600


class ClockMove(Body):
    """Where to move the clock: by seconds from real time, or to a moment. Exactly one of the two."""

    offset_seconds: Annotated[int | None, Field(ge=-CENTURY, le=CENTURY, examples=[86400])] = None
    now: Annotated[
        AwareDatetime | None,
        Field(ge=datetime.fromisoformat("2000-01-01T00:00Z"), lt=datetime.fromisoformat("2100-01-01T00:00Z")),
    ] = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.offset_seconds is None) == (self.now is None):
            refuse("one-of-two", "Give one of offset_seconds and now.")
        return self


class ClockOut(Out):
    """The clock that rules go by, and the real one."""

    now: datetime
    real: datetime
    offset_seconds: float
    today: Annotated[str, Field(description="The date in Asia/Shanghai.", examples=["2027-06-01"])]


class MessageSearch(Body):
    """Whose messages."""

    phone: Phone


class SandboxMessageOut(Out):
    """A text message that would have been sent."""

    id: RecordId
    kind: Annotated[str, Field(examples=["one-time-code"])]
    text: str
    code: Annotated[str | None, Field(description="The one-time code in it.", examples=["493021"])]
    params: dict[str, Any]
    delivered_at: datetime


class SandboxMessageList(Out):
    """The newest first."""

    items: list[SandboxMessageOut]


class CaptchaAnswerOut(Out):
    """What the picture says."""

    id: RecordId
    answer: Annotated[str, Field(examples=["K7MTW"])]
