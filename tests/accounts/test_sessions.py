"""Sessions: refreshed by a token that is good once, ended at once."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.accounts.people import enrolled, post, register, sign_in, traces
from tests.world import World


async def signed_in(world: World) -> dict[str, Any]:
    """The tokens of a graduate's new session."""
    who = await enrolled(world)
    await register(world, who)
    return dict((await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)).json())


async def refreshed(world: World, token: str) -> httpx.Response:
    """The answer to a refresh token."""
    return await post(world, "/v1/auth/tokens/refresh", {"refresh_token": token})


async def lives(world: World, access_token: str) -> bool:
    """Whether a session answers."""
    seen = await world.client.get("/v1/me", headers={"Authorization": f"Bearer {access_token}"})
    assert seen.status_code in (200, 401)
    return seen.status_code == 200


async def test_a_refresh_token_is_exchanged_for_new_tokens_of_the_same_session(world: World) -> None:
    first = await signed_in(world)
    second = (await refreshed(world, first["refresh_token"])).json()
    assert second["session"] == first["session"]
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    third = await refreshed(world, second["refresh_token"])
    assert third.status_code == 200
    assert await lives(world, third.json()["access_token"])


async def test_a_lost_answer_is_given_again_within_half_a_minute(world: World) -> None:
    first = await signed_in(world)
    answers = await asyncio.gather(*(refreshed(world, first["refresh_token"]) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_a_refresh_token_used_again_later_ends_the_session(world: World) -> None:
    first = await signed_in(world)
    second = (await refreshed(world, first["refresh_token"])).json()
    await world.line.execute("update app.sessions set refreshed_at = refreshed_at - interval '31 seconds'")
    again = await refreshed(world, first["refresh_token"])
    assert (again.status_code, again.json()["code"]) == (401, "session-ended")
    assert not await lives(world, second["access_token"])
    assert (await refreshed(world, second["refresh_token"])).status_code == 401


async def test_a_token_two_uses_old_ends_the_session_at_once(world: World) -> None:
    first = await signed_in(world)
    second = (await refreshed(world, first["refresh_token"])).json()
    await refreshed(world, second["refresh_token"])
    assert (await refreshed(world, first["refresh_token"])).status_code == 401
    assert not await lives(world, second["access_token"])


@pytest.mark.parametrize("token", ["x", "x.y", "01890a5d-ac96-774b-bcce-b302099a8057.y", ".", "é" * 200])
async def test_what_is_no_refresh_token_is_refused_without_trace(world: World, token: str) -> None:
    before = await traces(world)
    assert (await refreshed(world, token)).json()["code"] == "session-ended"
    assert await traces(world) == before


async def test_a_disabled_account_and_an_old_session_are_not_refreshed(world: World) -> None:
    for change in (
        "update app.accounts set disabled_at = now() where id = (select account_id from app.sessions where id = $1)",
        "update app.sessions set expires_at = now() where id = $1",
    ):
        tokens = await signed_in(world)
        await world.line.execute(change, tokens["session"]["id"])
        assert not await lives(world, tokens["access_token"])
        assert (await refreshed(world, tokens["refresh_token"])).status_code == 401


async def test_after_signing_out_the_next_request_is_refused(world: World) -> None:
    tokens, other = await signed_in(world), await signed_in(world)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    out = await world.client.delete("/v1/auth/sessions/current", headers=headers)
    assert (out.status_code, out.content) == (204, b"")
    assert not await lives(world, tokens["access_token"])
    assert (await world.client.delete("/v1/auth/sessions/current", headers=headers)).status_code == 401
    assert (await refreshed(world, tokens["refresh_token"])).status_code == 401
    assert await lives(world, other["access_token"])


async def test_secrets_are_not_kept(world: World) -> None:
    tokens = await signed_in(world)
    secret = tokens["refresh_token"].partition(".")[2]
    (held,) = await world.line.fetch("select * from app.sessions where id = $1", tokens["session"]["id"])
    assert secret not in str(dict(held))
    assert secret.encode() not in held["refresh_hash"]
