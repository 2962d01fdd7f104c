"""Problems in the contract: their schema, and the `responses=` of an operation."""

from functools import cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from app import texts
from app.errors import Broken, Refusal
from app.problems.wire import MEDIA_TYPE, STATUSES
from app.schemas.base import BlockedOut

_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
_HEADERS: Final[dict[int, dict[str, Any]]] = {
    401: {"WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string", "const": "Bearer"}}},
    **{
        status: {
            "Retry-After": {
                "description": "Seconds to wait.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 86400},
            },
        }
        for status in (429, 503)
    },
}


class ProblemError(BaseModel):
    """What is wrong with one part of the request."""

    pointer: Annotated[
        str,
        Field(
            description="JSON pointer into the request: `/body/…`, `/query/…`, `/path/…`, `/header/…`.",
            examples=["/body/terms/position"],
        ),
    ]
    code: Annotated[str, Field(examples=["required"])]
    message: Annotated[str, Field(examples=["必填。"])]


class Unmet(BaseModel):
    """A rule that is unmet, and the way out."""

    code: Annotated[str, Field(examples=["identity-unverified"])]
    message: Annotated[str, Field(examples=["办理手续前须先完成身份认证。"])]
    how: Annotated[str, Field(examples=["请先完成身份认证。"])]
    who: Annotated[str, Field(description="Who can mend it.", examples=["you"])]
    pointer: str | None


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), and what may be done instead."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(description="A page about the code.", examples=["/problems/transition-refused"])]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: Annotated[str, Field(description="The path asked for, without its query.")]
    code: Annotated[str, Field(description="Stable, for programs.", examples=["transition-refused"])]
    request_id: Annotated[str, Field(description="Name it when you ask about this answer.")]
    errors: list[ProblemError] = []
    unmet: Annotated[list[Unmet], Field(description="With 403 and `rule-not-met`: what is missing.")] = []
    actions: Annotated[list[str], Field(description="With a refused move: what you may do now.")] = []
    blocked: list[BlockedOut] = []


@cache
def problems(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation that may refuse in these ways; a fault of ours is always possible."""
    by_status: dict[int | str, dict[str, Any]] = {}
    possible: set[type[Refusal]] = {Broken, *kinds}
    for kind in sorted(possible, key=_order):
        status, code = STATUSES[kind], kind.default
        entry = by_status.setdefault(
            status,
            {
                "description": texts.title(code, "en"),
                "model": Problem,
                "content": {MEDIA_TYPE: {"examples": {}}},
                **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
            },
        )
        entry["content"][MEDIA_TYPE]["examples"][code] = {"$ref": f"#/components/examples/{code}"}
    return by_status


def _order(kind: type[Refusal]) -> tuple[int, str]:
    return STATUSES[kind], kind.default


def example(kind: type[Refusal]) -> dict[str, Any]:
    """What a refusal of this class looks like, as the contract shows it."""
    code = kind.default
    return {
        "type": f"/problems/{code}",
        "title": texts.title(code, "zh-CN"),
        "status": STATUSES[kind],
        "detail": texts.detail(code, "zh-CN"),
        "instance": f"/v1/agreements/{_ID}",
        "code": code,
        "request_id": _ID,
    }
