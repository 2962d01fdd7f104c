"""Two proofs that bots pay for: an image for people, and a proof of work that needs no eyes.

Both are bound by the caller to a purpose and a network, kept for two minutes and consumed before they are judged.
"""

import hmac
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

import altcha
from captcha.image import ImageCaptcha

LETTERS = "ACDEFHJKLMNPQRTUWXY3479"
"""None that looks like another when bent: no 0 O, 1 I, 2 Z, 5 S, 6 G, 8 B, U V."""
_LENGTH = 5
_WORK = "PBKDF2/SHA-256"


def new_answer(rng: Random) -> str:
    """What a picture will say. `rng` is a `secrets.SystemRandom` but in tests."""
    return "".join(rng.choices(LETTERS, k=_LENGTH))


def picture(answer: str) -> bytes:
    """Its picture, a PNG. Takes some 6 ms of a core."""
    return _painter().generate(answer).getvalue()


@cache
def _painter() -> ImageCaptcha:
    return ImageCaptcha(width=200, height=70)


def accepts(answer: str, given: str) -> bool:
    """Whether this is the answer, in either case, blanks around it forgiven; in constant time."""
    return hmac.compare_digest(answer.upper().encode(), given.strip().upper().encode())


def work_challenge(key: bytes, id: str, expires_at: datetime, *, cost: int = 5000) -> dict[str, Any]:
    """A task in the format of ALTCHA 2, signed: find a counter whose derived key begins with a zero byte.

    A client makes 256 derivations of `cost` rounds on average, some 0.3 s; judging takes one. `id` is the challenge's
    own, so that the answer to one serves no other.
    """
    challenge = altcha.create_challenge(_WORK, cost, expires_at=expires_at, data={"id": id}, hmac_secret=key)
    return challenge.to_dict()


def verify_work(key: bytes, id: str, payload: str) -> bool:
    """Whether a payload (base64 of JSON, as ALTCHA's widgets send it) solves the unexpired challenge of this id."""
    try:
        solved = altcha.Payload.from_base64(payload)
        data = solved.challenge.parameters.data or {}
        return data.get("id") == id and altcha.verify_solution(solved, key).verified
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
