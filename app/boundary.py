"""The outermost layer of every request: its id, its size, its log line, and the last resort when something breaks."""

import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.change import fresh_id
from app.errors import Broken, Malformed, TooLarge, UnsupportedMedia

log = structlog.get_logger()
_SANE_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STREAMED = "/v1/files"
"""Uploads are measured by their own handler while they stream."""


class Boundary:
    """Pure ASGI. Logs method, path, status and time; never a query, a body or a person."""

    def __init__(self, app: ASGIApp, *, body_limit: int, refuse: Callable[[Request, Exception], Response]) -> None:
        self._app, self._limit, self._refuse = app, body_limit, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        scope["request_id"] = given if _SANE_ID.match(given) else fresh_id()
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope["request_id"]
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            body = await self._taken(request, receive)
            await self._app(scope, body, sending)
        except (TooLarge, UnsupportedMedia, Malformed) as refusal:
            await self._refuse(request, refusal)(scope, receive, sending)
        except Exception as error:
            log.exception(
                "request-broke", request_id=scope["request_id"], path=scope["path"], error=type(error).__name__
            )
            if not status:
                await self._refuse(request, Broken())(scope, receive, sending)
        finally:
            log.info(
                "request",
                request_id=scope["request_id"],
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )

    async def _taken(self, request: Request, receive: Receive) -> Receive:
        """The body, read whole within the limit; refused when it is too large, of no use, or the path is mangled."""
        scope = request.scope
        if "\0" in scope["path"]:
            raise Malformed("nul-in-path")
        if scope["method"] not in ("POST", "PUT", "PATCH", "DELETE") or scope["path"] == STREAMED:
            return receive
        parts: list[bytes] = []
        size, more = 0, True
        if int(request.headers.get("content-length") or 0) > self._limit:
            raise TooLarge(params={"limit": self._limit})
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return receive
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._limit:
                raise TooLarge(params={"limit": self._limit})
            more = message.get("more_body", False)
        body = b"".join(parts)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and not (kind == "application/json" or kind.endswith("+json")):
            raise UnsupportedMedia

        sent = False

        async def replayed() -> dict[str, Any]:
            nonlocal sent
            if sent:
                return dict(await receive())
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        return replayed
