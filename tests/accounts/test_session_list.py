"""Where I am signed in: listed, told apart, ended one by one or all but this one, at once."""

from typing import Any

import pytest

from app.devices import device_of
from tests.accounts.people import captcha, enrolled, register
from tests.world import PASSWORD, Somebody, World

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
    " Edg/130.0.0.0"
)


async def signed_in(world: World, account: str) -> Somebody:
    """One more session of an account."""
    return Somebody(world.client, await world.session(account, amr=("pwd", "otp")), account)


async def listed(who: Somebody) -> list[dict[str, Any]]:
    """All sessions of somebody."""
    answer = await who.get("/v1/auth/sessions")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def drop(who: Somebody, path: str = "") -> int:
    """The status of ending a session."""
    answer = await who.client.delete(f"/v1/auth/sessions{path}", headers=who.headers({}))
    return answer.status_code


async def test_everybody_sees_their_own_sessions_alone(world: World) -> None:
    first = await world.staff("school")
    second, stranger = await signed_in(world, first.account), await world.staff("school")
    mine = await listed(second)
    assert [one["current"] for one in mine] == [True, False]
    assert [one["current"] for one in await listed(first)] == [False, True]
    assert {one["id"] for one in mine} == {one["id"] for one in await listed(first)}
    (theirs,) = await listed(stranger)
    assert theirs["id"] not in {one["id"] for one in mine}
    assert mine[0]["amr"] == ["pwd", "otp"]
    assert mine[0]["device"] is None


async def test_a_page_follows_a_page(world: World) -> None:
    person = await world.staff("school")
    for _ in range(2):
        await signed_in(world, person.account)
    first = (await person.get("/v1/auth/sessions", params={"limit": 2})).json()
    second = (await person.get("/v1/auth/sessions", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in first["items"] + second["items"]] == [one["id"] for one in await listed(person)]
    assert (len(second["items"]), second["next_cursor"]) == (1, None)


async def test_the_device_is_told_coarsely_and_nothing_more_is_kept(world: World) -> None:
    who = await enrolled(world)
    await register(world, who)
    given = {"as": "graduate", "level": "bachelor", "phone": who.phone, "password": PASSWORD}
    signed = await world.client.post(
        "/v1/auth/tokens", json=given | {"captcha": await captcha(world)}, headers={"User-Agent": EDGE}
    )
    tokens = signed.json()
    person = Somebody(world.client, tokens["access_token"], "")
    (session,) = await listed(person)
    assert (session["device"], session["refreshed_at"]) == ("Edge, Windows", None)
    await world.client.post("/v1/auth/tokens/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert (await listed(person))[0]["refreshed_at"] is not None
    row = await world.line.fetchrow("select * from app.sessions where id = $1", session["id"])
    assert "130" not in str(row["device"])


async def test_one_session_is_ended_at_once_and_no_other(world: World) -> None:
    first = await world.staff("school")
    second, stranger = await signed_in(world, first.account), await world.staff("school")
    ended = next(one["id"] for one in await listed(first) if not one["current"])
    assert await drop(stranger, f"/{ended}") == 404
    assert (await second.get("/v1/reviews")).status_code == 200
    assert await drop(first, f"/{ended}") == 204
    answer = await second.get("/v1/reviews")
    assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
    assert await drop(first, f"/{ended}") == 404
    assert len(await listed(first)) == 1


async def test_all_others_end_and_this_one_stays(world: World) -> None:
    first = await world.staff("school")
    others, stranger = [await signed_in(world, first.account) for _ in range(3)], await world.staff("school")
    assert await drop(first) == 204
    assert [(await one.get("/v1/reviews")).status_code for one in others] == [401] * 3
    assert (await first.get("/v1/reviews")).status_code == 200
    assert (await stranger.get("/v1/reviews")).status_code == 200
    assert len(await listed(first)) == 1


@pytest.mark.parametrize("how", ["the session ends", "the account is disabled", "the session expires"])
async def test_the_next_request_of_an_ended_session_is_a_401(world: World, how: str) -> None:
    person = await world.staff("school")
    assert (await person.get("/v1/auth/sessions")).status_code == 200
    change = {
        "the session ends": "update app.sessions set ended_at = now() where account_id = $1",
        "the account is disabled": "update app.accounts set disabled_at = now() where id = $1",
        "the session expires": "update app.sessions set expires_at = now() where account_id = $1",
    }[how]
    await world.line.execute(change, person.account)
    for answer in (await person.get("/v1/auth/sessions"), await person.get("/v1/reviews")):
        assert answer.status_code == 401
    assert await drop(person) == 401


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (EDGE, "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; 22081212C) Chrome/120 MicroMessenger/8.0.49", "WeChat, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/129 Safari/537.36", "Chrome, macOS"),
        ("curl/8.5.0", None),
        ("", None),
        ("x" * 100_000 + "Firefox", None),
    ],
)
def test_a_device_by_its_user_agent(agent: str, told: str | None) -> None:
    assert device_of(agent) == told
