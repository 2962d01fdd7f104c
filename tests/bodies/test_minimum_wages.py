"""Minimum wages are data: entered by the province, in force by the clock alone, looked at by the pre-check of wages."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.service import Service
from tests.agreements.given import Given
from tests.bodies.test_policies import at
from tests.destinations.forms import OTHERWISE
from tests.destinations.given import submitted
from tests.world import Somebody, World

NOTICE = "关于公布全省最低工资标准的通知"


async def put(who: Somebody, path: str, monthly: int, seen: int | None = None, **more: Any) -> httpx.Response:
    version = {"If-Match": f'"{seen}"'} if seen else {"If-None-Match": "*"}
    body = {"monthly": monthly, "source": NOTICE, **more}
    return await who.client.put(f"/v1/minimum-wages/{path}", json=body, headers=who.headers(version))


async def of(who: Somebody, region: str) -> tuple[Any, list[Any]]:
    """What applies in a place, as (region, monthly); its own, as (first day, monthly, holds)."""
    told = (await who.get(f"/v1/minimum-wages/{region}")).json()
    applies = told["applies"] and (told["applies"]["region"], told["applies"]["monthly"])
    return applies, [(one["effective_from"], one["monthly"], one["holds"]) for one in told["items"]]


async def test_a_minimum_wage_takes_effect_by_the_clock_and_is_what_wages_are_held_against(
    world: World, service: Service
) -> None:
    given, bureau = await Given.everybody(world), await world.staff("provincial_bureau", "administrator")
    graduate, county, city = given.cast["graduate"], "371402", "371400"

    async def found(wage: int) -> list[str]:
        await given.new_graduate()
        path = await submitted(given.cast["graduate"], OTHERWISE | {"region": county, "salary_monthly": wage})
        findings: list[str] = (await given.cast["department"].get(path)).json()["findings"]
        return findings

    for path, monthly in ((f"{city}/2031-10-01", 9000), (f"{county}/2031-11-01", 9500)):
        assert (await put(bureau, path, monthly)).json()["holds"] is False
    midnight = datetime(2031, 9, 30, 16, tzinfo=UTC)  # in Asia/Shanghai, where 1 October begins
    with at(service, midnight - timedelta(seconds=30)):
        assert await of(graduate, county) == (("370000", 1820), [("2031-11-01", 9500, False)]), "the control"
        assert await found(8999) == []
    with at(service, midnight + timedelta(seconds=1)):
        assert await of(graduate, county) == ((city, 9000), [("2031-11-01", 9500, False)])
        assert await found(8999) == ["wage-below-minimum"]
        assert await found(9000) == []
        assert city in await listed(graduate)
        assert county not in await listed(graduate)
    with at(service, midnight + timedelta(days=31)):
        assert await of(graduate, county) == ((county, 9500), [("2031-11-01", 9500, True)]), "its own, not its city's"
        assert await found(9499) == ["wage-below-minimum"]


async def listed(who: Somebody) -> dict[str, int]:
    """What each region has of its own today, a page of one at a time."""
    found, cursor = dict[str, int](), dict[str, str]()
    while True:
        page = (await who.get("/v1/minimum-wages", params={"limit": 1, **cursor})).json()
        assert all(one["holds"] for one in page["items"])
        found |= {one["region"]: one["monthly"] for one in page["items"]}
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_a_correction_names_the_version_and_leaves_a_step(world: World) -> None:
    bureau, path = await world.staff("provincial_bureau", "administrator"), "371500/2020-01-01"
    first = await put(bureau, path, 1900)
    assert (first.status_code, first.json()["version"], first.json()["holds"]) == (201, 1, True)
    assert (await put(bureau, path, 1901)).status_code == 412, "there is one already"
    answers = await asyncio.gather(*(put(bureau, path, 2000 + n, 1) for n in range(5)))
    assert sorted(one.status_code for one in answers) == [200, *[412] * 4]
    (won,) = [one.json() for one in answers if one.status_code == 200]
    assert (await listed(bureau))["371500"] == won["monthly"]
    again = await put(bureau, path, won["monthly"], 1)
    assert (again.status_code, again.json()) == (200, won), "what is so already needs no version"
    assert (await put(bureau, path, 2100, 3)).status_code == 412
    body = {"monthly": 2100, "source": NOTICE}
    unseen = await world.client.put(f"/v1/minimum-wages/{path}", json=body, headers=bureau.headers({}))
    assert (unseen.status_code, unseen.json()["code"]) == (428, "version-required")
    later = await put(bureau, "371500/2019-01-01", 1700)
    assert later.json()["holds"] is False, "an older one was superseded"
    steps = await world.line.fetch(
        "select seq, diff from app.trail where record_kind = 'minimum_wage' and account_id = $1 order by id",
        bureau.account,
    )
    assert [(one["seq"], json.loads(one["diff"])["monthly"]) for one in steps] == [
        (1, [None, 1900]), (2, [1900, won["monthly"]]), (1, [None, 1700]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "monthly", "pointer"),
    [
        ("999999/2030-01-01", 2000, "/path/region"),
        ("371600/2030-02-30", 2000, "/path/effective_from"),
        ("371600/2030-01-01", 0, "/body/monthly"),
    ],
)
async def test_what_is_wrong_is_pointed_at(world: World, path: str, monthly: int, pointer: str) -> None:
    refused = await put(await world.staff("provincial_bureau", "administrator"), path, monthly)
    assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (422, [pointer])


async def test_nobody_else_enters_one(world: World) -> None:
    for kind, role in (
        ("provincial_bureau", "reviewer"), ("provincial_education", "administrator"), ("city", "administrator"),
    ):  # fmt: skip
        refused = await put(await world.staff(kind, role), "371600/2030-01-01", 2000)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert not await world.line.fetchval("select true from app.minimum_wages where region = '371600'")
