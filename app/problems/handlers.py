"""Puts problems into an application: for our refusals, the database's, and what the framework refuses by itself."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from app import boundary
from app.db import AlreadyExists, Stale
from app.errors import Forbidden, Refusal, Unauthenticated
from app.problems.wire import answer

log = structlog.get_logger()

Known = Callable[[Request], Awaitable[None]]


async def _anybody(_: Request) -> None:
    """Nobody needs to be known."""


def install(app: FastAPI, *, body_limit: int, origins: Sequence[str] = (), known: Known = _anybody) -> None:
    """Every refusal as a problem; every request inside the boundary, see there.

    `known` raises 401 where a caller is needed: that comes before anything that is wrong with a body.
    """
    for kind in (Refusal, AlreadyExists, Stale):
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _refused_as_invalid)
    app.add_exception_handler(HTTPException, _refused_by_framework)
    app.state.known = known
    boundary.install(app, body_limit=body_limit, origins=origins, refuse=answer)


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, Forbidden | Unauthenticated):
        route = getattr(request.scope.get("route"), "path", None)
        log.warning("forbidden" if isinstance(error, Forbidden) else "unauthenticated", code=error.code, route=route)
    return answer(request, error)


async def _refused_as_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][0] == "path" for one in error.errors()) and request.method not in _methods_of(request):
        return await _refused_by_framework(request, HTTPException(405, headers={"Allow": ""}))
    return await _after_the_caller(request, error)


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.headers and "Allow" in error.headers:
        error.headers = {**error.headers, "Allow": ", ".join(sorted(_methods_of(request)))}
        return answer(request, error)
    return await _after_the_caller(request, error)


async def _after_the_caller(request: Request, error: Exception) -> Response:
    try:
        await request.app.state.known(request)
    except Refusal as unknown:
        return answer(request, unknown)
    return answer(request, error)


def _methods_of(request: Request) -> set[str]:
    """The methods of this path, each a route of its own. `/reviews/decisions` is itself, though it looks like an id."""
    there = [
        (route.path, route.methods or set())
        for route in (context.original_route for context in iter_route_contexts(request.app.routes))
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    ]
    fewest = min(path.count("{") for path, _ in there)
    methods = set().union(*(methods for path, methods in there if path.count("{") == fewest))
    return methods | {"HEAD"} if "GET" in methods else methods
