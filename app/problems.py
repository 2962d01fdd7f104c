"""Refusals on the wire: RFC 9457 `application/problem+json`, in the caller's language, with a stable code.

One table gives each class of refusal its status. A value that was sent is never repeated in an answer.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from app import texts
from app.boundary import Boundary
from app.db import AlreadyExists
from app.errors import (
    Broken,
    Busy,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    RegistrationRefused,
    RuleNotMet,
    Stale,
    TooLarge,
    TooMany,
    TransitionRefused,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    VersionRequired,
)

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[Refusal], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TransitionRefused: 409,
    RuleNotMet: 409,
    RegistrationRefused: 409,
    Stale: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Invalid: 422,
    VersionRequired: 428,
    TooMany: 429,
    Unavailable: 503,
    Busy: 503,
    Broken: 500,
}

CONFLICTS: Mapping[str, str] = {
    "uq_placements_one_live_per_graduate": "live-placement-exists",
    "uq_invitations_one_pending_per_pair": "invitation-pending",
    "uq_terminations_one_open_per_placement": "termination-open",
    "uq_employers_one_per_credit_code": "employer-exists",
    "uq_bodies_kind_code": "employer-exists",
    "uq_accounts_username": "username-taken",
    "uq_phones_person_id": "phone-taken",
    "pk_phones": "phone-taken",
}
"""What a unique rule of the database means."""

_BY_STATUS = {404: "path-unknown", 405: "method-not-allowed", 406: "not-acceptable", 415: "unsupported-media-type"}


class Unmet(BaseModel):
    """A rule that is unmet, and the way out."""

    code: str
    message: str
    how: str
    who: str
    pointer: str | None


class ProblemError(BaseModel):
    """What is wrong with one part of the request."""

    pointer: Annotated[str, Field(description="JSON pointer into the request.", examples=["/body/terms/position"])]
    code: Annotated[str, Field(examples=["required"])]
    message: Annotated[str, Field(examples=["必填。"])]


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), and what may be done instead."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(examples=["/problems/transition-refused"])]
    title: str
    status: int
    detail: str
    instance: str
    code: Annotated[str, Field(description="Stable, for programs.", examples=["transition-refused"])]
    request_id: str
    errors: list[ProblemError] = []
    unmet: list[Unmet] | None = None
    actions: list[str] | None = None
    blocked: list[dict[str, Any]] | None = None


def problem_of(request: Request, error: Exception) -> dict[str, Any]:
    """A refusal as a problem."""
    refusal = _refusal_of(error)
    spoken = texts.language(request.headers.get("accept-language"))
    problem: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": texts.title(refusal.code, spoken),
        "status": next(status for kind, status in STATUSES.items() if type(refusal) is kind),
        "detail": texts.detail(refusal.code, spoken, refusal.params),
        "instance": request.url.path,
        "code": refusal.code,
        "request_id": request.scope.get("request_id", ""),
        "errors": [
            {"pointer": one.pointer, "code": one.code, "message": texts.detail(one.code, spoken, one.params)}
            for one in refusal.errors
        ],
    }
    match refusal:
        case RuleNotMet():
            problem["unmet"] = [texts.told(reason, spoken) for reason in refusal.unmet]
        case Forbidden(reason=reason) if reason:
            problem["unmet"] = [texts.told(reason, spoken)]
    if isinstance(refusal, RuleNotMet | TransitionRefused):
        problem["actions"] = refusal.actions
        problem["blocked"] = [texts.blocked(action, reason, spoken) for action, reason in refusal.blocked]
    return problem


def _refusal_of(error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case AlreadyExists():
            return Conflict(CONFLICTS.get(error.rule, "conflict"))
        case RequestValidationError():
            return _invalid(error.errors())
        case _:
            raise error


def answer(request: Request, error: Exception) -> Response:
    """A refusal as a response."""
    problem = problem_of(request, error)
    headers = {"Cache-Control": "no-store", "Content-Language": texts.language(request.headers.get("accept-language"))}
    if isinstance(error, Refusal) and error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if problem["status"] == STATUSES[Unauthenticated]:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(problem), problem["status"], headers, MEDIA_TYPE)


# -- requests that FastAPI refuses ------------------------------------------------------------------------------------

_CODES: Mapping[str, str] = {
    "missing": "required",
    "extra_forbidden": "unknown-field",
    "string_too_short": "too-short",
    "too_short": "too-short",
    "string_too_long": "too-long",
    "too_long": "too-long",
    "string_pattern_mismatch": "wrong-form",
    "enum": "not-in-list",
    "literal_error": "not-in-list",
    "union_tag_invalid": "not-in-list",
    "union_tag_not_found": "required",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-large-number",
    "int_parsing": "wrong-type",
}
"""Pydantic's error types in our words; our own checks already speak them, with dashes."""


def field_code(kind: str) -> str:
    """Our code for an error type of pydantic."""
    if "-" in kind:
        return kind
    return _CODES.get(kind, "wrong-type" if kind.endswith(("_type", "_parsing")) else "wrong-value")


def _invalid(errors: Sequence[Any]) -> Refusal:
    if any(error["type"] == "json_invalid" for error in errors):
        return Malformed("malformed-json")
    return Invalid(errors=[_field_error(error) for error in errors])


def _field_error(error: Mapping[str, Any]) -> FieldError:
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error["loc"])
    params = {name: value for name, value in error.get("ctx", {}).items() if isinstance(value, int)}
    return FieldError(pointer, field_code(error["type"]), params)


async def _by_framework(request: Request, error: Exception) -> Response:
    """404 of an unknown path, 405, and whatever else the framework refuses."""
    assert isinstance(error, HTTPException)
    spoken = texts.language(request.headers.get("accept-language"))
    code = _BY_STATUS.get(error.status_code, "malformed")
    problem = {
        "type": f"/problems/{code}",
        "title": texts.title(code, spoken),
        "status": error.status_code,
        "detail": texts.detail(code, spoken),
        "instance": request.url.path,
        "code": code,
        "request_id": request.scope.get("request_id", ""),
        "errors": [],
    }
    headers = {**(error.headers or {}), "Cache-Control": "no-store", "Content-Language": spoken}
    return Response(orjson.dumps(problem), error.status_code, headers, MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> Response:
    return answer(request, error)


def install(app: FastAPI, *, body_limit: int) -> None:
    """Every refusal as a problem; every request inside the boundary."""
    handler: Callable[[Request, Exception], Awaitable[Response]] = _refused
    for kind in (Refusal, AlreadyExists, RequestValidationError):
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(HTTPException, _by_framework)
    app.add_middleware(Boundary, body_limit=body_limit, refuse=answer)


# -- the contract -----------------------------------------------------------------------------------------------------


@cache
def problems(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may refuse in these ways."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for kind in sorted(kinds, key=lambda one: STATUSES[one]):
        status, code = STATUSES[kind], kind.default
        entry = by_status.setdefault(
            status,
            {"description": texts.title(code, "en"), "model": Problem, "content": {MEDIA_TYPE: {"examples": {}}}},
        )
        entry["content"][MEDIA_TYPE]["examples"][code] = {"value": _example(status, code)}
    return by_status


def _example(status: int, code: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}",
        "title": texts.title(code, "zh-CN"),
        "status": status,
        "detail": texts.detail(code, "zh-CN"),
        "instance": "/v1/agreements/01890a5d-ac96-774b-bcce-b302099a8057/transitions",
        "code": code,
        "request_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "errors": [],
    }
