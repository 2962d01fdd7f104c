"""What exists in the sandbox alone, on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, model_validator

from app.schemas.base import Body, Out, RecordId, Said, Word
from app.words import Phone
from app.words.refusal import refuse

TWENTY_YEARS = 20 * 366 * 24 * 3600


class ClockMove(Body):
    """Where to move the clock: by seconds from real time, or to a moment. Exactly one of the two."""

    offset_seconds: Annotated[int | None, Field(ge=-TWENTY_YEARS, le=TWENTY_YEARS, examples=[86400])] = None
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
    offset_seconds: Annotated[float, Field(ge=-TWENTY_YEARS, le=TWENTY_YEARS, examples=[86400])]
    today: Annotated[date, Field(description="In Asia/Shanghai.")]


class MessageSearch(Body):
    """Whose messages."""

    phone: Phone


class SandboxMessageOut(Out):
    """A text message that would have been sent."""

    id: RecordId
    kind: Annotated[Word, Field(examples=["one-time-code"])]
    text: Annotated[Said, Field(examples=["您的验证码是 493021，5 分钟内有效。"])]
    code: Annotated[str | None, Field(max_length=10, description="The one-time code in it.", examples=["493021"])]
    params: Annotated[dict[str, Any], Field(description="What the template was filled with.", examples=[{"m": 5}])]
    delivered_at: datetime


class SandboxMessageList(Out):
    """The newest first."""

    items: Annotated[list[SandboxMessageOut], Field(max_length=200)]


class CaptchaAnswerOut(Out):
    """What the picture says."""

    id: RecordId
    answer: Annotated[str, Field(max_length=10, examples=["K7MTW"])]
