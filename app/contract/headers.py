"""The headers of answers, and the one that asks for a 304."""

from collections.abc import Mapping
from typing import Any, Final

HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "ETag": {
        "description": "Names what was sent: give it back in If-None-Match to read again, in If-Match to move.",
        "required": True,
        "schema": {"type": "string", "maxLength": 40, "pattern": r'^"([0-9]+-)?[0-9a-f]+"$', "examples": ['"7-3c1f"']},
    },
    "Location": {
        "description": "Where to find what was made, or the task that makes it.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference", "maxLength": 200, "examples": ["/v1/tasks/01890a5d"]},
    },
    "Link": {
        "description": 'The next page, if there is one: `<...>; rel="next"`.',
        "schema": {"type": "string", "maxLength": 2000, "examples": ['</v1/agreements?cursor=MDE4>; rel="next"']},
    },
    "Idempotent-Replayed": {
        "description": "The key was used before: this is the answer that it got then.",
        "schema": {"type": "string", "const": "true"},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 86400, "examples": [1]},
    },
    "RateLimit": {
        "description": (
            "What is left of each limit that this request was counted against: `r` tries for `t` seconds"
            " (draft-ietf-httpapi-ratelimit-headers-10)."
        ),
        "schema": {"type": "string", "maxLength": 1000, "examples": ['"logins-900";r=9;t=874']},
    },
    "RateLimit-Policy": {
        "description": "Those limits: `q` tries in `w` seconds.",
        "schema": {"type": "string", "maxLength": 1000, "examples": ['"logins-900";q=10;w=900']},
    },
    "WWW-Authenticate": {
        "description": "How to sign in: with an access token, or as a service client.",
        "required": True,
        "schema": {"type": "string", "enum": ["Bearer", "Basic"]},
    },
}
IF_NONE_MATCH: Final[Mapping[str, Any]] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of what you have: 304 if it is still the same.",
    "schema": {"type": "string", "examples": ['"7-3c1f"']},  # of any length: what is no ETag of ours names nothing
}


def reference(name: str) -> dict[str, str]:
    """The header as an answer has it."""
    return {"$ref": f"#/components/headers/{name}"}
