"""An invitation that lapses soon is told once for each moment that it is due, and by phone for the last."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from app.service import Service
from app.workflows.notices import send
from app.workflows.reminders import remind
from tests.accounts.people import Telephone
from tests.accounts.test_me import newcomer
from tests.agreements.given import Given
from tests.world import Somebody, World


@pytest.fixture
async def graduate(world: World) -> Somebody:
    """A graduate with a phone."""
    made = await newcomer(world)
    assert (await made.post("/v1/me/identity-verification")).status_code == 200
    return made


@pytest.fixture
async def given(world: World, graduate: Somebody) -> Given:
    """An employer who may invite them."""
    made = await Given.everybody(world)
    addressed = {name: value for name, value in graduate.facts.items() if name != "phone"}
    made.cast["graduate"] = replace(graduate, facts=addressed)
    return made


async def lapsing(world: World, given: Given, *, hours: float, valid_days: int = 5) -> str:
    """An invitation that was good for so many days, and lapses in so many hours."""
    path = await given.invitation("sent")
    await world.line.execute(
        "update app.invitations set valid_until = $2::timestamptz,"
        " created_at = $2::timestamptz - make_interval(days => $3) where id = $1",
        path.rpartition("/")[2], world.service.clock.now() + timedelta(hours=hours), valid_days,
    )  # fmt: skip
    return path


async def reminders(graduate: Somebody) -> list[str]:
    """The reminders in the inbox, the newest first."""
    kinds = [one["kind"] for one in (await graduate.get("/v1/me/messages")).json()["items"]]
    return [kind for kind in kinds if "lapses" in kind]


@pytest.mark.parametrize(
    ("hours", "valid_days", "expected"),
    [
        (49, 5, []),
        (47, 5, ["invitation-lapses-in-48h"]),
        (23, 5, ["invitation-lapses-in-24h"]),
        (-1, 5, []),
        (23, 1, []),  # it was sent with no more than that to answer
        (47, 2, []),
    ],
)
async def test_a_reminder_is_due_two_days_before_and_one_day_before(
    world: World, given: Given, hours: float, valid_days: int, expected: list[str]
) -> None:
    await lapsing(world, given, hours=hours, valid_days=valid_days)
    await remind(world.service)
    assert await reminders(given.cast["graduate"]) == expected


async def test_two_workers_remind_once_and_an_extension_makes_it_due_again(world: World, given: Given) -> None:
    path = await lapsing(world, given, hours=23)
    await asyncio.gather(*(remind(world.service) for _ in range(4)))
    assert await reminders(given.cast["graduate"]) == ["invitation-lapses-in-24h"]
    await world.line.execute(
        "update app.invitations set valid_until = valid_until + interval '30 minutes' where id = $1",
        path.rpartition("/")[2],
    )
    await remind(world.service)
    assert len(await reminders(given.cast["graduate"])) == 2


async def test_an_answered_invitation_is_not_reminded_of(world: World, given: Given) -> None:
    path = await lapsing(world, given, hours=23)
    assert (await given.cast["graduate"].move(path, "decline")).status_code == 201
    await remind(world.service)
    assert await reminders(given.cast["graduate"]) == []


async def texts(service: Service, world: World, graduate: Somebody) -> list[str]:
    """What the promised notices send to this graduate's phone."""
    telephone = Telephone()
    for row in await world.line.fetch("select payload from app.pgqueuer where entrypoint = 'notice'"):
        await send(telephone, service, orjson.loads(row["payload"]))
    return [one.text for one in telephone.messages if one.phone == graduate.facts["phone"]]


async def test_the_last_reminder_goes_to_the_phone_unless_it_was_read(
    world: World, given: Given, graduate: Somebody
) -> None:
    await lapsing(world, given, hours=23)
    await remind(world.service)
    (text,) = await texts(world.service, world, graduate)
    assert "24 小时" in text
    newest = (await graduate.get("/v1/me/messages")).json()["items"][0]["id"]
    before = world.service.db.trips
    assert (await graduate.post("/v1/me/messages/read", {"through": newest})).status_code == 204
    assert world.service.db.trips - before == 2
    assert await texts(world.service, world, graduate) == []


async def test_what_is_unread_is_something_to_do(world: World, given: Given) -> None:
    graduate, other = given.cast["graduate"], await newcomer(world)
    await given.invitation("sent")

    async def unread(who: Somebody) -> int:
        items = (await who.get("/v1/me/todo")).json()["items"]
        return sum(one["details"]["count"] for one in items if one["code"] == "read-your-messages")

    assert (await unread(graduate), await unread(other)) == (1, 0)
    newest = (await graduate.get("/v1/me/messages")).json()["items"][0]["id"]
    assert (await other.post("/v1/me/messages/read", {"through": newest})).status_code == 204
    assert await unread(graduate) == 1  # another's reading is not theirs
    assert (await graduate.post("/v1/me/messages/read", {"through": newest})).status_code == 204
    assert await unread(graduate) == 0
    assert all(one["read_at"] for one in (await graduate.get("/v1/me/messages")).json()["items"])
