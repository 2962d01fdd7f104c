"""A refusal as an answer: one table gives each class its status."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson
from fastapi import Request, Response
from starlette.exceptions import HTTPException

from app import budgets, texts
from app.errors import (
    Broken,
    Busy,
    Conflict,
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
    UnknownClient,
    UnsupportedMedia,
    VersionRequired,
)
from app.problems.translation import MethodNotAllowed, refusal_of

MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final[Mapping[type[Refusal], int]] = {
    Malformed: 400,
    Unauthenticated: 401,
    UnknownClient: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
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
    Broken: 500,
    Unavailable: 503,
    Busy: 503,
}


_STATUS_BY_NAME: Final = {kind.__name__: status for kind, status in STATUSES.items()}


def status_of(code: str) -> int:
    """The status of a problem by its code. A code that no problem has is a KeyError."""
    return _STATUS_BY_NAME[texts.catalog()[code].refusal or ""]


def problem_of(request: Request, error: Exception) -> dict[str, Any]:
    """An error as a problem, in the language of the request."""
    refusal = refusal_of(request, error)
    spoken = texts.language(request.headers.get("accept-language"))
    problem: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": texts.title(refusal.code, spoken),
        "status": STATUSES[type(refusal)],
        "detail": texts.detail(refusal.code, spoken, refusal.params),
        "instance": quote(request.scope["path"], errors="replace"),
        "code": refusal.code,
        "request_id": request.scope.get("request_id", ""),
        **refusal.extra,
    }
    if refusal.errors:
        problem["errors"] = [
            {"pointer": one.pointer, "code": one.code, "message": texts.detail(one.code, spoken, one.params)}
            for one in refusal.errors
        ]
    match refusal:
        case RuleNotMet():
            problem["unmet"] = [texts.told(reason, spoken) for reason in refusal.unmet]
        case Forbidden(reason=reason) if reason:
            problem["unmet"] = [texts.told(reason, spoken)]
    if isinstance(refusal, RuleNotMet | TransitionRefused):
        problem["actions"] = refusal.actions
        problem["blocked"] = [texts.blocked(action, reason, spoken) for action, reason in refusal.blocked]
    return problem


def answer(request: Request, error: Exception) -> Response:
    """An error as a response."""
    problem = problem_of(request, error)
    headers = {"Cache-Control": "no-store", "Content-Language": texts.language(request.headers.get("accept-language"))}
    match problem["status"]:
        case 401:
            headers["WWW-Authenticate"] = "Basic" if isinstance(error, UnknownClient) else "Bearer"
        case 405 if isinstance(error, HTTPException) and error.headers:
            headers["Allow"] = error.headers["Allow"]
        case 413 if request.scope["http_version"].startswith("1"):
            headers["Connection"] = "close"  # or the rest of the body would still be read
        case 429 | 503:
            headers["Retry-After"] = str(getattr(error, "retry_after", None) or 1)
            headers |= budgets.headers(getattr(error, "budgets", ()))
    return Response(orjson.dumps(problem), problem["status"], headers, MEDIA_TYPE)
