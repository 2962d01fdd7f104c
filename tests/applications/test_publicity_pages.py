"""The pages of publicities for people: who is on a list and until when, in two languages, without a script."""

from pathlib import Path

import pytest

from app.main import create_app
from app.pages.shell import POLICY
from app.workflows.applications import publicity_reads
from app.workflows.looking import cursor_of
from app.workflows.view import LAST_ID
from tests.agreements.given import Given
from tests.applications.given import application, over, published
from tests.documents.test_page import Outline, browse, in_chromium, served
from tests.world import World

NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
async def listed(world: World) -> tuple[Given, str]:
    """Three subsidies on a list, and where it is."""
    given = await Given.everybody(world)
    for _ in range(3):
        await application(given, "job_seeking_subsidy", "submitted", "publicity")
    answer = (await published(given, "job_seeking_subsidy", "county")).json()
    return given, f"/publicities/{answer['id']}"


async def test_a_list_is_shown_to_people_until_its_last_day(
    listed: tuple[Given, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given, path = listed
    client, service = given.world.client, given.world.service
    before = service.db.trips
    page = await client.get(path)
    assert service.db.trips - before == 1
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text.count('<td lang="zh-CN">王*明</td>') == 3
    assert "王小明" not in page.text
    told = (await client.get(f"/v1{path}")).json()
    for said in ("求职创业补贴公示", told["body"]["name"], told["ends_on"], "tel:0531-88364000"):
        assert said in page.text
    english = await client.get(path, headers={"Accept-Language": "en"})
    assert "Job-seeking subsidy" in english.text
    assert "Objections" in english.text
    assert f'href="{path}?lang=zh" lang="zh-CN">中文</a>' in english.text
    every = await client.get("/publicities?lang=en")
    assert f'<a href="{path}?lang=en">Job-seeking subsidy' in every.text

    for answer in (page, english, every):
        headers, outline = answer.headers, Outline(answer.text)
        assert headers["content-security-policy"] == POLICY
        assert "unsafe" not in POLICY
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
        assert headers["vary"] == "Accept-Language"
        assert outline.all("html") == [{"lang": headers["content-language"]}]
        for landmark in ("header", "nav", "main", "footer", "h1", "title"):
            assert len(outline.all(landmark)) == 1, landmark
        assert outline.all("script", "img", "iframe", "form") == []
        assert all(str(one["href"]).startswith(("/publicities", "tel:", "data:,")) for one in outline.all("a", "link"))
    assert [one["scope"] for one in Outline(page.text).all("th")] == ["col"] * 3

    monkeypatch.setattr(publicity_reads, "PEOPLE", 2)
    first = Outline((await client.get(path)).text)
    (following,) = [str(one["href"]) for one in first.all("a") if one.get("rel") == "next"]
    rest = await client.get(following)
    assert (rest.text.count("王*明"), 'rel="next"' in rest.text) == (1, False)
    await given.world.line.execute(
        "update app.publicities set body_name = '<script>alert(1)</script>' where id = $1", path.rpartition("/")[2]
    )
    assert Outline((await client.get(path)).text).all("script") == [], "markup in a name is text"
    await over(given, path.rpartition("/")[2])
    for gone in (path, f"/publicities/{NOWHERE}", "/publicities/%3Cb%3E"):
        answer = await client.get(gone)
        assert (answer.status_code, "<b>" in answer.text) == (404, False), gone
        assert "公示期已满" in answer.text


async def test_who_is_on_a_list_is_read_in_one_statement(listed: tuple[Given, str]) -> None:
    given, path = listed
    client, service = given.world.client, given.world.service
    for where, status in ((f"/v1{path}/items", 200), (f"/v1/publicities/{NOWHERE}/items", 404)):
        before = service.db.trips
        assert (await client.get(where)).status_code == status
        assert service.db.trips - before == 1
    empty = await client.get(f"/v1{path}/items", params={"cursor": cursor_of(LAST_ID)})
    assert (empty.status_code, empty.json()["items"]) == (200, []), "beyond the last is no list that is not there"


@in_chromium
@pytest.mark.slow
async def test_a_browser_shows_a_list_without_a_complaint_and_asks_nobody_else(
    listed: tuple[Given, str], database_url: str, tmp_path: Path
) -> None:
    given, path = listed
    app = create_app(given.world.service.settings, database_url)
    app.state.service = given.world.service
    async with served(app) as address:
        seen = await browse(f"{address}{path}?lang=zh", tmp_path, 500)
    assert seen.asked == {f"{address}{path}?lang=zh"}
    assert not seen.complained
