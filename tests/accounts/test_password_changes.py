"""Changing one's password: the present one, a new one by the rules; the other sessions end."""

import asyncio
from typing import Any

import httpx

from tests.accounts.lost import NEW_PASSWORD, a_graduate, lives
from tests.accounts.people import messages_to, sign_in
from tests.world import PASSWORD, Somebody, World

PATH = "/v1/me/password"
GRADUATE = {"as": "graduate", "level": "bachelor"}


async def change(world: World, who: Somebody, new: str = NEW_PASSWORD, present: str = PASSWORD) -> httpx.Response:
    """Change one's password."""
    given: dict[str, Any] = {"present_password": present, "password": new}
    return await world.client.put(PATH, json=given, headers=who.headers({}))


async def test_a_new_password_ends_the_other_sessions_and_is_told(world: World) -> None:
    who, me = await a_graduate(world)
    elsewhere = Somebody(
        world.client, (await sign_in(world, **GRADUATE, phone=who.phone)).json()["access_token"], me.account
    )
    assert await lives(world, elsewhere)
    before = world.service.db.trips
    assert (await change(world, me)).status_code == 204
    assert world.service.db.trips - before <= 3
    assert await lives(world, me)
    assert not await lives(world, elsewhere)
    assert (await me.get("/v1/me/messages")).json()["items"][0]["kind"] == "password-changed"
    assert (await messages_to(world, who.phone))[-1].kind == "password-changed"
    assert (await sign_in(world, **GRADUATE, phone=who.phone)).status_code == 401
    assert (await sign_in(world, **GRADUATE, phone=who.phone, password=NEW_PASSWORD)).status_code == 201


async def test_the_present_password_is_needed_ten_times_at_most(world: World) -> None:
    _, me = await a_graduate(world)
    for _ in range(10):
        refused = await change(world, me, present="wrong")
        assert (refused.status_code, refused.json()["code"]) == (403, "password-wrong")
    assert (await change(world, me)).status_code == 429
    assert await lives(world, me)


async def test_a_password_keeps_the_rules_and_a_refusal_changes_nothing(world: World) -> None:
    who, me = await a_graduate(world)
    for new, code in (
        ("1234567890", "password-common"),
        (f"x{who.phone}y", "password-personal"),
        (f"pw-{who.fields['id_number'][6:14]}-x", "password-personal"),
        ("我是王小明我很喜欢读书", "password-personal"),
        (PASSWORD, "password-unchanged"),
        ("mpxvqjtrw", "too-short"),
    ):
        refused = await change(world, me, new)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code), new
        assert new not in refused.text
    assert (await sign_in(world, **GRADUATE, phone=who.phone)).status_code == 201


async def test_staff_need_more_characters_by_a_setting(world: World) -> None:
    _, graduate = await a_graduate(world)
    staff, least = await world.staff("school"), world.service.settings.staff_password_minimum
    long, short = "mpxvqjtrwkzyhd-fgb"[:least], "mpxvqjtrwkzyhd-fgb"[: least - 1]
    refused = await change(world, staff, short)
    assert refused.json()["errors"][0]["code"] == "password-too-short"
    assert (await change(world, graduate, short)).status_code == 204
    assert (await change(world, staff, long)).status_code == 204


async def test_of_two_new_passwords_at_once_one_holds(world: World) -> None:
    who, me = await a_graduate(world)
    new = [f"{NEW_PASSWORD}-{n}" for n in range(3)]
    answers = await asyncio.gather(*(change(world, me, one) for one in new))
    assert min(one.status_code for one in answers) == 204
    assert {one.status_code for one in answers} <= {204, 403, 503}
    signed_in = [await sign_in(world, **GRADUATE, phone=who.phone, password=one) for one in new]
    assert sorted(one.status_code for one in signed_in) == [201, 401, 401]
