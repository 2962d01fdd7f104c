"""Captchas: answered once, for one purpose, from one network, in time."""

from base64 import b64decode
from ipaddress import ip_network

import altcha
import pytest

from tests.accounts.neighborhood import at
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


@pytest.mark.parametrize(
    ("made_at", "answered_at", "outcome"),
    [
        ("203.0.113.7", "203.0.113.99", (202, None)),
        ("203.0.113.7", "203.0.114.7", (422, "captcha-wrong")),
        ("2001:db8:7:1ff::1", "2001:db8:7:100::2", (202, None)),
        ("2001:db8:7:1ff::1", "2001:db8:7:200::1", (422, "captcha-wrong")),
    ],
)
async def test_a_captcha_is_good_in_the_network_it_was_made_for(
    world: World, made_at: str, answered_at: str, outcome: tuple[int, str | None]
) -> None:
    await world.line.execute("delete from app.buckets")
    async with at(world, made_at) as here, at(world, answered_at) as there:
        assert await spent(there, **await captcha(here, "phone_code")) == outcome


async def test_a_proof_of_work_is_bound_to_its_network_too(world: World) -> None:
    async with at(world, "203.0.113.7") as here, at(world, "203.0.114.7") as there:
        made = (await post(here, "/v1/auth/captchas", {"kind": "work", "purpose": "phone_code"})).json()
        challenge = altcha.Challenge.from_dict(made["work"])
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        payload = altcha.Payload(challenge, solution).to_base64()
        assert await spent(there, made["id"], payload) == (422, "captcha-wrong")
        assert await spent(here, made["id"], payload) == (202, None)


async def test_forwarded_for_is_believed_from_a_trusted_proxy_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        at(world, "203.0.113.7", X_Forwarded_For="198.51.100.1") as one,
        at(world, "203.0.113.7", X_Forwarded_For="192.0.2.1") as other,
    ):
        assert await spent(other, **await captcha(one, "phone_code")) == (202, None)
        trusting = world.service.settings.model_copy(update={"trusted_proxies": (ip_network("203.0.113.7"),)})
        monkeypatch.setattr(world.service, "settings", trusting)
        assert await spent(one, **await captcha(one, "phone_code")) == (202, None)
        assert await spent(other, **await captcha(one, "phone_code")) == (422, "captcha-wrong")


async def test_the_address_is_kept_nowhere(world: World) -> None:
    async with at(world, "203.0.113.77") as here:
        made = await captcha(here)
        await spent(here, **await captcha(here, "phone_code"))
    held = await world.line.fetchval("select network from app.challenges where id = $1", made["id"])
    assert len(held) == 32
    for table in ("challenges", "buckets", "one_time_codes", "familiar_networks"):
        texts = await world.line.fetch(f"select t::text from app.{table} t")  # noqa: S608 (a name from here)
        assert not any("203.0.113" in row[0] or b"203.0.113".hex() in row[0] for row in texts)


async def test_a_network_gets_so_many_captchas(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    few = world.service.settings.model_copy(update={"captchas_per_network": 3})
    monkeypatch.setattr(world.service, "settings", few)
    await world.line.execute("delete from app.buckets")
    wanted = {"kind": "image", "purpose": "login"}
    async with at(world, "203.0.113.8") as here, at(world, "203.0.114.8") as there:
        assert [(await post(here, "/v1/auth/captchas", wanted)).status_code for _ in range(3)] == [201] * 3
        before = await traces(world)
        refused = await post(here, "/v1/auth/captchas", wanted)
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
        assert await traces(world) == before
        assert (await post(there, "/v1/auth/captchas", wanted)).status_code == 201
