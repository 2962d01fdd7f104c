"""Pages of another origin may call when the operator says so, and read what they need."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app import problems
from app.boundary import SHOWN, TAKEN

PORTAL, STRANGER = "https://portal.example.cn", "https://elsewhere.example.com"


def application(*origins: str) -> FastAPI:
    """An application with one path that works and one that breaks."""
    app = FastAPI()

    @app.get("/works")
    async def works() -> int:
        return 7

    @app.get("/breaks")
    async def breaks() -> None:
        raise ZeroDivisionError

    problems.install(app, body_limit=1000, origins=origins)
    return app


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(PORTAL))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def preflight(origin: str, *headers: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": ", ".join(headers),
    }


async def test_a_named_origin_may_send_what_the_contract_takes(api: httpx.AsyncClient) -> None:
    answer = await api.options("/works", headers=preflight(PORTAL, *TAKEN))
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert (await api.options("/works", headers=preflight(PORTAL, "X-Own"))).status_code == 400


@pytest.mark.parametrize("path", ["/works", "/nowhere", "/breaks"])
async def test_a_named_origin_reads_every_answer_and_its_headers(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path, headers={"Origin": PORTAL})
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert answer.headers["access-control-expose-headers"].split(", ") == list(SHOWN)
    assert {"ETag", "Location", "Retry-After", "Link", "Idempotent-Replayed", "X-Request-ID"} <= {*SHOWN}


async def test_another_origin_reads_nothing(api: httpx.AsyncClient) -> None:
    assert (await api.options("/works", headers=preflight(STRANGER))).status_code == 400
    for path in ("/works", "/breaks"):
        assert "access-control-allow-origin" not in (await api.get(path, headers={"Origin": STRANGER})).headers


async def test_nobody_reads_anything_where_no_origin_is_named() -> None:
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/works", headers={"Origin": PORTAL})
        assert "access-control-allow-origin" not in answer.headers
        assert (await client.options("/works", headers=preflight(PORTAL))).status_code == 405
