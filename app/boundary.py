"""The outermost layer of every request: its id, its size, its log line, and the last resort when something breaks."""

import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import structlog
from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.change import fresh_id
from app.errors import Broken, Malformed, TooLarge

log = structlog.get_logger()
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
DEFAULTS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer that does not say otherwise."""
STREAMED: Final = "/v1/files"
"""Uploads are measured by their own handler while they stream."""


class Boundary:
    """Pure ASGI. `refuse` turns an error into a response; `body_limit` is in bytes."""

    def __init__(self, app: ASGIApp, *, body_limit: int, refuse: Callable[[Request, Exception], Response]) -> None:
        self._app, self._limit, self._refuse = app, body_limit, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. What breaks before the answer has begun is a 500; later, the line is cut."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        scope["request_id"] = given if _SANE_ID.fullmatch(given) else fresh_id()
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope["request_id"]
                for name, value in DEFAULTS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                await self._refuse(request, Malformed("nul-in-path"))(scope, receive, sending)
            else:
                await self._app(scope, self._measured(scope, receive), sending)
        except ClientDisconnect:
            pass  # nobody is left to answer
        except Exception as error:
            log.error("request-broke", request_id=scope["request_id"], trace=[*traced(error)])  # noqa: TRY400 (would tell the message)
            if status:
                raise
            await self._refuse(request, Broken())(scope, receive, sending)
        finally:
            log.info(
                "request",
                request_id=scope["request_id"],
                method=scope["method"],
                route=getattr(scope.get("route"), "path", None),
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )

    def _measured(self, scope: Scope, receive: Receive) -> Receive:
        """The body as it is read, refused as soon as it is, or says it will be, larger than the limit."""
        if scope["path"] == STREAMED:
            return receive
        announced = Request(scope).headers.get("content-length", "")
        too_large = TooLarge(params={"limit": self._limit})
        size = 0

        async def measured() -> Message:
            nonlocal size
            if announced.isdecimal() and int(announced[:20]) > self._limit:
                raise too_large
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._limit:
                raise too_large
            return message

        return measured


def traced(error: BaseException) -> Iterator[str]:
    """Where an error came from, the first cause last, without its message: that may quote a person's data."""
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"
    if cause := error.__cause__ or error.__context__:
        yield from traced(cause)
