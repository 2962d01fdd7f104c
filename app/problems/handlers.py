"""Puts problems into an application: for our refusals, the database's, and what the framework refuses by itself."""

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app import boundary
from app.db import AlreadyExists, Stale
from app.errors import Refusal
from app.problems.wire import answer


def install(app: FastAPI, *, body_limit: int, origins: Sequence[str] = ()) -> None:
    """Every refusal as a problem; every request inside the boundary, see there."""
    for kind in (Refusal, AlreadyExists, Stale, RequestValidationError):
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(HTTPException, _refused_by_framework)
    boundary.install(app, body_limit=body_limit, origins=origins, refuse=answer)


async def _refused(request: Request, error: Exception) -> Response:
    return answer(request, error)


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.headers and "Allow" in error.headers:
        error.headers = {**error.headers, "Allow": ", ".join(sorted(_methods_of(request)))}
    return answer(request, error)


def _methods_of(request: Request) -> set[str]:
    """Every method of this path: the framework names those of one route, and a path has a route for each method."""
    at_this_path = (
        context.methods or set()
        for context in iter_route_contexts(request.app.routes)
        if context.matches(request.scope)[0] is not Match.NONE
    )
    return set().union(*at_this_path)
