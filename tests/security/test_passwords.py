"""Hashing: argon2id, off the event loop, in a bounded queue, and as long for nobody's password as for somebody's."""

import asyncio
import time
from collections.abc import AsyncIterator
from statistics import median

import pytest
from passlib.context import CryptContext

from app.errors import Busy
from app.security.passwords import LONGEST, Passwords

PASSWORD = "mpx vqjtrw 泉水"


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    hashing = Passwords(workers=1, queue=8)
    yield hashing
    hashing.close()


async def test_a_hash_is_argon2id_with_the_agreed_cost(passwords: Passwords) -> None:
    first, second = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert not passwords.needs_rehash(first)


async def test_only_the_password_verifies(passwords: Passwords) -> None:
    made = await passwords.hash(PASSWORD)
    assert await passwords.verify(PASSWORD, made)
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1], "x" * (LONGEST + 1), "\0"):
        assert not await passwords.verify(wrong, made)


async def test_what_input_methods_write_differently_is_the_same_password(passwords: Passwords) -> None:
    made = await passwords.hash("ｐａｓｓ café １２３")
    assert await passwords.verify("pass cafe\u0301 123", made)


async def test_the_longest_password_is_hashed_whole(passwords: Passwords) -> None:
    longest = "泉" * LONGEST
    made = await passwords.hash(longest)
    assert await passwords.verify(longest, made)
    assert not await passwords.verify(longest[:-1], made)


async def test_nobody_has_no_password(passwords: Passwords) -> None:
    assert not await passwords.verify(PASSWORD, None)


async def test_nobody_takes_as_long_as_somebody(passwords: Passwords) -> None:
    made = await passwords.hash(PASSWORD)

    async def took(known: str | None) -> float:
        began = time.perf_counter()
        assert not await passwords.verify("a wrong password", known)
        return time.perf_counter() - began

    pairs = [(await took(made), await took(None)) for _ in range(7)]
    somebody, nobody = median(one for one, _ in pairs), median(other for _, other in pairs)
    assert 0.5 < nobody / somebody < 2


async def test_a_weaker_hash_is_due_for_another(passwords: Passwords) -> None:
    weaker = Passwords(workers=1, queue=0, memory_kib=8192)
    weak = await weaker.hash(PASSWORD)
    weaker.close()
    assert await passwords.verify(PASSWORD, weak)
    assert passwords.needs_rehash(weak)


@pytest.mark.parametrize("scheme", ["pbkdf2_sha256", "django_pbkdf2_sha256"])
async def test_an_imported_hash_verifies_and_is_due_for_another(passwords: Passwords, scheme: str) -> None:
    imported = CryptContext(schemes=[scheme]).hash(PASSWORD)
    assert await passwords.verify(PASSWORD, imported)
    assert not await passwords.verify("a wrong password", imported)
    assert passwords.needs_rehash(imported)


async def test_a_damaged_hash_is_loud(passwords: Passwords) -> None:
    with pytest.raises(ValueError, match="hash"):
        await passwords.verify(PASSWORD, "plaintext")


async def test_the_event_loop_goes_on_while_passwords_are_hashed(passwords: Passwords) -> None:
    hashing = asyncio.gather(*(passwords.hash(PASSWORD) for _ in range(4)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    await hashing
    assert turns > 10


async def test_one_too_many_is_refused_at_once_and_not_for_ever() -> None:
    passwords = Passwords(workers=1, queue=1)
    answers = await asyncio.gather(*(passwords.verify(PASSWORD, None) for _ in range(4)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Busy)]
    assert len(refused) == 2
    assert all(refusal.retry_after for refusal in refused)
    assert not await passwords.verify(PASSWORD, None)
    passwords.close()


async def test_who_hangs_up_frees_a_place_only_when_the_work_is_done() -> None:
    passwords = Passwords(workers=1, queue=0, time_cost=8)
    caller = asyncio.create_task(passwords.hash(PASSWORD))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    with pytest.raises(Busy):
        await passwords.hash(PASSWORD)
    async with asyncio.timeout(5):
        while True:
            try:
                await passwords.hash(PASSWORD)
            except Busy:
                await asyncio.sleep(0.01)
            else:
                break
    passwords.close()
