"""HEAD, callers that hang up, and bodies of any kind: what the boundary does to the messages of a request."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI, Request
from structlog.testing import capture_logs

from app import problems

LIMIT = 1000


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """One path that answers, one that measures its body, one that never ends."""
    app = FastAPI()

    @app.get("/thing")
    async def get_thing() -> str:
        return "seven"

    @app.post("/thing")
    async def measure(request: Request) -> int:
        return len(await request.body())

    @app.get("/endless")
    async def wait() -> None:
        await asyncio.Event().wait()

    problems.install(app, body_limit=LIMIT)
    return app


async def spoken(
    app: FastAPI,
    method: str,
    path: str,
    messages: Sequence[dict[str, Any]] = (),
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> list[dict[str, Any]]:
    """What the application sends when it is sent these messages, and then the end of the line."""
    said: list[dict[str, Any]] = []
    left = [*messages, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return left.pop(0) if len(left) > 1 else left[0]

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [*headers]}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    await app(scope, receive, send)
    return said


def piece(size: int, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


async def test_head_is_get_without_the_body(app: FastAPI) -> None:
    begun, *rest = await spoken(app, "HEAD", "/thing")
    seen, *body = await spoken(app, "GET", "/thing")
    without_id = [[one for one in message["headers"] if one[0] != b"x-request-id"] for message in (begun, seen)]
    assert begun["status"] == 200
    assert without_id[0] == without_id[1]
    assert (b"content-length", b"7") in begun["headers"]
    assert b"".join(one["body"] for one in rest) == b""
    assert b"".join(one["body"] for one in body) == b'"seven"'


async def test_head_of_what_is_not_there_is_refused_without_a_body(app: FastAPI) -> None:
    begun, *rest = await spoken(app, "HEAD", "/nothing")
    assert begun["status"] == 404
    assert b"".join(one["body"] for one in rest) == b""


@pytest.mark.parametrize(("pieces", "status"), [((400, 400, 200), 200), ((400, 400, 201), 413), ((1001,), 413)])
async def test_a_body_of_unknown_length_is_measured_as_it_comes(
    app: FastAPI, pieces: tuple[int, ...], status: int
) -> None:
    messages = [piece(size, more=place < len(pieces)) for place, size in enumerate(pieces, 1)]
    assert (await spoken(app, "POST", "/thing", messages))[0]["status"] == status


@pytest.mark.parametrize("announced", [b"1001", b"9" * 5000])
async def test_a_body_that_says_it_is_too_large_is_not_read(app: FastAPI, announced: bytes) -> None:
    begun, *_ = await spoken(app, "POST", "/thing", headers=[(b"content-length", announced)])
    assert begun["status"] == 413, "it was read, and the caller was gone"


async def test_a_caller_that_hangs_up_is_no_fault_of_ours(app: FastAPI) -> None:
    with capture_logs() as logs:
        assert await spoken(app, "POST", "/thing", [piece(10, more=True)]) == []
    assert [(one["event"], one["status"]) for one in logs] == [("request", None)]


async def test_a_request_that_is_given_up_is_logged_and_ends(app: FastAPI) -> None:
    with capture_logs() as logs, pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await spoken(app, "GET", "/endless")
    assert [(one["event"], one["status"]) for one in logs] == [("request", None)]
