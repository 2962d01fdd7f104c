"""What everybody may read: codes, policies, schools, bodies, the calendar, the workflows. Nobody signs in for it."""

from typing import Any

import asyncpg
import httpx
import pytest

from app import codes
from app.schemas.policy import PolicyDocument
from app.workflows.procedures import WORKFLOWS

PATHS = (
    "/v1/codes",
    "/v1/codes/unit_nature",
    "/v1/policies",
    "/v1/policies/2027",
    "/v1/schools",
    "/v1/bodies",
    "/v1/calendar?year=2026",
    "/v1/minimum-wages",
    "/v1/minimum-wages/370102",
    "/v1/workflows",
    "/v1/workflows/employer",
)


@pytest.mark.parametrize("path", PATHS)
async def test_it_is_cached_by_etag_for_everybody(anyone: httpx.AsyncClient, path: str) -> None:
    first = await anyone.get(path)
    assert first.status_code == 200, first.text
    assert first.headers["cache-control"].startswith("public, max-age=")
    second = await anyone.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/codes/shoe_sizes",
        "/v1/policies/2000",
        "/v1/workflows/coffee",
        "/v1/bodies/01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
async def test_what_is_not_there_is_404(anyone: httpx.AsyncClient, path: str) -> None:
    assert (await anyone.get(path)).status_code == 404


async def everything(anyone: httpx.AsyncClient, path: str, **params: Any) -> list[dict[str, Any]]:
    """All items, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await anyone.get(path, params={**params, "limit": 40, **cursor})
        page = answer.json()
        items += page["items"]
        if page["next_cursor"] is None:
            assert "link" not in answer.headers
            return items
        assert 'rel="next"' in answer.headers["link"]
        cursor = {"cursor": page["next_cursor"]}


async def test_schools_are_listed_page_by_page_each_once(anyone: httpx.AsyncClient) -> None:
    listed = [one["code"] for one in await everything(anyone, "/v1/schools")]
    assert listed == sorted(school.code for school in codes.schools())
    here = await everything(anyone, "/v1/schools", city="青岛市", level="本科")
    assert {one["city"] for one in here} == {"青岛市"}
    assert {one["level"] for one in here} == {"本科"}


async def test_bodies_are_narrowed_by_kind_and_by_what_is_above(anyone: httpx.AsyncClient) -> None:
    assert len(await everything(anyone, "/v1/bodies")) == 145 + 151 + 16 + 3
    jinan = next(one for one in await everything(anyone, "/v1/bodies", kind="city") if one["code"] == "370100")
    below = await everything(anyone, "/v1/bodies", parent_id=jinan["id"])
    assert {one["kind"] for one in below} == {"county"}
    assert len(below) == 13
    assert (await anyone.get(f"/v1/bodies/{jinan['id']}")).json() == jinan


async def test_employers_are_no_bodies_for_everybody(anyone: httpx.AsyncClient, founded_url: str) -> None:
    line = await asyncpg.connect(founded_url)
    body = "01890a5d-ac96-774b-bcce-b30209900001"
    await line.execute(
        "insert into app.bodies (id, kind, code, name, created_at) values ($1, 'employer', 'x', '某公司', now())", body
    )
    assert (await anyone.get(f"/v1/bodies/{body}")).status_code == 404
    assert body not in {one["id"] for one in await everything(anyone, "/v1/bodies")}
    assert (await anyone.get("/v1/bodies", params={"kind": "employer"})).status_code == 422
    await line.execute("delete from app.bodies where id = $1", body)
    await line.close()


async def test_a_code_table_is_whole_and_in_the_order_of_its_standard(anyone: httpx.AsyncClient) -> None:
    listed = (await anyone.get("/v1/codes")).json()["items"]
    assert {one["table"] for one in listed} == set(codes.TABLES)
    regions = (await anyone.get("/v1/codes/region")).json()["items"]
    assert [one["code"] for one in regions] == [*codes.tables()["region"].rows]
    assert regions[0] == {"code": "110000", "name": "北京市", "more": {"level": "province", "parent": ""}}


async def test_the_policy_that_holds_now_is_the_newest_in_effect(anyone: httpx.AsyncClient, founded_url: str) -> None:
    rules = {"registration": "self_registration", "leave_on": "2024-07-15", "invitation_days": 7}
    document = PolicyDocument.model_validate(rules).model_dump_json()
    line = await asyncpg.connect(founded_url)
    await line.execute(
        "insert into app.policies values (2024, 2, '{}', '2019-01-01'), (2024, 3, $1, '2020-01-01'),"
        " (2024, 4, '{}', '2090-01-01')",
        document,
    )
    await line.close()
    told = (await anyone.get("/v1/policies/2024")).json()
    assert (told["version"], told["rules"]["leave_on"], told["rules"]["invitation_days"]) == (3, "2024-07-15", 7)
    listed = [(one["cohort"], one["version"]) for one in (await anyone.get("/v1/policies")).json()["items"]]
    assert listed == [(2027, 1), (2024, 3), (2022, 1), (2018, 1)]


async def test_the_calendar_says_which_years_are_known(anyone: httpx.AsyncClient) -> None:
    told = (await anyone.get("/v1/calendar", params={"year": 2026})).json()
    days = {one["date"]: one["is_working"] for one in told["days"]}
    assert told["known"]
    assert days["2026-10-01"] is False
    assert told["source"]
    unknown = (await anyone.get("/v1/calendar", params={"year": 2090})).json()
    assert [unknown[name] for name in ("known", "version", "source", "days")] == [False, None, None, []]
    assert {2018, 2022, 2026} <= {*told["known_years"]} == {*unknown["known_years"]}
    assert 2090 not in unknown["known_years"]


async def test_the_published_workflow_is_the_table_that_decides(anyone: httpx.AsyncClient) -> None:
    told = {one["name"]: one for one in (await anyone.get("/v1/workflows")).json()["items"]}
    assert told.keys() == WORKFLOWS.keys()
    approve = next(row for row in told["employer"]["transitions"] if row["action"] == "approve")
    assert approve == {
        "action": "approve",
        "from": ["submitted"],
        "to": ["approved"],
        "who": "a_reviewer_of_the_chain",
        "provided": [],
        "rules": ["it_is_their_turn", "nobody_else_claimed_it", "the_licence_is_attached"],
        "effects": ["close_the_review", "date_the_decision", "tell_the_employer"],
        "reproof": False,
    }
