"""Holds every answer that a test sees against the contract: its status, code, headers, and the schema of its body."""

import re
from collections.abc import Mapping
from typing import Any, Final

import httpx
import jsonschema_rs

PROMISES: Final = (
    "ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
    "WWW-Authenticate",
)  # fmt: skip
"""Headers that the contract speaks of. What else is sent, every answer has."""


class Contract:
    """The published document, ready to judge answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._components = document["components"]
        self._paths = [
            (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), operations)
            for path, operations in sorted(document["paths"].items(), key=lambda item: item[0].count("{"))
        ]
        self._validators: dict[tuple[str, str, str], jsonschema_rs.Draft202012Validator] = {}

    async def judge(self, response: httpx.Response) -> None:
        """Fail the test when an answer of a published operation is not what the contract says."""
        method, path = response.request.method.lower(), response.request.url.path
        operations = next((found for pattern, found in self._paths if pattern.match(path)), {})
        operation, status = operations.get(method), str(response.status_code)
        if operation is None:
            return
        name = operation["operationId"]
        await response.aread()
        assert status in operation["responses"], f"{name} answers {status}: {response.content!r}"
        promised = self._meant(operation["responses"][status])
        self._judge_headers(f"{name} {status}", response.headers, promised.get("headers", {}))
        kind = response.headers.get("content-type", "").partition(";")[0]
        if kind.endswith("json"):
            assert kind in promised.get("content", {}), f"{name} {status} is {kind}"
            content = promised["content"][kind]
            for error in self._validator((name, status, kind), content["schema"]).iter_errors(response.json()):
                message = f"{name} {status}: {error.message} at {list(error.instance_path)}"
                raise AssertionError(message)
            if kind.startswith("application/problem"):
                code = response.json()["code"]
                assert code in content["examples"], f"{name} {status}: `{code}` is not among {[*content['examples']]}"

    def _judge_headers(self, where: str, sent: httpx.Headers, promised: Mapping[str, Any]) -> None:
        unspoken = {header for header in PROMISES if header in sent} - promised.keys()
        assert not unspoken, f"{where}: nothing is said of {unspoken}"
        missing = {header for header, one in promised.items() if self._meant(one).get("required")} - {
            header for header in PROMISES if header in sent
        }
        assert not missing, f"{where}: {missing} is not there"

    def _meant(self, part: dict[str, Any]) -> dict[str, Any]:
        """The component that a reference means."""
        if "$ref" not in part:
            return part
        found = self._components[part["$ref"].split("/")[2]][part["$ref"].split("/")[3]]
        assert isinstance(found, dict)
        return found

    def _validator(self, key: tuple[str, str, str], schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
        if key not in self._validators:
            whole = {"components": self._components, "allOf": [schema]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]
