"""What to do next, on the wire."""

from typing import Annotated, Any

from pydantic import Field

from app.schemas.base import BlockedOut, Out, RecordId


class TodoOut(Out):
    """One thing that waits for you."""

    code: Annotated[str, Field(examples=["answer-the-invitation"])]
    title: Annotated[str, Field(examples=["答复应约邀请"])]
    due: Annotated[str | None, Field(description="A day, or a moment.", examples=["2027-06-04"])]
    link: Annotated[str | None, Field(examples=["/v1/invitations/01890a5d-ac96-774b-bcce-b302099a8057"])]
    details: dict[str, Any]


class TodoList(Out):
    """What waits for you, the soonest deadline first."""

    items: list[TodoOut]


class OptionOut(Out):
    """A procedure that you may open, or that is yours to open but blocked."""

    procedure: Annotated[str, Field(examples=["termination"])]
    action: Annotated[str, Field(examples=["ask"])]
    about: Annotated[RecordId | None, Field(description="The record it would be about.")]
    blocked: BlockedOut | None


class OptionList(Out):
    """What you may open."""

    items: list[OptionOut]
