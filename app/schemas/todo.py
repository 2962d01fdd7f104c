"""What to do next, on the wire."""

from typing import Annotated, Any

from pydantic import Field

from app.schemas.base import BlockedOut, Out, RecordId, Said, Word


class TodoOut(Out):
    """One thing that waits for you."""

    code: Annotated[Word, Field(examples=["answer-the-invitation"])]
    title: Annotated[Said, Field(examples=["答复应约邀请"])]
    due: Annotated[str | None, Field(max_length=35, description="A day, or a moment.", examples=["2027-06-04"])]
    link: Annotated[
        str | None, Field(max_length=200, examples=["/v1/invitations/01890a5d-ac96-774b-bcce-b302099a8057"])
    ]
    details: Annotated[dict[str, Any], Field(description="Facts for the sentence.", examples=[{"count": 3}])]


class TodoList(Out):
    """What waits for you, the soonest deadline first."""

    items: Annotated[list[TodoOut], Field(max_length=200)]


class OptionOut(Out):
    """A procedure that you may open, or that is yours to open but blocked."""

    procedure: Annotated[Word, Field(examples=["termination"])]
    action: Annotated[Word, Field(examples=["ask"])]
    kind: Annotated[Word | None, Field(description="Which kind, where a procedure has several.", examples=["flexible"])]
    about: Annotated[RecordId | None, Field(description="The record it would be about.")]
    blocked: BlockedOut | None


class OptionList(Out):
    """What you may open."""

    items: Annotated[list[OptionOut], Field(max_length=200)]
