"""The contract: OpenAPI 3.1 as FastAPI makes it, put right for the tools of frontend teams.

`type: [T, "null"]` instead of `anyOf` with null, problems as `application/problem+json` alone, operationIds that are
verb and noun, every 4xx and 5xx listed.
"""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.problems import MEDIA_TYPE

TAGS = {
    "auth": "Captchas, one-time codes, registration, login.",
    "me": "The caller: who I am, what to do next, what I may open, my messages.",
    "invitations": "邀请函: an employer invites, a graduate answers.",
    "agreements": "网签协议: drawn up on acceptance, reviewed in turn.",
    "terminations": "解约: one side asks, the other answers.",
    "reviews": "The review queue of a body: claims, decisions, decisions in bulk.",
    "employers": "用人单位: registration and its review.",
    "rosters": "生源信息: import, corrections.",
    "bodies": "Schools, departments, bureaus, offices; their settings and staff.",
    "reference": "Codes, policies, the calendar, the workflows.",
    "files": "Uploaded files.",
    "tasks": "Long work and its progress.",
    "sandbox": "Only in the sandbox: the clock, delivered messages, captcha answers.",
    "health": "For operators.",
}
DESCRIPTION = """
Where the graduates of a province go: agreements, reviews, terminations, over HTTP.

- Sign in at `POST /v1/auth/tokens`; send the access token as `Authorization: Bearer …`.
- Every record says what you may do now (`actions`) and what is yours but blocked, and why (`blocked`).
- A move is `POST …/transitions` with `If-Match: "<version>"`; repeat it safely with an `Idempotency-Key`.
- Every refusal is a problem (RFC 9457) with a stable `code`, in Chinese or English by `Accept-Language`.
"""


def operation_id(route: APIRoute) -> str:
    """`move_agreement` → `moveAgreement`: verb and noun, for ever."""
    first, *rest = route.name.split("_")
    return first + "".join(part.title() for part in rest)


def contract(app: FastAPI) -> dict[str, Any]:
    """The contract of an application."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="毕业去向登记与就业手续",
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": "/", "description": "This server."}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        contact={"name": "The maintainers", "url": "https://example.org/graduate-employment"},
    )
    for part in _parts(document):
        _nullable(part)
    for operation in _operations(document):
        for status, response in operation["responses"].items():
            if status[0] in "45":
                _as_problem(response)
    schemas = document["components"]["schemas"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    return document


def contract_text(app: FastAPI) -> str:
    """The contract as the committed file has it."""
    return json.dumps(contract(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def install(app: FastAPI) -> None:
    """Serve the contract at /openapi.json, made once."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = contract(app)
        return app.openapi_schema

    app.openapi = made  # type: ignore[method-assign]


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside, the innermost first."""
    if isinstance(value, dict):
        for one in list(value.values()):
            yield from _parts(one)
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)


def _nullable(part: dict[str, Any]) -> None:
    """`anyOf: [T, null]` as `type: [T, "null"]` where T has a type of its own."""
    choices = part.get("anyOf")
    if not isinstance(choices, list) or {"type": "null"} not in choices:
        return
    rest = [one for one in choices if one != {"type": "null"}]
    if len(rest) == 1 and isinstance(rest[0].get("type"), str):
        del part["anyOf"]
        own = dict(part)
        part.update(rest[0])
        part.update(own)
        part["type"] = [rest[0]["type"], "null"]
        if "enum" in part:
            part["enum"] = [*part["enum"], None]


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for name, operation in path.items() if name in ("get", "put", "post", "patch", "delete"))


def _as_problem(response: dict[str, Any]) -> None:
    """A refusal's content is a problem and nothing else."""
    content = response.get("content", {})
    schema = content.pop("application/json", {}).get("schema")
    problem = content.setdefault(MEDIA_TYPE, {})
    problem["schema"] = schema or {"$ref": "#/components/schemas/Problem"}
    response["content"] = content
