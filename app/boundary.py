"""The outermost layer of every request: its id, its size, its log line, and the last resort when something breaks."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.change import fresh_id
from app.errors import Broken, Malformed, TooLarge
from app.logs import traced

log = structlog.get_logger()

Refuse = Callable[[Request, Exception], Response]
Headers = Sequence[tuple[bytes, bytes]]

DEFAULTS: Final[Headers] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""Headers of every answer that does not say otherwise."""
TAKEN: Final = ("Accept-Language", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")
SHOWN: Final = (
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
)
"""What a page of another origin may send, and read, besides what browsers always allow."""
STREAMED: Final = frozenset({"/v1/files", "/v1/document-checks"})
"""Uploads are measured by their own handler while they stream."""
_SANE_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def install(app: FastAPI, *, body_limit: int, origins: Sequence[str], refuse: Refuse) -> None:
    """Put every request of `app` inside the boundary, and let pages of these origins read what it answers."""
    app.add_middleware(Boundary, body_limit=body_limit, refuse=refuse)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=(*TAKEN, "X-Request-ID"),
            expose_headers=SHOWN,
        )


class Boundary:
    """Pure ASGI. `refuse` turns an error into a response; `body_limit` is in bytes. HEAD is GET without the body."""

    def __init__(self, app: ASGIApp, *, body_limit: int, refuse: Refuse) -> None:
        self._app, self._limit, self._refuse = app, body_limit, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. What breaks before the answer has begun is a 500; later, the line is cut."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, method = time.perf_counter(), None, scope["method"]
        headers = dict(scope["headers"])
        request_id = _id_of(headers.get(b"x-request-id", b""))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        inner = {**scope, "request_id": request_id, "method": "GET" if method == "HEAD" else method}
        own = (*DEFAULTS, (b"x-request-id", request_id.encode()))

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_with(message["headers"], own)]
            elif method == "HEAD":
                message["body"] = b""
            await send(message)

        try:
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                await self._refuse(Request(inner), Malformed("nul-in-path"))(inner, receive, sending)
            else:
                await self._app(inner, self._measured(inner, headers, receive), sending)
        except ClientDisconnect:
            pass  # nobody is left to answer
        except Exception as error:
            log.error("request-broke", request_id=request_id, trace=[*traced(error)])  # noqa: TRY400 (a message may quote a person)
            if status:
                raise
            await self._refuse(Request(inner), Broken())(inner, receive, sending)
        finally:
            log.info(
                "request",
                request_id=request_id,
                method=method,
                route=getattr(inner.get("route"), "path", None),
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )

    def _measured(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        """The body as it is read, refused as soon as it is, or says it will be, larger than the limit."""
        if scope["path"] in STREAMED:
            return receive
        announced = headers.get(b"content-length", b"0")
        left = -1 if announced.isdigit() and int(announced[:20]) > self._limit else self._limit

        async def measured() -> Message:
            nonlocal left
            message = await receive() if left >= 0 else {}
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLarge(params={"limit": self._limit})
            return message

        return measured


def _id_of(given: bytes) -> str:
    """The caller's own id for the request, if it is fit for a log."""
    return given.decode() if _SANE_ID.fullmatch(given) else fresh_id()


def _with(headers: Headers, own: Headers) -> Iterator[tuple[bytes, bytes]]:
    """The headers of an answer, and of our own those that it does not have."""
    yield from headers
    there = {name for name, _ in headers}
    yield from (one for one in own if one[0] not in there)
