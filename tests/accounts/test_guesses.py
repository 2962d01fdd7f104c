"""Guessing at passwords: bounded for whoever guesses, and never for good for the person guessed at."""

from contextlib import AsyncExitStack

import httpx
import pytest

from app.workflows.accounts import guesses
from app.workflows.accounts.guesses import FROM, TRYING, UPON, Guess
from app.workflows.accounts.limits import Limit, Window
from tests.accounts.neighborhood import at
from tests.accounts.people import Enrolled, enrolled, phone, register, sign_in
from tests.world import World

DAY = 86400
HOME, AWAY, THIEF = "198.51.100.7", "192.0.2.7", "203.0.113.7"


async def a_graduate(world: World) -> Enrolled:
    """With an account, and nothing counted yet."""
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201
    await world.line.execute("delete from app.buckets")
    return who


async def tries(world: World, number: str, password: str | None = None) -> httpx.Response:
    """One try at the account of a phone: the right password, unless another is given."""
    given = {"as": "graduate", "level": "bachelor", "phone": number}
    return await sign_in(world, **given, **({"password": password} if password else {}))


async def guessed(world: World, number: str, times: int) -> list[int]:
    """The statuses of so many wrong guesses."""
    return [(await tries(world, number, "wrong")).status_code for _ in range(times)]


async def test_the_owner_gets_in_from_another_network_while_the_attacker_is_refused(world: World) -> None:
    who = await a_graduate(world)
    async with at(world, THIEF) as there, at(world, HOME) as here:
        assert await guessed(there, who.phone, 12) == [401] * 10 + [429] * 2
        assert (await tries(here, who.phone)).status_code == 201
        beside = await tries(there, who.phone)
        assert (beside.status_code, beside.json()["code"]) == (429, "too-many-requests"), "the control: the owner there"
        assert 800 <= int(beside.headers["retry-after"]) <= 900


async def test_however_many_networks_guess_the_owner_gets_in_from_a_familiar_one_and_soon_from_any(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "UPON", Limit("logins_upon", Window(25, 900), told=False))
    who = await a_graduate(world)
    async with at(world, HOME) as here, at(world, AWAY) as away:
        assert (await tries(here, who.phone)).status_code == 201
        statuses = []
        for number in range(5):
            async with at(world, f"203.0.{number}.7") as there:
                statuses += await guessed(there, who.phone, 10)
        assert (statuses.count(401), statuses.count(429)) == (25, 25)
        assert (await tries(here, who.phone)).status_code == 201
        refused = await tries(away, who.phone)
        assert (refused.status_code, int(refused.headers["retry-after"]) <= 900) == (429, True)
        await world.line.execute("update app.buckets set until = now()")
        assert (await tries(away, who.phone)).status_code == 201


async def test_a_name_that_nobody_has_is_counted_like_any_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "UPON", Limit("logins_upon", Window(12, 900), told=False))
    who, seen = await a_graduate(world), []
    for number in (who.phone, phone()):
        async with at(world, THIEF) as one, at(world, AWAY) as other:
            answers = [await tries(there, number, "wrong") for there in (one, other) for _ in range(8)]
        seen.append([(answer.status_code, answer.headers.get("ratelimit-policy")) for answer in answers])
        await world.line.execute("delete from app.buckets")
    assert seen[0] == seen[1]
    assert [status for status, _ in seen[0]] == [401] * 12 + [429] * 4


async def test_a_network_that_tries_many_names_is_refused_and_a_campus_that_signs_in_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = world.service.settings.model_copy(update={"logins_per_network": 4})
    monkeypatch.setattr(world.service, "settings", few)
    who = await a_graduate(world)
    async with at(world, THIEF) as there, at(world, HOME) as here:
        assert [(await guessed(there, phone(), 1))[0] for _ in range(6)] == [401] * 4 + [429] * 2
        assert [(await tries(here, who.phone)).status_code for _ in range(6)] == [201] * 6


def test_the_guesses_of_a_day_at_one_name_are_bounded() -> None:
    def a_day(limit: Limit) -> int:
        (window,) = limit.windows
        assert isinstance(window.most, int)
        return window.most * DAY // window.seconds

    assert (a_day(TRYING), a_day(UPON)) == (960, 9600), "as the docstring of `guesses` says"
    assert all(window.seconds <= 900 for limit in (TRYING, FROM, UPON) for window in limit.windows), (
        "none locks for long"
    )


async def test_only_a_right_password_makes_a_network_familiar_and_to_its_own_name_alone(world: World) -> None:
    who, other = await a_graduate(world), await a_graduate(world)
    held = "select count(*) from app.familiar_networks where key = $1 and until > now() + interval '89 days'"
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(at(world, HOME))
        network = world.service.fingerprint.of("network", "198.51.100.0/24")

        async def familiar(number: str) -> bool:
            name = ("graduate", "bachelor", world.service.blind_index.of("phone", number), None)
            return bool(await world.line.fetchval(held, Guess(name, network).familiar(world.service)))

        await guessed(here, who.phone, 1)
        assert not await familiar(who.phone)
        await tries(here, who.phone)
        assert (await familiar(who.phone), await familiar(other.phone)) == (True, False)
