"""The provincial bureau's administrator enters days and years: they hold at once, and of two editors one wins."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app import main
from app.service import Service
from app.settings import Settings
from app.workflows.province import calendar_days
from tests.settings.test_settings import OWN
from tests.world import Somebody, World

DAY = "/v1/calendar/2033-05-02"


async def put(who: Somebody, path: str, body: dict[str, object]) -> int:
    return (await who.client.put(path, json=body, headers=who.headers({}))).status_code


async def test_a_day_is_set_and_counted_at_once(world: World, service: Service) -> None:
    bureau = await world.staff("provincial_bureau", "administrator")
    monday = date(2033, 5, 2)
    before = service.calendar.add_working_days(date(2033, 4, 29), 1)
    assert before == monday
    assert await put(bureau, DAY, {"is_working": False, "name": "劳动节"}) == 200
    assert service.calendar.add_working_days(date(2033, 4, 29), 1) == date(2033, 5, 3)
    told = (await bureau.get("/v1/calendar", params={"year": 2033})).json()
    assert told["days"] == [{"date": "2033-05-02", "is_working": False, "name": "劳动节"}]
    assert (told["known"], told["version"]) == (False, 1), "one day is not the year"
    assert await put(bureau, DAY, {"is_working": True}) == 200
    assert service.calendar.is_working(monday)


@pytest.mark.parametrize(
    ("kind", "role"),
    [("provincial_bureau", "reviewer"), ("provincial_education", "administrator"), ("school", "administrator")],
)
async def test_nobody_else_sets_a_day(world: World, service: Service, kind: str, role: str) -> None:
    person, before = await world.staff(kind, role), service.calendar
    assert await put(person, "/v1/calendar/2034-05-01", {"is_working": False}) == 403
    assert service.calendar is before
    assert not await world.line.fetchval("select true from app.calendar_days where date = '2034-05-01'")


@pytest.mark.parametrize("path", ["/v1/calendar/2034-02-30", "/v1/calendar/1999-01-01", "/v1/calendar/tomorrow"])
async def test_a_day_that_is_none_is_refused(world: World, path: str) -> None:
    bureau = await world.staff("provincial_bureau", "administrator")
    assert await put(bureau, path, {"is_working": False}) == 422


MAY_DAY = {"date": "2035-05-01", "is_working": False, "name": "劳动节"}
MADE_UP = {"date": "2035-04-28", "is_working": True, "name": "劳动节调休"}
NEW_YEAR = {"date": "2035-01-01", "is_working": False, "name": "元旦"}
NOTICE = "国务院办公厅关于2035年部分节假日安排的通知"


async def enter(who: Somebody, seen: int | None, *days: dict[str, Any], year: int = 2035) -> httpx.Response:
    version = {"If-Match": f'"{seen}"'} if seen else {"If-None-Match": "*"}
    body = {"source": NOTICE, "days": days}
    return await who.client.put(f"/v1/calendar/years/{year}", json=body, headers=who.headers(version))


async def test_a_year_is_entered_whole_and_replaced_only_by_who_saw_it(world: World, service: Service) -> None:
    bureau, friday = await world.staff("provincial_bureau", "administrator"), date(2035, 4, 27)
    assert service.calendar.add_working_days(friday, 1) == date(2035, 4, 30), "the control: by the week"
    entered = await enter(bureau, None, MAY_DAY, MADE_UP)
    assert entered.status_code == 201, entered.text
    assert service.calendar.add_working_days(friday, 1) == date(2035, 4, 28)
    public = await bureau.get("/v1/calendar", params={"year": 2035})
    told = public.json()
    assert told == entered.json()
    assert told["days"] == [MADE_UP, MAY_DAY]
    assert (told["version"], told["known"], told["source"]) == (1, True, NOTICE)
    assert 2035 in told["known_years"]
    answers = await asyncio.gather(*(enter(bureau, 1, NEW_YEAR | {"name": f"元旦{n}"}) for n in range(5)))
    assert sorted(one.status_code for one in answers) == [200, *[412] * 4]
    (won,) = [one.json() for one in answers if one.status_code == 200]
    assert (won["version"], [one["date"] for one in won["days"]]) == (2, ["2035-01-01"]), "what is left out is gone"
    assert service.calendar.add_working_days(friday, 1) == date(2035, 4, 30)
    again = await enter(bureau, 1, *won["days"])
    assert (again.status_code, again.json()) == (200, won), "what is so already needs no version"
    tagged = {"If-Match": (await bureau.get("/v1/calendar", params={"year": 2035})).headers["etag"]}
    body = {"source": NOTICE, "days": [NEW_YEAR]}
    third = await world.client.put("/v1/calendar/years/2035", json=body, headers=bureau.headers(tagged))
    assert third.json()["version"] == 3
    assert await put(bureau, "/v1/calendar/2035-05-01", {"is_working": False}) == 200
    assert (await enter(bureau, 3, MAY_DAY)).status_code == 412, "a single day is a change of its year"
    unseen = await world.client.put("/v1/calendar/years/2035", json=body, headers=bureau.headers({}))
    assert (unseen.status_code, unseen.json()["code"]) == (428, "version-required")
    steps = await world.line.fetch(
        "select seq, action, comment, diff from app.trail where record_kind = 'calendar_year' and account_id = $1"
        " order by seq",
        bureau.account,
    )
    assert [(one["seq"], one["action"]) for one in steps] == [
        (1, "enter_year"), (2, "enter_year"), (3, "enter_year"), (4, "enter_day"),
    ]  # fmt: skip
    assert steps[0]["comment"] == NOTICE
    assert [sorted(json.loads(one["diff"])) for one in steps] == [
        ["2035-04-28", "2035-05-01"], ["2035-01-01", "2035-04-28", "2035-05-01"], ["2035-01-01"], ["2035-05-01"],
    ]  # fmt: skip
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def test_a_year_is_entered_all_or_nothing_and_each_wrong_row_is_pointed_at(world: World) -> None:
    bureau = await world.staff("provincial_bureau", "administrator")
    days = [{**one, "date": one["date"].replace("2035", "2036")} for one in (MAY_DAY, NEW_YEAR)]
    refused = await enter(bureau, None, *days, MADE_UP, days[0], year=2036)
    assert refused.status_code == 422, refused.text
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/body/days/2/date", "day-of-another-year"), ("/body/days/3/date", "day-repeated"),
    ]  # fmt: skip
    unreal = await enter(bureau, None, days[0], {**days[1], "date": "2036-02-30"}, year=2036)
    assert [(one["pointer"], one["code"]) for one in unreal.json()["errors"]] == [
        ("/body/days/1/date", "date-unreal")
    ]  # fmt: skip
    assert (await enter(bureau, None, year=2036)).status_code == 422, "a year has holidays"
    told = (await bureau.get("/v1/calendar", params={"year": 2036})).json()
    assert (told["version"], told["known"], told["days"]) == (None, False, [])
    for kind, role in (("provincial_bureau", "reviewer"), ("provincial_education", "administrator")):
        assert (await enter(await world.staff(kind, role), None, *days, year=2036)).status_code == 403
    assert (await enter(bureau, None, *days, year=2036)).status_code == 201, "the control"


async def test_days_entered_at_once_are_all_kept(world: World) -> None:
    bureau = await world.staff("provincial_bureau", "administrator")
    paths = [f"/v1/calendar/2037-05-0{day}" for day in (1, 2, 3)]
    assert await asyncio.gather(*(put(bureau, path, {"is_working": False}) for path in paths)) == [200] * 3
    told = (await bureau.get("/v1/calendar", params={"year": 2037})).json()
    assert (told["version"], len(told["days"])) == (3, 3)


async def test_a_process_counts_by_what_another_entered_soon_after(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_days, "EVERY", timedelta(milliseconds=5))
    app, monday = main.create_app(Settings(**OWN | {"pool_size": 1}), database_url), date(2038, 5, 3)
    async with asyncio.timeout(20), LifespanManager(app):
        other: Service = app.state.service
        assert other.calendar.is_working(monday), "the control"
        await world.line.execute("insert into app.calendar_days values ('2038-05-03', false, '')")
        while other.calendar.is_working(monday):
            await world.line.execute("select pg_sleep(0.01)")
    assert world.service.calendar.is_working(monday), "this one has not looked"
