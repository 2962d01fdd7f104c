"""Pages for people: what each code means, and Swagger UI, neither of which needs the outside world."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app import docs_page, problems, texts
from app.routers.problems import router
from app.service import Service


@pytest.fixture(scope="module")
async def api(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has only the pages."""
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.service = service
    app.include_router(router)
    problems.install(app, body_limit=1000)
    docs_page.install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_program_reads_what_a_code_means(api: httpx.AsyncClient) -> None:
    answer = await api.get("/problems/stale-version", headers={"Accept-Language": "en"})
    assert answer.json() == {
        "code": "stale-version",
        "status": 412,
        "title": "Version changed",
        "detail": "The record has changed since. Read it again.",
    }
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("en", "Accept, Accept-Language")
    items = (await api.get("/problems")).json()["items"]
    assert {item["code"] for item in items} == set(texts.catalog())
    assert {item["code"]: item["status"] for item in items}["required"] is None


async def test_a_person_reads_what_a_code_means_in_both_languages(api: httpx.AsyncClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = await api.get("/problems/stale-version", headers=browser)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for expected in ("HTTP 412", "版本已更新", "Version changed"):
        assert expected in page.text
    assert '<a href="/problems/stale-version">' in (await api.get("/problems", headers=browser)).text


@pytest.mark.parametrize(("code", "status"), [("no-such-code", 404), ("<script>", 422)])
async def test_an_unknown_code_is_a_problem_itself(api: httpx.AsyncClient, code: str, status: int) -> None:
    answer = await api.get(f"/problems/{code}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_docs_page_loads_only_from_here(api: httpx.AsyncClient) -> None:
    page = await api.get("/docs")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 4
    for address in loaded:
        assert address.startswith("/docs/")
        assert (await api.get(address)).status_code == 200, address


async def test_a_missing_asset_is_a_problem(api: httpx.AsyncClient) -> None:
    answer = await api.get("/docs/assets/../../secret")
    assert (answer.status_code, answer.json()["code"]) == (404, "path-unknown")
