"""Challenges: a picture that can be read, and work that can be judged and serves one challenge alone."""

import base64
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import pbkdf2_hmac
from random import Random
from secrets import SystemRandom
from typing import Any

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.security.captchas import LETTERS, accepts, new_answer, picture, verify_work, work_challenge

KEY = b"w" * 32
SOON = datetime.now(UTC) + timedelta(hours=1)


def test_a_challenge_is_a_picture_with_ink_on_it() -> None:
    answer = new_answer(SystemRandom())
    png = picture(answer)
    assert len(answer) == 5
    assert set(answer) <= set(LETTERS)
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    assert len(image.convert("L").getcolors() or []) > 20


def test_answers_follow_the_generator_and_pictures_never_repeat() -> None:
    first, second = (new_answer(Random(7)) for _ in range(2))
    assert first == second
    assert picture(first) != picture(second)
    assert new_answer(Random(8)) != first


def test_no_letter_can_be_taken_for_another() -> None:
    assert not set(LETTERS) & set("0O1I2Z5S6G8BV")
    assert len(set(LETTERS)) == len(LETTERS)


@pytest.mark.parametrize("typed", ["ACX79", "acx79", " aCx79\n"])
def test_the_answer_is_accepted_in_either_case(typed: str) -> None:
    assert accepts("ACX79", typed)


@pytest.mark.parametrize("typed", ["", "ACX7", "ACX799", "ACX78", "ＡＣＸ７９", "验证码"])
def test_anything_else_is_not_the_answer(typed: str) -> None:
    assert not accepts("ACX79", typed)


def solved(task: dict[str, Any]) -> dict[str, Any]:
    """What a client does, written again by hand from ALTCHA's description."""
    rules = task["parameters"]
    assert rules["algorithm"] == "PBKDF2/SHA-256"
    nonce, salt = bytes.fromhex(rules["nonce"]), bytes.fromhex(rules["salt"])
    counter = 0
    while True:
        guess = nonce + counter.to_bytes(4, "big")
        derived = pbkdf2_hmac("sha256", guess, salt, rules["cost"], rules["keyLength"]).hex()
        if derived.startswith(rules["keyPrefix"]):
            return {"challenge": task, "solution": {"counter": counter, "derivedKey": derived}}
        counter += 1


def packed(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_work_done_is_accepted() -> None:
    assert verify_work(KEY, "one", packed(solved(work_challenge(KEY, "one", SOON, cost=10))))


def test_the_librarys_own_solver_agrees() -> None:
    challenge = altcha.Challenge.from_dict(work_challenge(KEY, "one", SOON, cost=10))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    assert verify_work(KEY, "one", altcha.Payload(challenge, solution).to_base64())


def test_work_for_one_challenge_serves_no_other() -> None:
    assert not verify_work(KEY, "two", packed(solved(work_challenge(KEY, "one", SOON, cost=10))))


def test_work_for_an_expired_challenge_is_refused() -> None:
    past = datetime.now(UTC) - timedelta(seconds=2)
    assert not verify_work(KEY, "one", packed(solved(work_challenge(KEY, "one", past, cost=10))))


def test_a_challenge_of_ones_own_making_is_refused() -> None:
    assert not verify_work(KEY, "one", packed(solved(work_challenge(b"x" * 32, "one", SOON, cost=10))))
    unsigned = work_challenge(KEY, "one", SOON, cost=10) | {"signature": None}
    assert not verify_work(KEY, "one", packed(solved(unsigned)))


def easier(payload: dict[str, Any]) -> None:
    payload["challenge"]["parameters"]["cost"] = 1


def longer(payload: dict[str, Any]) -> None:
    payload["challenge"]["parameters"]["expiresAt"] += 1


def another_id(payload: dict[str, Any]) -> None:
    payload["challenge"]["parameters"]["data"]["id"] = "two"


def another_counter(payload: dict[str, Any]) -> None:
    payload["solution"]["counter"] += 1


def no_work(payload: dict[str, Any]) -> None:
    payload["solution"] = {"counter": 0, "derivedKey": "00" * 32}


@pytest.mark.parametrize("change", [easier, longer, another_id, another_counter, no_work])
def test_work_that_was_tampered_with_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    payload = solved(work_challenge(KEY, "one", SOON, cost=10))
    change(payload)
    assert not verify_work(KEY, "one", packed(payload))
    assert not verify_work(KEY, "two", packed(payload))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "!",
        "工作",
        packed(None),
        packed([]),
        packed("text"),
        packed({"challenge": 1, "solution": 1}),
        packed({"challenge": {}}),
    ],
)
def test_what_is_no_payload_is_refused(payload: str) -> None:
    assert not verify_work(KEY, "one", payload)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(anything, anything, st.sampled_from(["cost", "nonce", "salt", "data", "expiresAt", "keyPrefix", "algorithm"]))
def test_no_payload_breaks_the_judge(value: object, solution: object, name: str) -> None:
    task = work_challenge(KEY, "one", SOON)
    task["parameters"][name] = value
    assert not verify_work(KEY, "one", packed({"challenge": task, "solution": solution}))
    assert not verify_work(KEY, "one", packed({"challenge": task, "solution": {"counter": value, "derivedKey": value}}))
