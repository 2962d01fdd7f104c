"""The contract: OpenAPI 3.1 as FastAPI makes it, put right for the tools of frontend teams.

operationIds that are verb and noun, `type: [T, "null"]`, enums by name, problems as `application/problem+json` alone,
an example for every body and answer, an explicit word on who may call what.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.contract.prose import DESCRIPTION, TAGS
from app.contract.samples import samples
from app.contract.shapes import name_the_enums, put_right, without_null
from app.problems import MEDIA_TYPE, STATUSES, example

_METHODS: Final = ("get", "put", "post", "patch", "delete")
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}


def operation_id(route: APIRoute) -> str:
    """`move_agreement` → `moveAgreement`: verb and noun, for ever."""
    first, *rest = route.name.split("_")
    return first + "".join(part.title() for part in rest)


def contract(app: FastAPI) -> dict[str, Any]:
    """The contract of an application. Two operations of one name are a ValueError."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="毕业去向登记与就业手续",
        description=DESCRIPTION,
        routes=app.routes,
        servers=[{"url": "/", "description": "This server."}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        contact={"name": "The maintainers"},
    )
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    put_right(document)
    name_the_enums(components["schemas"])
    operations = [*_operations(document)]
    for operation in operations:
        _complete(operation, components["schemas"])
    _refuse_twins([operation["operationId"] for operation in operations])
    codes = {code for operation in operations for code in _codes_of(operation)}
    components["examples"] = {kind.default: {"value": example(kind)} for kind in STATUSES if kind.default in codes}
    used = {tag for operation in operations for tag in operation["tags"]}
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    return document


def contract_text(app: FastAPI) -> str:
    """The contract as the committed file has it."""
    return json.dumps(contract(app), ensure_ascii=False, indent=1) + "\n"


def install(app: FastAPI) -> None:
    """Serve the contract at /openapi.json, made once."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = contract(app)
        return app.openapi_schema

    app.openapi = made  # type: ignore[method-assign]


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for method, operation in path.items() if method in _METHODS)


def _complete(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say of an operation what FastAPI leaves out, and take out what it says wrongly."""
    operation.setdefault("security", [])  # empty: anybody may call it
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = without_null(parameter["schema"])
    for status, response in operation["responses"].items():
        if status[0] in "45":
            _as_problem(response)
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    answers = [response for status, response in operation["responses"].items() if status[0] == "2"]
    for part in (*bodies, *answers):
        if content := part.get("content", {}).get("application/json"):
            content.update(samples(content["schema"], schemas))


def _codes_of(operation: dict[str, Any]) -> Iterator[str]:
    """The codes of the problems that an operation shows."""
    for response in operation["responses"].values():
        yield from response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", ())


def _as_problem(response: dict[str, Any]) -> None:
    """A refusal's content is a problem and nothing else."""
    examples = response.get("content", {}).get(MEDIA_TYPE, {})
    response["content"] = {MEDIA_TYPE: {**examples, "schema": _PROBLEM}}


def _refuse_twins(names: list[str]) -> None:
    if twins := {name for name in names if names.count(name) > 1}:
        message = f"operations of one name: {sorted(twins)}"
        raise ValueError(message)
