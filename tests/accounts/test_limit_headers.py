"""What a caller is told of limits: RateLimit and RateLimit-Policy where PostgreSQL counts, Retry-After everywhere."""

import re

import httpx
import pytest

from app.security.throttle import Throttle
from tests.accounts.neighborhood import at
from tests.accounts.people import ask_for_a_code, enrolled, phone, post, register, sign_in
from tests.world import World

POLICY = re.compile(r'"([a-z0-9-]+)";q=(\d+);w=(\d+)')
LEFT = re.compile(r'"([a-z0-9-]+)";r=(\d+);t=(\d+)')


def told(answer: httpx.Response) -> dict[str, tuple[int, int, int]]:
    """By policy: how many, in how many seconds, how many are left. The two headers name the same policies."""
    policies, states = answer.headers["ratelimit-policy"].split(", "), answer.headers["ratelimit"].split(", ")
    found = {}
    for policy, state in zip(policies, states, strict=True):
        (name, most, seconds), (same, left, ends) = POLICY.fullmatch(policy).groups(), LEFT.fullmatch(state).groups()  # type: ignore[union-attr]
        assert name == same
        assert 0 < int(ends) <= int(seconds)
        found[name] = (int(most), int(seconds), int(left))
    return found


async def test_codes_tell_what_is_left_for_the_phone_and_the_network_and_not_for_all(world: World) -> None:
    await world.line.execute("delete from app.buckets")
    async with at(world, "203.0.113.30") as here:
        number = phone()
        first = await ask_for_a_code(here, number)
        assert (first.status_code, told(first)) == (
            202,
            {
                "phone-codes-60": (1, 60, 0),
                "phone-codes-3600": (5, 3600, 4),
                "phone-codes-86400": (10, 86400, 9),
                "phone-codes-from-3600": (100, 3600, 99),
            },
        )
        again = await ask_for_a_code(here, number)
        assert (again.status_code, told(again)) == (429, told(first))
        assert told(await ask_for_a_code(here, phone()))["phone-codes-from-3600"] == (100, 3600, 98)


async def test_logins_tell_what_is_left_to_this_caller(world: World) -> None:
    who = await enrolled(world)
    await register(world, who)
    await world.line.execute("delete from app.buckets")
    given = {"as": "graduate", "level": "bachelor", "phone": who.phone}
    async with at(world, "203.0.113.31") as here:
        for _ in range(9):
            assert (await sign_in(here, **given, password="wrong")).status_code == 401
        right = await sign_in(here, **given)
        assert (right.status_code, told(right)["logins-900"]) == (201, (10, 900, 0))
        for _ in range(10):
            await sign_in(here, **given, password="wrong")
        refused = await sign_in(here, **given)
        assert (refused.status_code, told(refused).keys()) == (429, {"logins-900", "logins-from-900"})
        assert told(refused)["logins-900"] == (10, 900, 0)
        assert refused.headers["retry-after"] == refused.headers["ratelimit"].split(";t=")[1].split(",")[0]


async def test_captchas_and_verifications_tell_theirs(world: World) -> None:
    await world.line.execute("delete from app.buckets")
    async with at(world, "203.0.113.32") as here:
        made = await post(here, "/v1/auth/captchas", {"kind": "image", "purpose": "login"})
    assert told(made) == {"captchas-600": (3000, 600, 2999)}
    graduate = await world.graduate(verified=False)
    refused = [await graduate.post("/v1/me/identity-verification") for _ in range(21)]
    assert [answer.status_code for answer in refused] == [403] * 20 + [429]
    assert told(refused[-1]) == {"verifications-86400": (20, 86400, 0)}


async def test_elsewhere_a_session_may_ask_so_fast_and_costs_no_round_trip(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.service, "sessions_throttle", Throttle(rate=0.1, burst=3))
    hasty, other = await world.graduate(), await world.graduate()
    assert [(await hasty.get("/v1/me")).status_code for _ in range(3)] == [200] * 3
    before = world.service.db.trips
    refused = await hasty.get("/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert "ratelimit" not in refused.headers
    assert world.service.db.trips == before
    assert (await other.get("/v1/me")).status_code == 200


async def test_who_has_not_signed_in_is_held_by_network(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.service, "networks_throttle", Throttle(rate=0.1, burst=2))
    async with at(world, "203.0.113.33") as here, at(world, "203.0.114.33") as there:
        assert [(await here.client.get("/v1/codes")).status_code for _ in range(3)] == [200, 200, 429]
        assert (await there.client.get("/v1/codes")).status_code == 200
