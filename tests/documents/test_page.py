"""The page behind the QR code: complete without scripts, in both languages, in a real browser on a telephone."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from app.documents.printer import NOTO
from app.main import create_app
from app.pages.shell import STYLE
from tests.agreements.given import Given
from tests.documents.test_serving import rows
from tests.world import World

CHROMIUM = Path("/usr/bin/chromium")
UNKNOWN = "ZZZZZZZZZZZZZZZZZZZZ"
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Outline(HTMLParser):
    """What a screen reader walks over: elements with their attributes, all closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture
async def given(world: World) -> Given:
    return await Given.everybody(world)


async def page_of(given: Given, client: httpx.AsyncClient, situation: str, lang: str) -> httpx.Response:
    path = await given.agreement(situation, "department" if situation == "submitted" else None)
    code = (await rows(given.world, path))[0]["code"]
    return await client.get(f"/verify/{code}?lang={lang}")


@pytest.mark.parametrize(
    ("situation", "lang", "said"),
    [
        ("submitted", "zh", "真实，尚在审核"),
        ("approved", "zh", "真实有效"),
        ("approved", "en", "Genuine and in force"),
        ("terminated", "zh", "已终止，不再有效"),
        ("terminated", "en", "Ended, no longer in force"),
    ],
)
async def test_the_page_says_how_things_stand(
    given: Given, client: httpx.AsyncClient, situation: str, lang: str, said: str
) -> None:
    page = await page_of(given, client, situation, lang)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert said in page.text
    assert "王*明" in page.text
    assert "王小明" not in page.text


