"""The provincial bureau's administrator says what a day is, and it holds at once."""

from datetime import date

import pytest

from app.service import Service
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
    assert (told["known"], told["days"]) == (
        True,
        [{"date": "2033-05-02", "is_working": False, "name": "劳动节"}],
    )
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
