"""Passwords: what may be one, and their hashes (passlib, argon2id), made in threads of their own.

A hash takes some 30 ms of a core and 19 MiB. It never runs on the event loop, its threads give way to it, and a storm
of logins meets a full queue: it delays logins and nothing else.
"""

import asyncio
import hmac
import os
import secrets
import sys
import threading
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

from passlib.context import CryptContext

from app.errors import Busy

GRADUATE_MINIMUM = 10
LONGEST = 128
_TAIL = 4
"""Digits and signs that people add to a common password, and that guessers try first."""
_RUN = 8
"""Characters in a row shared with the person's own data: a date of birth of the ID number, most of a phone."""
_SHORTEST_LATIN = 4
_SHORTEST_CHINESE = 2
_COMMON = Path(__file__).parent.parent / "data" / "common_passwords.txt"

Answer = TypeVar("Answer")


def rules(password: str, *, personal: Sequence[str] = (), minimum: int = GRADUATE_MINIMUM) -> str | None:
    """Why this may not be a password, as a reason code, or `None`.

    Lengths are counted in characters; no rule says which ones. `personal` are the person's own phone, ID number, name,
    user name. The order is: `password-too-short`, `password-too-long`, `password-common`, `password-personal`.
    """
    text = _written(password)
    folded = text.casefold()
    if len(text) < minimum:
        return "password-too-short"
    if len(text) > LONGEST:
        return "password-too-long"
    if _is_common(folded):
        return "password-common"
    if any(_shares(folded, _written(own).casefold()) for own in personal):
        return "password-personal"
    return None


def equal(one: str, other: str) -> bool:
    """Whether both are the same password, however an input method wrote them."""
    return hmac.compare_digest(_written(one).encode(), _written(other).encode())


def _written(password: str) -> str:
    """One form of what input methods write in several: full-width letters, composed accents (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _is_common(folded: str) -> bool:
    """Whether a guesser comes to it soon: listed, listed with a short tail, or one short unit again and again."""
    stems = {folded[:-cut] for cut in range(1, _TAIL + 1) if not any(map(str.isalpha, folded[-cut:]))}
    if not stems.isdisjoint(_common()) or folded in _common():
        return True
    return any(folded == (folded[:unit] * len(folded))[: len(folded)] for unit in range(1, _TAIL + 1))


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("utf-8").split())


def _give_way() -> None:
    """Let this thread run where the event loop leaves room, and stop when it wants to go on.

    Linux alone knows the policy of a thread. A nice thread would still finish its slice of some milliseconds first.
    On a core that the loop keeps wholly busy, logins wait: then there are too few processes.
    """
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _shares(folded: str, own: str) -> bool:
    """Whether they have a long run in common, or all of what is shorter. `li` and `wu` are in too many words."""
    if len(own) < (_SHORTEST_LATIN if own.isascii() else _SHORTEST_CHINESE):
        return False
    return any(own[start : start + _RUN] in folded for start in range(max(1, len(own) - _RUN + 1)))


class Passwords:
    """Hashes and verifies in `workers` threads; when `queue` more are waiting, the next is refused as `Busy` at once.

    Hashes imported with an account may also be PBKDF2 (passlib's or Django's): they verify, and `needs_rehash`.
    """

    def __init__(
        self,
        *,
        workers: int,
        queue: int,
        memory_kib: int = 19456,
        time_cost: int = 2,
        parallelism: int = 1,
    ) -> None:
        self._hashes = CryptContext(
            schemes=["argon2", "pbkdf2_sha256", "django_pbkdf2_sha256"],
            deprecated="auto",
            argon2__type="ID",
            argon2__memory_cost=memory_kib,
            argon2__time_cost=time_cost,
            argon2__parallelism=parallelism,
        )
        self._nobody = self._hashes.hash(secrets.token_urlsafe())
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="passwords", initializer=_give_way)
        self._room = threading.Semaphore(workers + queue)

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return await self._run(lambda: self._hashes.hash(_written(password)))

    async def verify(self, password: str, hash: str | None) -> bool:
        """Whether this is the password of the hash. Without a hash (no such account) it takes as long, and is false."""
        text = _written(password)
        if hash is None or len(text) > LONGEST:
            await self._run(lambda: self._hashes.verify(text[:LONGEST], self._nobody))
            return False
        return await self._run(lambda: self._hashes.verify(text, hash))

    def needs_rehash(self, hash: str) -> bool:
        """Whether the hash was made with other parameters than today's: replace it while the password is at hand."""
        return self._hashes.needs_update(hash)

    def close(self) -> None:
        """Start nothing more; what runs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        if not self._room.acquire(blocking=False):
            raise Busy("passwords-busy", retry_after=1)
        running: Future[Answer] = self._threads.submit(work)
        # The place is given back when the thread is done, not when the caller is: one who hangs up frees nothing.
        running.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(running)
