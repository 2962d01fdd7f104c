"""Nobody learns from an answer, or from how long it takes, whether a person is known here.

Samples of the known and the unknown take turns, so that what loads the machine loads both; medians are compared, and
the whole measurement is made again when they differ: what tells people apart does so each time.
"""

from collections.abc import Awaitable, Callable
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import pytest

from app.security.passwords import Passwords
from tests.accounts.people import captcha, code_for, enrolled, phone, post, register
from tests.accounts.test_logins import with_a_phone, with_an_authenticator
from tests.world import PASSWORD, Somebody, World, id_number

pytestmark = pytest.mark.usefixtures("dear_passwords")
ALIKE = 5.0
"""Milliseconds between two medians."""
ROUNDS, MEASUREMENTS = 9, 7

Request = tuple[str, dict[str, Any]]
Asking = Callable[[], Awaitable[Request]]
"""Makes ready what is sent; only the sending is timed."""
Case = Callable[[World], Awaitable[tuple[Asking, Asking]]]
"""How to ask about somebody who is known, and about somebody who is not."""


def login(world: World, **named: Any) -> Asking:
    """A login with a wrong password."""

    async def ready() -> Request:
        given = {name: value() if callable(value) else value for name, value in named.items()}
        return "/v1/auth/tokens", {**given, "password": "wrong-password", "captcha": await captcha(world)}

    return ready


async def graduates_by_phone(world: World) -> tuple[Asking, Asking]:
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201
    named = {"as": "graduate", "level": "bachelor"}
    return login(world, **named, phone=who.phone), login(world, **named, phone=phone)


async def graduates_by_id_number(world: World) -> tuple[Asking, Asking]:
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201
    named, nobody = {"as": "graduate", "level": "bachelor"}, await world._unused(id_number(777, "19991231"))
    return login(world, **named, id_number=who.fields["id_number"]), login(world, **named, id_number=nobody)


async def dear(world: World, who: Somebody) -> Somebody:
    """Somebody whose password costs to prove what the service's own hashes cost."""
    hashed = await world.service.passwords.hash(PASSWORD)
    await world.line.execute("update app.accounts set password_hash = $2 where id = $1", who.account, hashed)
    return who


async def operators(world: World) -> tuple[Asking, Asking]:
    known = {"as": "employer", **await with_a_phone(world, await dear(world, await world.employer()))}
    return login(world, **known), login(world, **known | {"phone": phone})


async def staff(world: World) -> tuple[Asking, Asking]:
    username, _ = await with_an_authenticator(world, await dear(world, await world.staff("school")))
    given = {"as": "staff", "totp": "123456"}
    return login(world, **given, username=username), login(world, **given, username="nobody.here")


async def registrations(world: World) -> tuple[Asking, Asking]:
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201
    nobody = await world._unused(id_number(778, "19991231"))

    def registration(**other: Any) -> Asking:
        async def ready() -> Request:
            number = phone()
            code = await code_for(world, number)
            password = {"password": "another-long-one-7"}
            return "/v1/auth/registrations", {**who.fields, **other, "phone": number, "code": code, **password}

        return ready

    return registration(), registration(id_number=nobody)


async def phone_codes(world: World) -> tuple[Asking, Asking]:
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201

    def sending(number: Callable[[], str]) -> Asking:
        async def ready() -> Request:
            proof = await captcha(world, "phone_code")
            return "/v1/auth/phone-codes", {"purpose": "registration", "phone": number(), "captcha": proof}

        return ready

    return sending(lambda: who.phone), sending(phone)


CASES: dict[str, Case] = {
    "login of a graduate by phone": graduates_by_phone,
    "login of a graduate by ID number": graduates_by_id_number,
    "login of an operator": operators,
    "login of staff": staff,
    "registration": registrations,
    "phone code": phone_codes,
}
"""Every operation that names a person and needs no session. One that is added is added here."""
HASHING = [name for name in CASES if name != "phone code"]


async def answered(world: World, asking: Asking) -> tuple[httpx.Response, float]:
    """An answer, and the milliseconds that it took; limits and the queue are as on the first day."""
    await world.line.execute("delete from app.buckets")
    await world.line.execute("delete from app.pgqueuer where entrypoint = 'sms'")
    path, body = await asking()
    await world.line.execute("delete from app.buckets")
    began = perf_counter()
    answer = await post(world, path, body)
    return answer, (perf_counter() - began) * 1000


async def difference(world: World, known: Asking, unknown: Asking, chance: Random) -> float:
    """Milliseconds between the medians of the two."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for is_known in chance.sample((True, False), 2):
            _, ms = await answered(world, known if is_known else unknown)
            taken[is_known].append(ms)
    return abs(median(taken[True]) - median(taken[False]))


async def tells_apart(world: World, case: Case, measurements: int = MEASUREMENTS) -> bool:
    """Whether every measurement finds a difference."""
    known, unknown = await case(world)
    chance = Random(1)
    for _ in range(measurements):
        if await difference(world, known, unknown, chance) <= ALIKE:
            return False
    return True


def shown(answer: httpx.Response) -> tuple[int, dict[str, Any], list[str]]:
    """What anybody can compare; the request's own id is new each time."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, {**answer.json(), "request_id": ""}, sorted(headers.items())  # type: ignore[return-value]


@pytest.mark.parametrize("case", CASES)
async def test_the_answer_is_the_same_byte_for_byte(world: World, case: str) -> None:
    known, unknown = await CASES[case](world)
    (first, _), (second, _) = await answered(world, known), await answered(world, unknown)
    assert shown(first) == shown(second)
    assert len(first.content) == len(second.content)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
async def test_the_answer_takes_as_long(world: World, case: str) -> None:
    assert not await tells_apart(world, CASES[case])


@pytest.mark.slow
@pytest.mark.parametrize("case", HASHING)
async def test_the_same_measurement_notices_who_spares_itself_the_hash_of_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    verify = Passwords.verify

    async def hasty(self: Passwords, password: str, hash: str | None) -> bool:
        return False if hash is None else await verify(self, password, hash)

    async def not_at_all(self: Passwords, password: str) -> str:
        return "-"

    asked = CASES[case]

    async def spared(world: World) -> tuple[Asking, Asking]:
        pair = await asked(world)
        monkeypatch.setattr(Passwords, "verify", hasty)
        monkeypatch.setattr(Passwords, "hash", not_at_all)
        return pair

    assert await tells_apart(world, spared, measurements=3)
