"""The search for jobs: substrings of Chinese, widths and cases, facets, pages; what is not open is not found."""

from typing import Any

import pytest

from app.workflows.market import job_index
from tests.market.given import POST, Given
from tests.world import World

TITLES = {
    "pairs": "软件开发，发展前景好",
    "word": "开发展厅解说员",
    "latin": "Ｐｙｔｈｏｎ工程师（ＡＩ方向）",
    "percent": "提成100%_业务员",
}


class Market:
    """Posts by a name of the test's own, and what a graduate finds of them."""

    def __init__(self, given: Given) -> None:
        self.given, self.posts = given, dict[str, str]()

    async def post(self, name: str, situation: str = "approved", **terms: Any) -> str:
        """Publish one."""
        path = await self.given.job(situation, **terms)
        self.posts[path.rpartition("/")[2]] = name
        return path

    async def found(self, who: str = "graduate", **asked: Any) -> list[str]:
        """The names of this test's posts that somebody finds, in the order told."""
        answer = await self.given.cast[who].get("/v1/jobs", params={"limit": 200, **asked})
        assert answer.status_code == 200, answer.text
        return [self.posts[one["id"]] for one in answer.json()["items"] if one["id"] in self.posts]


@pytest.fixture
async def market(world: World) -> Market:
    """A market with nothing on it."""
    return Market(await Given.everybody(world))


async def test_a_word_is_found_as_a_substring_and_pairs_alone_do_not_make_it(market: Market) -> None:
    for name, title in TITLES.items():
        await market.post(name, title=title)
    shared = set(job_index.sought(["开发展"])) & set(job_index.grams(job_index.folded(TITLES["pairs"])))
    assert shared == {"开发", "发展"}, "the control has every pair of the word, and not the word"
    assert await market.found(q="开发展") == ["word"]
    assert await market.found(q="开发") == ["percent", "latin", "word", "pairs"], "the description has it too"
    assert await market.found(q="前景") == ["pairs"]
    assert await market.found(q="前 景") == ["pairs"], "two words of one character"
    assert await market.found(q="厅") == ["word"], "one character"
    assert await market.found(q="景前") == []


async def test_width_and_case_do_not_matter_and_signs_of_patterns_mean_themselves(market: Market) -> None:
    for name, title in TITLES.items():
        await market.post(name, title=title, description="无。")
    for query in ("python", "PYTHON工程", "ｐｙｔｈｏｎ", "(ai方向)", "Python AI", "python\u3000方向"):
        assert await market.found(q=query) == ["latin"], query
    assert await market.found(q="100%_") == ["percent"]
    for query in ("1%0", "100__", "py_hon", "python方向", "\\"):
        assert await market.found(q=query) == [], query


async def test_no_word_reaches_from_the_title_into_the_employer_or_the_description(market: Market) -> None:
    await market.post("one", title="会计", description="出纳兼文员")
    assert await market.found(q="出纳兼") == ["one"]
    assert await market.found(q="会计出纳") == await market.found(q="会计山东") == []
    assert await market.found(q="会计 出纳 测试科技") == ["one"], "every word, wherever it stands"


async def test_facets_narrow(market: Market) -> None:
    await market.post("jinan", regions=["370102"], level=None, majors=[], salary_to=7500)
    await market.post("qingdao", regions=["370202", "370211"], level="master", majors=["会计学"], salary_to=20000)
    await market.post("shanghai", regions=["310110"], level="bachelor", majors=["会计学", "金融学"], salary_to=9000)
    both = ["qingdao", "jinan"]
    expected: list[tuple[dict[str, Any], list[str]]] = [
        ({"region": "370000"}, both),
        ({"region": "370200"}, ["qingdao"]),
        ({"region": "370102"}, ["jinan"]),
        ({"region": "310000"}, ["shanghai"]),
        ({"level": "junior_college"}, ["jinan"]),
        ({"level": "bachelor"}, ["shanghai", "jinan"]),
        ({"level": "doctorate"}, ["shanghai", *both]),
        ({"major": "会计学"}, ["shanghai", "qingdao"]),
        ({"major": "会计"}, []),
        ({"salary_from": 7500}, ["shanghai", *both]),
        ({"salary_from": 7501}, ["shanghai", "qingdao"]),
        ({"salary_from": 1}, ["shanghai", *both]),
        ({"industry": "34"}, ["shanghai", *both]),
        ({"industry": "35"}, []),
        ({"region": "370000", "level": "master", "q": "后端", "salary_from": 9000}, ["qingdao"]),
    ]
    for asked, names in expected:
        assert await market.found(**asked) == names, asked
    refused = await market.given.cast["graduate"].get("/v1/jobs", params={"region": "999999"})
    assert refused.status_code == 422


