"""A lane does what the framework does, and what it does not know it leaves to it: whatever is sent, once and alike."""

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Body, Cookie, Depends, FastAPI, Form, Header, Path, Query, Request, Response
from pydantic import BaseModel
from starlette.types import Message, Receive, Scope, Send

from app.routers import directory, lane
from app.routers.calling import routes_of
from app.routers.directory import Directory
from app.routers.lane import Lane, NotStraight

Both = tuple[httpx.AsyncClient, httpx.AsyncClient]
called: list[str] = []
"""What was called in a request, in order."""


class Thing(BaseModel):
    """A body."""

    name: Annotated[str, Body(min_length=1)]
    size: int = 1


async def first(x_kind: Annotated[str, Header(max_length=5)]) -> str:
    called.append("first")
    return x_kind


async def second(
    request: Request, kind: Annotated[str, Depends(first)], x_note: Annotated[str | None, Header()] = None
) -> str:
    called.append("second")
    return f"{kind} {x_note} {len(await request.body())}"


def told(**given: Any) -> Response:
    return Response(
        json.dumps(given, default=str), media_type="application/json", headers={"X-Called": ",".join(called)}
    )


async def look(
    request: Request,
    id: Annotated[str, Path(pattern="^[a-z]+$")],
    note: Annotated[str, Depends(second)],
    nothing: Annotated[None, Query(alias="none")] = None,
    limit: Annotated[int, Query(ge=1)] = 50,
) -> Response:
    called.append("look")
    return told(id=id, note=note, limit=limit, method=request.method, nothing=nothing)


async def put(id: str, note: Annotated[str, Depends(second)], thing: Thing) -> Response:
    called.append("put")
    return told(id=id, note=note, thing=thing.model_dump())


async def refuse(id: str) -> Response:
    raise ZeroDivisionError(id)


async def refused(_: Request, error: Exception) -> Response:
    return Response(f"{error!r}", 418)


def application(*, found_at_once: bool) -> FastAPI:
    """Three operations and a refusal, with the directory before them or without."""
    app = FastAPI()
    app.get("/v1/things/{id}")(look)
    app.post("/v1/things/{id}")(put)
    app.get("/v1/things/{id}/trouble")(refuse)
    app.add_exception_handler(ZeroDivisionError, refused)
    if found_at_once:
        app.router.routes.insert(0, Directory(app))
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    """A client of the application with lanes, and one of the same by the framework alone."""
    async with (
        client_of(application(found_at_once=True)) as by_lane,
        client_of(application(found_at_once=False)) as by_framework,
    ):
        yield by_lane, by_framework


KIND = {"X-Kind": "blue"}
JSON, CHARSET, PATCH, TEXT = (
    {**KIND, "Content-Type": f"{kind}"}
    for kind in ("application/json", "application/json; charset=utf-8", "application/merge-patch+json", "text/plain")
)
REQUESTS: dict[str, tuple[str, str, Any, bytes]] = {
    "as declared": ("GET", "/v1/things/abc?limit=7", KIND, b""),
    "by default": ("GET", "/v1/things/abc", KIND, b""),
    "with a body nobody asked for": ("GET", "/v1/things/abc", KIND, b"{"),
    "with what is not declared": ("GET", "/v1/things/abc?more=1&limit=2", {**KIND, "X-More": "1"}, b""),
    "twice in the query": ("GET", "/v1/things/abc?limit=2&limit=3", KIND, b""),
    "twice in the headers": ("GET", "/v1/things/abc", [("X-Kind", "blue"), ("X-Kind", "red")], b""),
    "an empty query": ("GET", "/v1/things/abc?limit=", KIND, b""),
    "an encoded query": ("GET", "/v1/things/abc?li%6Dit=%32", KIND, b""),
    "a query too small": ("GET", "/v1/things/abc?limit=0", KIND, b""),
    "a path of another form": ("GET", "/v1/things/ABC", KIND, b""),
    "an encoded path": ("GET", "/v1/things/%61bc", KIND, b""),
    "a slash in a path": ("GET", "/v1/things/a%2Fb", KIND, b""),
    "a missing header": ("GET", "/v1/things/abc", {}, b""),
    "a header too long": ("GET", "/v1/things/abc", {"X-Kind": "x" * 6}, b""),
    "an empty header": ("GET", "/v1/things/abc", {"X-Kind": "", "X-Note": ""}, b""),
    "a value that is none": ("GET", "/v1/things/abc?none=x", KIND, b""),
    "two things wrong": ("GET", "/v1/things/ABC?limit=x", {}, b""),
    "a body": ("POST", "/v1/things/abc", JSON, b'{"name": "x"}'),
    "a body in pieces": ("POST", "/v1/things/abc", JSON, b'{"name": "' + b"x" * 200_000 + b'"}'),
    "a body of its charset": ("POST", "/v1/things/abc", CHARSET, b'{"name": "x"}'),
    "a body of another kind": ("POST", "/v1/things/abc", TEXT, b'{"name": "x"}'),
    "a body of a kind of JSON": ("POST", "/v1/things/abc", PATCH, b'{"name": "x"}'),
    "a body of no kind": ("POST", "/v1/things/abc", KIND, b'{"name": "x"}'),
    "no body": ("POST", "/v1/things/abc", JSON, b""),
    "null": ("POST", "/v1/things/abc", JSON, b"null"),
    "broken JSON": ("POST", "/v1/things/abc", JSON, b'{"name": '),
    "no UTF-8": ("POST", "/v1/things/abc", JSON, b'{"name": "\xff"}'),
    "no depth": ("POST", "/v1/things/abc", JSON, b"[" * 100_000),
    "a wrong body": ("POST", "/v1/things/abc", JSON, b'{"name": "", "size": "x"}'),
    "a wrong body and no header": ("POST", "/v1/things/abc", {"Content-Type": "application/json"}, b"[]"),
    "a large number": ("POST", "/v1/things/abc", JSON, b'{"name": "x", "size": 18446744073709551616}'),
    "a refusal": ("GET", "/v1/things/abc/trouble", {}, b""),
    "another method": ("DELETE", "/v1/things/abc", KIND, b""),
    "no such path": ("GET", "/v1/nothings", KIND, b""),
    "a slash too many": ("GET", "/v1/things/abc/", KIND, b""),
    "no path": ("GET", "", KIND, b""),
}  # fmt: skip
UNUSUAL = {
    "an empty query", "a query too small", "a path of another form", "a missing header", "a header too long",
    "a value that is none", "two things wrong", "a body of another kind", "a body of a kind of JSON",
    "a body of no kind", "no body", "null", "broken JSON", "no UTF-8", "no depth", "a wrong body",
    "a wrong body and no header",
}  # fmt: skip
Answer = tuple[int, dict[str, str], bytes]


