"""Holds every answer that a test sees against the contract: its status, code, headers, and the schema of its body."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import jsonschema_rs
import orjson

from app.main import create_app
from app.service import Service

COMMITTED: Final = Path(__file__).parent.parent / "openapi.json"

PROMISES: Final = (
    "ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
    "WWW-Authenticate",
)  # fmt: skip
"""Headers that the contract speaks of. What else is sent, every answer has."""


class Contract:
    """The published document, ready to judge answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._paths = [
            (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path)
            for path in sorted(document["paths"], key=lambda one: one.count("{"))
        ]
        self._validators = jsonschema_rs.validator_map_for(document, validate_formats=True)

    async def judge(self, response: httpx.Response) -> None:
        """Fail the test when an answer of a published operation is not what the contract says."""
        method, path = response.request.method.lower(), response.request.url.path
        template = next((found for pattern, found in self._paths if pattern.match(path)), None)
        if template is None or method not in self._document["paths"][template]:
            return
        operation, status = self._document["paths"][template][method], str(response.status_code)
        name = operation["operationId"]
        await response.aread()
        assert status in operation["responses"], f"{name} answers {status}: {response.content!r}"
        where, promised = self._meant(_pointer("paths", template, method, "responses", status))
        headers = {
            header: self._meant(f"{where[1:]}{_pointer('headers', header)}")[1]
            for header in promised.get("headers", {})
        }
        self._judge_headers(f"{name} {status}", response.headers, headers)
        kind = response.headers.get("content-type", "").partition(";")[0]
        if kind.endswith("json"):
            assert kind in promised.get("content", {}), f"{name} {status} is {kind}"
            examples = promised["content"][kind].get("examples", {})
            for error in self._validators[f"{where}{_pointer('content', kind, 'schema')}"].iter_errors(response.json()):
                message = f"{name} {status}: {error.message} at {list(error.instance_path)}"
                raise AssertionError(message)
            if kind.startswith("application/problem"):
                code = response.json()["code"]
                assert code in examples, f"{name} {status}: `{code}` is not among {[*examples]}"

    def _judge_headers(self, where: str, sent: httpx.Headers, promised: Mapping[str, Any]) -> None:
        unspoken = {header for header in PROMISES if header in sent} - promised.keys()
        assert not unspoken, f"{where}: nothing is said of {unspoken}"
        missing = {header for header, one in promised.items() if one.get("required")} - {
            header for header in PROMISES if header in sent
        }
        assert not missing, f"{where}: {missing} is not there"

    def _meant(self, pointer: str) -> tuple[str, Any]:
        """The place that a pointer leads to, through a reference there, and what stands in it."""
        found = self._document
        for part in pointer.split("/")[1:]:
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return self._meant(found["$ref"][1:]) if "$ref" in found else (f"#{pointer}", found)


@cache
def committed() -> dict[str, Any]:
    """The contract as it is committed: one test holds it to what the service makes, which takes seconds."""
    document: dict[str, Any] = orjson.loads(COMMITTED.read_bytes())
    return document


@cache
def judge() -> Contract:
    """The judge of the contract as it is committed."""
    return Contract(committed())


@asynccontextmanager
async def judged(service: Service, url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application in this process, on a running service; the contract judges every answer."""
    app = create_app(service.settings, url)
    app.state.service = service
    transport, hooks = httpx.ASGITransport(app=app), {"response": [judge().judge]}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", event_hooks=hooks) as client:
        yield client


def _pointer(*parts: str) -> str:
    """A JSON pointer."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
