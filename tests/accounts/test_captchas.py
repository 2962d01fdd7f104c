"""Captchas: answered once, for one purpose, in time."""

from base64 import b64decode

import altcha
import pytest

from tests.accounts.people import captcha, phone, post, traces
from tests.world import World


async def spent(world: World, id: str, answer: str) -> tuple[int, str | None]:
    """What asking for a code with this answer says."""
    given = {"purpose": "registration", "phone": phone(), "captcha": {"id": id, "answer": answer}}
    response = await post(world, "/v1/auth/phone-codes", given)
    return response.status_code, response.json().get("code")


async def test_an_image_is_a_picture_whose_letters_are_good_once(world: World) -> None:
    made = await post(world, "/v1/auth/captchas", {"kind": "image", "purpose": "phone_code"})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    kind, _, content = made.json()["image"].partition(",")
    assert kind == "data:image/png;base64"
    assert b64decode(content).startswith(b"\x89PNG")
    right = await captcha(world, "phone_code")
    assert await spent(world, **right) == (202, None)
    assert await spent(world, **right) == (422, "captcha-wrong")


async def test_a_wrong_answer_spends_the_captcha_and_nothing_else(world: World) -> None:
    right = await captcha(world, "phone_code")
    before = await traces(world)
    assert await spent(world, right["id"], "wrong") == (422, "captcha-wrong")
    assert await traces(world) == before | {"challenges": before["challenges"] - 1}
    assert await spent(world, **right) == (422, "captcha-wrong")


async def test_a_proof_of_work_is_an_equal_alternative(world: World) -> None:
    made = (await post(world, "/v1/auth/captchas", {"kind": "work", "purpose": "phone_code"})).json()
    other = (await post(world, "/v1/auth/captchas", {"kind": "work", "purpose": "phone_code"})).json()
    challenge = altcha.Challenge.from_dict(made["work"])
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    payload = altcha.Payload(challenge, solution).to_base64()
    assert await spent(world, other["id"], payload) == (422, "captcha-wrong")
    assert await spent(world, made["id"], payload) == (202, None)
    assert await spent(world, made["id"], payload) == (422, "captcha-wrong")


async def test_a_captcha_is_good_for_its_purpose_alone(world: World) -> None:
    assert await spent(world, **await captcha(world, "login")) == (422, "captcha-wrong")


async def test_a_captcha_is_good_for_two_minutes(world: World) -> None:
    late = await captcha(world, "phone_code")
    await world.line.execute("update app.challenges set expires_at = now() where id = $1", late["id"])
    assert await spent(world, **late) == (422, "captcha-wrong")


@pytest.mark.parametrize("body", [{"kind": "sound", "purpose": "login"}, {"kind": "image"}, {}])
async def test_what_is_no_captcha_is_refused(world: World, body: dict[str, str]) -> None:
    before = await traces(world)
    assert (await post(world, "/v1/auth/captchas", body)).status_code == 422
    assert await traces(world) == before
