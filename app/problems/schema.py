"""Problems in the contract: the `responses=` of an operation, and what they look like."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from app import texts
from app.problems.wire import MEDIA_TYPE, status_of

_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
_HEADERS: Final[Mapping[int, str]] = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
PHRASES: Final[Mapping[int, str]] = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Precondition failed",
    413: "Content too large",
    415: "Unsupported media type",
    422: "Unprocessable content",
    428: "Precondition required",
    429: "Too many requests",
    500: "Internal server error",
    503: "Service unavailable",
}
"""As RFC 9110 and RFC 6585 have them; Python's own change with its versions."""
_UNMET: Final = {
    "code": "not-your-turn",
    "message": "当前不由本机构审核。",
    "how": "等待轮到的机构审核。",
    "who": "school",
    "pointer": None,
}
_MORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "invalid": {"errors": [{"pointer": "/body/terms/position", "code": "required", "message": "必填。"}]},
    "rule-not-met": {"unmet": [_UNMET], "actions": [], "blocked": [{"action": "approve", **_UNMET}]},
    "transition-refused": {"actions": ["withdraw"], "blocked": []},
}


@cache
def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation that may refuse with these codes."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for status, code in sorted((status_of(code), code) for code in codes):
        entry = by_status.setdefault(
            status,
            {
                "description": PHRASES[status],
                "headers": {},
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        if name := _HEADERS.get(status):
            entry["headers"][name] = {"$ref": f"#/components/headers/{name}"}
        entry["content"][MEDIA_TYPE]["examples"][code] = {"$ref": f"#/components/examples/{code}"}
    return by_status


def example(code: str) -> dict[str, Any]:
    """What a problem of this code looks like, as the contract shows it."""
    return {
        "type": f"/problems/{code}",
        "title": texts.title(code, "zh-CN"),
        "status": status_of(code),
        "detail": texts.detail(code, "zh-CN"),
        "instance": f"/v1/agreements/{_ID}",
        "code": code,
        "request_id": _ID,
        **_MORE.get(code, {}),
    }
