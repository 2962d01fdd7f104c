"""What the directory finds is what the framework would find, and it finds every operation of the service."""

import re

import httpx
import pytest
from fastapi import FastAPI, Response
from starlette.routing import Match

from app.main import create_app
from app.routers.calling import routes_of
from app.routers.directory import Directory
from app.settings import Settings


def found(directory: Directory, method: str, path: str) -> object:
    """The route, or None."""
    match, told = directory.matches({"type": "http", "method": method, "path": path})
    return told["route"] if match is Match.FULL else None


def test_every_operation_is_found_by_its_path(settings: Settings) -> None:
    app = create_app(settings, "postgresql://nowhere")
    directory = Directory(app)
    assert found(directory, "GET", "") is None
    for route in routes_of(app):
        for method in route.methods or ():
            assert found(directory, method, re.sub(r"\{\w+\}", "Some-id.7", route.path)) is route, route.path


@pytest.fixture
def app() -> FastAPI:
    """Paths that look alike, in an order that matters."""
    app = FastAPI()
    for method, path in (
        ("POST", "/v1/things/all"),
        ("GET", "/v1/things/{id}"),
        ("GET", "/v1/things/all"),
        ("GET", "/v1/things/{id}/parts/{part}"),
        ("GET", "/v1/others/{path:path}"),
        ("GET", "/things/{id}"),
        ("GET", "/"),
    ):

        async def handler(name: str = f"{method} {path}") -> Response:
            return Response(name)

        app.api_route(path, methods=[method])(handler)
    return app


PATHS = (
    "/v1/things/all", "/v1/things/7", "/v1/things/7/", "/v1/things", "/v1/things/7/parts", "/v1/things/7/parts/8",
    "/v1/things/7/parts/8/9", "/v1/others/a", "/v1/others/a/b", "/v1/others/", "/things/7", "/things", "/", "//", "/v1",
    "/v1/", "/v1//things/7", "/V1/things/7", "/v1/things/7%2F8", "/v1/things/%20", "/v1/things/7%0A",
)  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("root", ["", "/behind"])
async def test_a_path_leads_where_the_framework_leads_it(app: FastAPI, method: str, root: str) -> None:
    async def answers() -> list[tuple[int, str, bytes]]:
        transport = httpx.ASGITransport(app, root_path=root)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            told = [await client.request(method, path) for path in (*PATHS, *(root + path for path in PATHS))]
        return [(one.status_code, one.headers.get("location", ""), one.content) for one in told]

    by_framework = await answers()
    app.router.routes.insert(0, Directory(app))
    assert await answers() == by_framework
