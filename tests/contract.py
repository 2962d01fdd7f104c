"""Holds every answer that a test sees against the contract: a documented status, and a body that fits its schema."""

import re
from typing import Any

import httpx
import jsonschema_rs


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
        if operation is None or status == "304":
            return
        name = operation["operationId"]
        await response.aread()
        with open("/tmp/codes.txt", "a") as f:  # noqa
            f.write(f"{name}\t{status}\t{response.json().get('code') if 'problem' in response.headers.get('content-type','') else ''}\t{sorted(set(response.headers) & {'etag','location','link','retry-after','idempotent-replayed','www-authenticate'})}\n")
        assert status in operation["responses"], f"{name} answers {status}: {(await response.aread())!r}"
        kind = response.headers.get("content-type", "").partition(";")[0]
        content = operation["responses"][status].get("content", {})
        if kind.endswith("json") and kind in content:
            await response.aread()
            validator = self._validator((name, status, kind), content[kind]["schema"])
            for error in validator.iter_errors(response.json()):
                message = f"{name} {status}: {error.message} at {list(error.instance_path)}"
                raise AssertionError(message)

    def _validator(self, key: tuple[str, str, str], schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
        if key not in self._validators:
            whole = {"components": self._components, "allOf": [schema]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]
