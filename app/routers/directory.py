"""Finds the operation that a request asks for at once; the framework would try one route after the other.

It knows only how to find. What it does not (no such path, another method), the routes that stand after it refuse.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.convertors import Convertor
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from app.routers.lane import fastest

Shelf = tuple[str, int, str]
_FOUND: Final = "operation"
"""Where in the scope the application of what was found stands."""


@dataclass(frozen=True, slots=True)
class _Operation:
    pattern: re.Pattern[str]
    convertors: Mapping[str, Convertor[Any]]
    told: Scope
    """What its handler finds in the scope, besides the values in the path."""


class Directory(BaseRoute):
    """The operations of an application on shelves of a few, each told apart by its own pattern, in their order."""

    def __init__(self, app: FastAPI) -> None:
        self._shelves: dict[Shelf, list[_Operation]] = defaultdict(list)
        for shelf, operation in _operations(app):
            self._shelves[shelf].append(operation)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """FULL for an operation of this method at this path. Behind a root path the framework finds them."""
        if scope["type"] == "http" and not scope.get("root_path"):
            path = scope["path"]
            for one in self._shelves.get(_shelf(scope["method"], path), ()):
                if found := one.pattern.match(path):
                    values = {name: one.convertors[name].convert(value) for name, value in found.groupdict().items()}
                    return Match.FULL, {**one.told, "path_params": values}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what was found."""
        operation: ASGIApp = scope[_FOUND]
        await operation(scope, receive, send)


def _shelf(method: str, path: str) -> Shelf:
    """Where operations of this method, this many segments and this resource (`agreements` of `/v1/agreements`) are."""
    first, *others = path.split("/", 3)[1:] or [""]
    return method, path.count("/"), others[0] if first == "v1" and others else first


def _operations(app: FastAPI) -> Iterator[tuple[Shelf, _Operation]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            told = {"route": route, "endpoint": context.endpoint, _FOUND: fastest(context.dependant, context.app)}
            for method in context.methods or ():
                yield (
                    _shelf(method, context.path or ""),
                    _Operation(context.path_regex, context.param_convertors, told),
                )