async def test_graduates_find_what_is_open_and_bodies_what_is_theirs(market: Market) -> None:
    for situation in ("draft", "submitted", "approved", "rejected", "closed", "expired", "taken_down"):
        await market.post(situation, situation)
    assert await market.found() == ["approved"], "an unverified graduate"
    everything = ["taken_down", "expired", "closed", "rejected", "approved", "submitted", "draft"]
    assert await market.found("employer") == everything
    assert await market.found("employer", q="后端 开发") == everything
    assert await market.found("other employer") == await market.found("other county") == []
    for who in ("county", "city", "provincial_bureau", "provincial_education"):
        assert await market.found(who) == everything[:-1], who
        assert await market.found(who, q="前端") == [], who


async def test_the_last_day_ends_a_post_without_anybody_doing_anything(market: Market) -> None:
    path = await market.post("one")
    graduate = market.given.cast["graduate"]
    assert (await graduate.get(path)).json()["status"] == "reviewed"
    assert await market.found() == ["one"]
    await market.given.expire(path)
    told = (await graduate.get(path)).json()
    assert (told["status"], told["ending"], told["decision"]) == ("terminated", "expired", "approved")
    assert await market.found() == []


async def test_pages_follow_each_other_whatever_is_searched_for(market: Market) -> None:
    names = [f"{place}" for place in range(5)]
    for name in names:
        await market.post(name, title=f"独门手艺{name}")
    seen, cursor = [], None
    while True:
        asked = {"q": "独门手艺", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await market.given.cast["graduate"].get("/v1/jobs", params=asked)).json()
        seen += [market.posts[one["id"]] for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == names[::-1]


async def test_an_edit_of_the_substance_takes_a_post_off_until_the_bureau_agrees(market: Market) -> None:
    path, cast = await market.post("one"), market.given.cast
    moved = await cast["employer"].move(path, "edit", terms=POST | {"end_on": "2099-12-31", "contact_name": "王老师"})
    assert moved.json()["change"]["to"] == "approved"
    assert await market.found() == ["one"]
    moved = await cast["employer"].move(path, "edit", terms=POST | {"salary_to": 90000})
    assert moved.json()["change"]["to"] == "submitted"
    assert await market.found() == []
    assert (await cast["graduate"].get(path)).status_code == 404
    assert (await cast["county"].move(path, "approve")).status_code == 201
    assert await market.found(salary_from=80000) == ["one"]


async def test_the_bureau_decides_a_job_from_its_queue_in_bulk(market: Market) -> None:
    path, county = await market.post("one", "submitted"), market.given.cast["county"]
    (review,) = (await county.get("/v1/reviews", params={"kind": "job"})).json()["items"]
    assert (review["record_id"], review["subject"]["title"]) == (path.rpartition("/")[2], POST["title"])
    item = {"kind": "job", "record_id": review["record_id"], "version": review["record_version"], "action": "approve"}
    decided = await county.post("/v1/reviews/decisions", {"items": [item]})
    assert [one["status"] for one in decided.json()["results"]] == [201], decided.text
    assert await market.found() == ["one"]


@pytest.mark.parametrize(
    ("wrong", "code"), [({"salary_from": 9, "salary_to": 8}, "salary-range-reversed"), ({"regions": []}, "too-short")]
)
async def test_a_post_that_cannot_be_is_refused(market: Market, wrong: dict[str, Any], code: str) -> None:
    answer = await market.given.cast["employer"].post("/v1/jobs", {"terms": POST | wrong})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_who_is_not_approved_posts_nothing_and_nobody_posts_what_is_over(market: Market) -> None:
    newcomer = await market.given.world.employer(approved=False)
    answer = await newcomer.post("/v1/jobs", {"terms": POST})
    assert (answer.status_code, answer.json()["unmet"][0]["code"]) == (409, "employer-may-not-post")
    (blocked,) = [
        one["blocked"]["code"]
        for one in (await newcomer.get("/v1/me/options")).json()["items"]
        if one["procedure"] == "job"
    ]
    assert blocked == "employer-may-not-post"
    answer = await market.given.cast["employer"].post("/v1/jobs", {"terms": POST | {"end_on": "2020-01-01"}})
    assert (answer.status_code, answer.json()["unmet"][0]["code"]) == (409, "job-end-is-past")
    draft = await market.post("one", "draft")
    await market.given.expire(draft)
    answer = await market.given.cast["employer"].move(draft, "submit")
    assert (answer.status_code, answer.json()["unmet"][0]["code"]) == (409, "job-end-is-past")
