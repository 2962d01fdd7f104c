"""Refusals on the wire (RFC 9457)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.base import BlockedOut, Pointer, Said, Word


class ProblemError(BaseModel):
    """What is wrong with one part of the request."""

    pointer: Annotated[
        str,
        Field(
            max_length=300,
            description="JSON pointer into the request: `/body/…`, `/query/…`, `/path/…`, `/header/…`.",
            examples=["/body/terms/position"],
        ),
    ]
    code: Annotated[Word, Field(examples=["required"])]
    message: Annotated[Said, Field(examples=["必填。"])]


class Unmet(BaseModel):
    """A rule that is unmet, and the way out."""

    code: Annotated[Word, Field(examples=["identity-unverified"])]
    message: Annotated[Said, Field(examples=["办理手续前须先完成身份认证。"])]
    how: Annotated[Said, Field(examples=["请先完成身份认证。"])]
    who: Annotated[Word, Field(description="Who can mend it.", examples=["you"])]
    pointer: Pointer | None


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), and what may be done instead."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[
        str,
        Field(
            pattern=r"^/problems/[a-z0-9-]{1,60}$",
            description="A page about the code.",
            examples=["/problems/transition-refused"],
        ),
    ]
    title: Annotated[Said, Field(examples=["当前状态不能执行此操作"])]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[Said, Field(examples=["当前为“approved”，不能“approve”。"])]
    instance: Annotated[
        str,
        Field(
            max_length=65536,
            description="The path asked for, without its query.",
            examples=["/v1/agreements/01890a5d-ac96-774b-bcce-b302099a8057/transitions"],
        ),
    ]
    code: Annotated[Word, Field(description="Stable, for programs.", examples=["transition-refused"])]
    request_id: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9._-]{8,64}$",
            description="Name it when you ask about this answer.",
            examples=["01890a5d-ac96-774b-bcce-b302099a8057"],
        ),
    ]
    errors: Annotated[list[ProblemError], Field(max_length=100, description="With `invalid`: each fault.")] = []
    unmet: Annotated[
        list[Unmet], Field(max_length=20, description="With 403 and `rule-not-met`: what is missing.")
    ] = []
    actions: Annotated[
        list[Word], Field(max_length=20, description="With a refused move: what you may do now.", examples=[["end"]])
    ] = []
    blocked: Annotated[
        list[BlockedOut], Field(max_length=20, description="With a refused move: what is yours, but blocked.")
    ] = []
