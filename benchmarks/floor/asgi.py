"""The floor as an ASGI application."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from app.security.passwords import Passwords
from app.security.tokens import Tokens
from app.settings import Settings
from benchmarks.floor import moving, reading, searching
from benchmarks.floor.entering import Entrance
from benchmarks.floor.lines import Lines


class Floor:
    """Six operations, told apart by an if each."""

    def __init__(self, settings: Settings) -> None:
        self._lines = Lines(str(settings.database_url))
        self._tokens = Tokens(settings.signing, settings.public_url, settings.public_url, settings.access_token_seconds)
        self._passwords = Passwords(workers=settings.password_workers, queue=settings.password_queue)
        self._entrance = Entrance(settings, self._tokens, self._passwords)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path, status = scope["path"], 200
        if path == "/v1/auth/tokens":
            body, status = await self._entrance.sign_in(self._lines, await _body(receive)), 201
        elif path == "/v1/reviews":
            body = await reading.queue(self._lines, self._session(scope))
        elif path == "/v1/jobs":
            body = await searching.jobs(self._lines, self._session(scope), scope["query_string"])
        elif scope["method"] == "GET":
            body = await reading.one(self._lines, self._session(scope), path)
        elif path.startswith("/v1/agreements/"):
            await _body(receive)
            body, status = await moving.approve(self._lines, self._session(scope), path), 201
        else:
            password = (await _body(receive))["password"]
            session = self._session(scope)
            body, status = await moving.accept(self._lines, session, path, self._passwords, password), 201
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"etag", b'"' + blake2b(body, digest_size=8).hexdigest().encode() + b'"'),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _session(self, scope: Scope) -> str:
        """Of the access token, whose signature is remembered."""
        token = next(value for name, value in scope["headers"] if name == b"authorization")
        return self._tokens.read(token[7:].decode(), datetime.now(UTC)).session_id

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._lines.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._lines.close()
        self._passwords.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> Mapping[str, Any]:
    parts = []
    while True:
        message = await receive()
        parts.append(message["body"])
        if not message.get("more_body"):
            return dict(orjson.loads(b"".join(parts)))
