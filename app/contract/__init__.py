"""The contract: OpenAPI 3.1 as FastAPI makes it, put right for the tools of frontend teams.

operationIds that are verb and noun, `type: [T, "null"]`, enums by name, problems as `application/problem+json` alone,
an example for every body and answer, an explicit word on who may call what.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from starlette.routing import Route

from app.contract.headers import HEADERS, IF_NONE_MATCH
from app.contract.operations import codes_of, complete
from app.contract.prose import DESCRIPTION, SERVER, TAGS
from app.contract.shapes import name_the_enums, put_right
from app.contract.sharing import share
from app.etags import unless_known
from app.problems import Problem, example
from app.routers.calling import Asking, door_of, routes_of

_METHODS: Final = ("get", "put", "post", "patch", "delete")


def operation_id(route: APIRoute) -> str:
    """`move_agreement` → `moveAgreement`: verb and noun, for ever."""
    first, *rest = route.name.split("_")
    return first + "".join(part.title() for part in rest)


def contract(app: FastAPI) -> dict[str, Any]:
    """The contract of an application. Two operations of one name are a ValueError."""
    for route in routes_of(app):
        route.operation_id = operation_id(route)
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="毕业去向登记与就业手续",
        description=DESCRIPTION,
        routes=app.routes,
        servers=[SERVER],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        contact={"name": "The maintainers"},
        separate_input_output_schemas=False,
    )
    components = document.setdefault("components", {"schemas": {}})
    components["schemas"] = _schemas(components["schemas"])
    put_right(document)
    operations = [*_operations(document)]
    _tell_permissions(app, [operation for _, operation in operations])
    name_the_enums(components["schemas"], [operation for _, operation in operations])
    for method, operation in operations:
        complete(method, operation, components["schemas"])
    _refuse_twins([operation["operationId"] for _, operation in operations])
    codes = {code for _, operation in operations for code in codes_of(operation)}
    components["examples"] = {code: {"value": example(code)} for code in sorted(codes)}
    components["headers"], components["parameters"] = dict(HEADERS), {"If-None-Match": IF_NONE_MATCH}
    components["responses"] = share([operation for _, operation in operations])
    used = {tag for _, operation in operations for tag in operation["tags"]}
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

    async def serve(request: Request) -> Response:
        return unless_known(request, orjson.dumps(made()), {"Cache-Control": "no-cache"})

    app.openapi = made  # type: ignore[method-assign]
    app.router.routes.append(Route("/openapi.json", serve))


def _schemas(found: dict[str, Any]) -> dict[str, Any]:
    """The schemas of an application without FastAPI's own refusals, and with ours."""
    _, ours = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    kept = {name: one for name, one in found.items() if name not in ("HTTPValidationError", "ValidationError")}
    return dict(sorted({**ours["$defs"], **kept}.items()))


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        yield from ((method, operation) for method, operation in path.items() if method in _METHODS)


def _tell_permissions(app: FastAPI, operations: Iterable[dict[str, Any]]) -> None:
    """`x-permission`: the kinds of callers that may ask, roles of which staff need one, the scope a client needs."""
    doors = {route.operation_id: door_of(route) for route in routes_of(app)}
    for operation in operations:
        door = doors[operation["operationId"]]
        if isinstance(door, Asking):
            asked = door.permission
            operation["x-permission"] = {
                "kinds": sorted(asked.kinds),
                "roles": sorted(asked.roles),
                "scope": asked.scope,
            }


def _refuse_twins(names: list[str]) -> None:
    if twins := {name for name in names if names.count(name) > 1}:
        message = f"operations of one name: {sorted(twins)}"
        raise ValueError(message)