@pytest.mark.parametrize(
    ("accepted", "query", "lang"),
    [(None, "", "zh-CN"), ("en-GB,en", "", "en"), ("en", "?lang=zh", "zh-CN"), ("zh", "?lang=en", "en"),
     ("zh", "?lang=fr", "zh-CN")],
)  # fmt: skip
async def test_the_language_is_the_address_s_or_the_browser_s(
    client: httpx.AsyncClient, accepted: str | None, query: str, lang: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    for path in ("/verify", f"/verify/{UNKNOWN}"):
        page = await client.get(path + query, headers=headers)
        assert page.headers["content-language"] == lang
        assert Outline(page.text).all("html") == [{"lang": lang}]


@pytest.mark.parametrize("situation", ["approved", "unknown", "form"])
async def test_a_page_has_landmarks_one_heading_and_labels(
    given: Given, client: httpx.AsyncClient, situation: str
) -> None:
    page = (
        await page_of(given, client, "approved", "zh")
        if situation == "approved"
        else await client.get("/verify" if situation == "form" else f"/verify/{UNKNOWN}")
    )
    outline = Outline(page.text)
    for landmark in ("header", "nav", "main", "footer", "h1", "title"):
        assert len(outline.all(landmark)) == 1, landmark
    assert outline.all("script", "img", "iframe") == []
    labels = {one["for"] for one in outline.all("label")}
    assert {one["id"] for one in outline.all("input") if one.get("type") != "hidden"} == labels
    assert all(str(one["href"]).startswith(("/verify", "data:,")) for one in outline.all("a", "link"))
    assert "user-scalable" not in page.text


def _luminance(color: str) -> float:
    digits = color.removeprefix("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_ink_has_enough_contrast_on_every_ground() -> None:
    """WCAG 1.4.3: 4.5 at least."""
    inks = set(re.findall(r"[{;}]color:(#[0-9a-f]+)", STYLE)) - {"#fff"}
    assert len(inks) >= 5
    for ink in inks:
        for ground in ("#f3f4f6", "#fff"):
            assert _contrast(ink, ground) >= 4.5, (ink, ground)
    assert _contrast("#fff", "#0b4f8a") >= 4.5
    assert _contrast("#9ca3af", "#fff") < 4.5, "the control: a usual gray"


async def test_the_page_may_load_nothing_but_its_own_style(client: httpx.AsyncClient) -> None:
    page = await client.get("/verify")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script-src" not in policy


async def test_what_is_typed_leads_to_its_page_and_nowhere_else(client: httpx.AsyncClient) -> None:
    for typed, target in (
        ("7k3m9-qxb2a-5d8fg-hj4np", "/verify/7K3M9QXB2A5D8FGHJ4NP?lang=zh"),
        ("//evil.example", "/verify/EV11EXAMP1E?lang=zh"),
        ("a\r\nX: y", "/verify/AXY?lang=zh"),
        ("..?x=1#y", "/verify/X1Y?lang=zh"),
        ("🐉", "/verify/-?lang=zh"),
    ):
        answer = await client.get("/verify", params={"code": typed, "lang": "zh"})
        assert (answer.status_code, answer.headers["location"]) == (303, target)


async def test_names_are_marked_as_chinese_on_the_english_page_too(given: Given, client: httpx.AsyncClient) -> None:
    page = await page_of(given, client, "approved", "en")
    assert '<dd lang="zh-CN">王*明</dd>' in page.text
    assert '<a href="/verify/' in page.text
    assert 'lang="zh-CN">中文</a>' in page.text


async def test_markup_in_a_name_is_text(given: Given, client: httpx.AsyncClient) -> None:
    path = await given.agreement("approved", None)
    await given.world.line.execute(
        "update app.placements set unit_name = '<script>alert(1)</script>' where id = $1", path.rpartition("/")[2]
    )
    code = (await rows(given.world, path))[0]["code"]
    page = await client.get(f"/verify/{code}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert Outline(page.text).all("script") == []


# -- in a browser -----------------------------------------------------------------------------------------------------


NAIVE = b"""<!doctype html><html lang="en"><head><title>Naive</title><link rel="icon" href="data:,"></head><body>
<img src="http://elsewhere.invalid/pixel.png" alt=""><script>console.error("a complaint")</script></body></html>"""


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The address of an application on a socket of its own, for a browser."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn tells in no other way)
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    await serving


@dataclass(frozen=True)
class Seen:
    """What a browser showed, what the page asked for, and whether it complained."""

    shot: bytes
    asked: set[str]
    complained: bool


async def browse(url: str, folder: Path, width: int) -> Seen:
    """Open a page in a browser that reaches this machine alone."""
    log, shot = folder / "net.json", folder / "page.png"
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--no-first-run", "--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--enable-logging=stderr",
        f"--window-size={width},900", f"--screenshot={shot}", url,
    ]  # fmt: skip
    fonts = folder / "fonts.conf"
    fonts.write_text(f"<fontconfig><dir>{NOTO}</dir><dir>/usr/share/fonts</dir></fontconfig>")
    ran = await asyncio.to_thread(
        lambda: subprocess.run(
            command, capture_output=True, timeout=60, check=True, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
    )
    noted = json.loads(log.read_text("utf-8"))
    kind = noted["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    starts = [one["params"] for one in noted["events"] if one["type"] == kind and "url" in one.get("params", {})]
    # the browser asks for things of its own (updates, a clock), which belong to no page
    asked = {one["url"] for one in starts if "http://127.0.0.1" in str(one.get("network_isolation_key"))}
    return Seen(shot.read_bytes(), asked, b"CONSOLE" in ran.stderr)


in_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed: no browser to look with")


@in_chromium
@pytest.mark.slow
@pytest.mark.parametrize(("width", "lang"), [(500, "zh"), (1280, "en")])
async def test_a_browser_shows_it_without_a_complaint_and_asks_nobody_else(
    given: Given, database_url: str, tmp_path: Path, width: int, lang: str
) -> None:
    path = await given.agreement("approved", None)
    code = (await rows(given.world, path))[0]["code"]
    app = create_app(given.world.service.settings, database_url)
    app.state.service = given.world.service
    async with served(app) as address:
        seen = await browse(f"{address}/verify/{code}?lang={lang}", tmp_path, width)
    assert seen.shot.startswith(b"\x89PNG")
    assert seen.asked == {f"{address}/verify/{code}?lang={lang}"}
    assert not seen.complained


@in_chromium
@pytest.mark.slow
async def test_the_same_look_notices_a_page_that_asks_elsewhere_and_complains(tmp_path: Path) -> None:
    """The control."""

    async def naive(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": NAIVE})

    async with served(naive) as address:
        seen = await browse(f"{address}/", tmp_path, 500)
    assert "http://elsewhere.invalid/pixel.png" in seen.asked
    assert seen.complained