async def asked(client: httpx.AsyncClient, name: str) -> Answer:
    called.clear()
    method, path, headers, content = REQUESTS[name]
    answer = await client.request(method, path, headers=headers, content=content or None)
    return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("name", REQUESTS)
async def test_an_answer_is_the_frameworks(both: Both, name: str) -> None:
    by_lane, by_framework = both
    assert await asked(by_lane, name) == await asked(by_framework, name)


async def test_only_what_is_unusual_reaches_the_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of what is above, which would hold as well if everything did."""

    async def framework(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=204)(scope, receive, send)

    monkeypatch.setattr(directory, "fastest", lambda operation, _: Lane(operation, framework))
    async with client_of(application(found_at_once=True)) as client:
        answers = {name: (await asked(client, name))[0] for name in REQUESTS}
    assert {name for name, status in answers.items() if status == 204} == UNUSUAL


async def test_what_is_unusual_calls_nothing_before_the_framework_does(
    both: Both,
) -> None:
    status, _, _ = await asked(both[0], "a query too small")
    assert (status, called) == (422, ["first", "second"])


async def test_a_body_that_is_not_had_again_is_noticed(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the framework would wait for a body that has been read already."""

    async def forgotten(_: object) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    monkeypatch.setattr(lane._Content, "again", forgotten)
    by_lane, by_framework = both
    assert await asked(by_lane, "a wrong body") != await asked(by_framework, "a wrong body")


async def test_nothing_is_kept_of_what_a_handler_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[lane._Content] = []

    class Seen(lane._Content):
        def __init__(self, receive: Receive) -> None:
            super().__init__(receive)
            kept.append(self)

    async def upload(request: Request) -> Response:
        size = 0
        async for chunk in request.stream():
            assert not kept[-1]._read
            size += len(chunk)
        return told(size=size)

    monkeypatch.setattr(lane, "_Content", Seen)
    app = application(found_at_once=False)
    app.post("/v1/uploads")(upload)
    app.router.routes.insert(0, Directory(app))
    async with client_of(app) as client:
        assert (await client.post("/v1/uploads", content=b"x" * 100_000)).json() == {"size": 100_000}
    assert len(kept) == 1


# -- what is not straight ----------------------------------------------------------------------------------------------


class Window(BaseModel):
    """A model of a query."""

    since: int = 0


async def yields() -> AsyncIterator[int]:
    yield 1


def waits() -> int:
    return 1


async def form(name: Annotated[str, Form()]) -> Response:
    return told(name=name)


async def many(name: Annotated[list[str], Query()]) -> Response:
    return told(name=name)


async def perhaps_many(name: Annotated[list[str] | None, Query()] = None) -> Response:
    return told(name=name)


async def model(window: Annotated[Window, Query()]) -> Response:
    return told(window=window)


async def cookie(name: Annotated[str | None, Cookie()] = None) -> Response:
    return told(name=name)


async def yielded(one: Annotated[int, Depends(yields)]) -> Response:
    return told(one=one)


async def waited(one: Annotated[int, Depends(waits)]) -> Response:
    return told(one=one)


async def twice(one: Annotated[str, Depends(first)], other: Annotated[str, Depends(first)]) -> Response:
    return told(one=one, other=other)


async def injected(response: Response) -> Response:
    return response


async def made(at: Annotated[float, Query(default_factory=time.time)]) -> Response:
    return told(at=at)


async def listed(names: Annotated[Any, Query()] = [1]) -> Response:  # noqa: B006 (the point)
    return told(names=names)


async def two_bodies(one: Thing, other: Thing) -> Response:
    return told(one=one, other=other)


async def embedded(one: Annotated[int, Body(embed=True)]) -> Response:
    return told(one=one)


async def untold() -> dict[str, int]:
    return {}


def unawaited() -> Response:
    return told()


NOT_STRAIGHT: tuple[Callable[..., Any], ...] = (
    form, many, perhaps_many, model, cookie, yielded, waited, twice, injected, made, listed, two_bodies, embedded,
    untold, unawaited,
)  # fmt: skip


@pytest.mark.parametrize("handler", NOT_STRAIGHT, ids=lambda one: one.__name__)
def test_what_only_the_framework_knows_to_give_has_no_lane(handler: Callable[..., Any]) -> None:
    app = FastAPI()
    app.post("/v1/things")(handler)
    (route,) = routes_of(app)
    with pytest.raises(NotStraight):
        Lane(route.dependant, route.app)
    assert lane.fastest(route.dependant, route.app) is route.app
