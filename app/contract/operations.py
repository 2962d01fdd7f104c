"""What an operation's shape says of it: its summary, the headers of its success, and how it may refuse."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.contract.headers import reference
from app.contract.samples import samples
from app.contract.shapes import without_null
from app.problems import MEDIA_TYPE, problems
from app.words import ActorKind

_JSON: Final = "application/json"
_ALL: Final = tuple(ActorKind)
_DECLARED: Final = "2XX"
_READS: Final = "get"
_KEY: Final = "Idempotency-Key"
_VERSION: Final = "If-Match"
_LIMIT: Final = "RateLimit"


def complete(method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say of an operation, in place, what FastAPI leaves out, and take out what it says wrongly."""
    operation["summary"] = " ".join(_words(operation["operationId"])).capitalize()
    operation.setdefault("security", [])  # empty: anybody may call it
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = without_null(parameter["schema"])
    named = [*operation["responses"].get(_DECLARED, {}).get("headers", ())]
    _succeed(method, operation, schemas)
    _refuse(method, operation)
    limits = {name: reference(name) for name in named if name.startswith(_LIMIT)}
    held = operation["responses"]["429"]
    operation["responses"]["429"] = {**held, "headers": {**held["headers"], **limits}}
    if content := operation.get("requestBody", {}).get("content", {}).get(_JSON):
        content.update(samples(content["schema"], schemas))


def codes_of(operation: Mapping[str, Any]) -> Iterator[str]:
    """The codes of the problems that an operation may answer with."""
    for response in operation["responses"].values():
        yield from response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", ())


def _words(operation_id: str) -> Iterator[str]:
    word = ""
    for letter in operation_id:
        if letter.isupper():
            yield word
            word = ""
        word += letter.lower()
    yield word


def _succeed(method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Successes are described as their schemas are, with an example and their headers; a read may also be a 304."""
    responses = operation["responses"]
    named = [*responses.pop(_DECLARED, {}).get("headers", ())]
    asked = _parameters(operation)
    sent = [*named, *(["Link"] if "cursor" in asked else [])]
    if _KEY in asked and "207" not in responses:  # in bulk, each item is repeated by itself
        sent.append("Idempotent-Replayed")
    for status, response in responses.items():
        if status[0] == "2" and response.get("content"):
            response["headers"] = {name: reference(name) for name in sent}
        if content := response.get("content", {}).get(_JSON) if status[0] == "2" else None:
            response["description"] = _told(content["schema"], schemas) or response["description"]
            content.update(samples(content["schema"], schemas, told=True))
    limits = {name: reference(name) for name in named if name.startswith(_LIMIT)}
    for status, response in responses.items():
        if limits and status[0] == "2" and "headers" not in response:
            response["headers"] = limits
    if responses.get("204", {}).get("description"):
        responses["204"]["description"] = "Done; there is nothing to tell."
    if method == _READS and "ETag" in named and "200" in responses:
        responses["304"] = {"description": "Still what you have.", "headers": {"ETag": reference("ETag")}}
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/If-None-Match"})


def _told(schema: dict[str, Any], schemas: dict[str, Any]) -> str | None:
    """What a named schema says of itself."""
    named: dict[str, Any] = schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
    return named.get("description")


def _refuse(method: str, operation: dict[str, Any]) -> None:
    """All refusals anew: those declared, and those that follow from the shape."""
    responses = operation["responses"]
    codes = sorted({*codes_of(operation), *_codes_by_shape(method, operation)})
    operation["responses"] = {status: one for status, one in responses.items() if status[0] in "23"} | {
        str(status): response for status, response in problems(*codes).items()
    }


def _codes_by_shape(method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield from ("nul-in-path", "too-many-requests", "internal-error")
    yield from ("pool-empty", "database-down", "statement-timeout")
    asked, taken = _parameters(operation), operation.get("requestBody", {}).get("content", {})
    if asked or taken:
        yield "invalid"
    if taken:
        yield "too-large"
    if _JSON in taken:
        yield from ("malformed-json", "malformed-body", "unsupported-media-type")
    if operation["security"]:
        yield from ("unauthenticated", "session-ended", "scope-missing", "second-factor-missing")
    if len(operation.get("x-permission", {}).get("kinds", _ALL)) < len(_ALL):
        yield "role-missing"
    if _VERSION in asked:
        yield from ("if-match-malformed", "version-required", "stale-version")
    if _KEY in asked:
        yield "idempotency-key-reused"
    if method != _READS:
        yield from ("outcome-unknown", "rows-busy")


def _parameters(operation: Mapping[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation.get("parameters", ()) if "name" in parameter}
