"""Finds the operation that a request asks for at once; the framework would try one route after the other.

It knows only how to find. What it does not (no such path, another method), the routes that stand after it refuse.
"""

from collections import defaultdict
from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from app.routers.calling import routes_of
from app.routers.lane import fastest

Shelf = tuple[str, int, str]
_FOUND: Final = "operation"
"""Where in the scope the application of what was found stands."""


class Directory(BaseRoute):
    """The operations of an application on shelves of a few, each told apart by its own route, in their order."""

    def __init__(self, app: FastAPI) -> None:
        self._shelves: dict[Shelf, list[tuple[APIRoute, ASGIApp]]] = defaultdict(list)
        for route in routes_of(app):
            operation = route, fastest(route.dependant, route.app)
            for method in route.methods or ():
                self._shelves[_shelf(method, route.path)].append(operation)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """FULL for an operation of this method at this path. Behind a root path the framework finds them."""
        if scope["type"] == "http" and not scope.get("root_path"):
            for route, operation in self._shelves.get(_shelf(scope["method"], scope["path"]), ()):
                match, told = route.matches(scope)
                if match is Match.FULL:
                    return match, {**told, _FOUND: operation}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what was found."""
        operation: ASGIApp = scope[_FOUND]
        await operation(scope, receive, send)


def _shelf(method: str, path: str) -> Shelf:
    """Where operations of this method, this many segments and this resource (`agreements` of `/v1/agreements`) are."""
    first, *others = path.split("/", 3)[1:] or [""]
    return method, path.count("/"), others[0] if first == "v1" and others else first
