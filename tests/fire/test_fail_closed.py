"""Where the database cannot count, nobody is let through: 503, and nothing was judged, begun or sent."""

import pytest

from app.security.passwords import Passwords
from tests.accounts.people import captcha, enrolled, phone, post, register, traces
from tests.fire.ground import Ground
from tests.fire.served import served
from tests.fire.test_outages import locked, refusal
from tests.world import PASSWORD

pytestmark = pytest.mark.slow


async def test_without_counting_there_is_no_login_no_code_no_captcha_and_no_verification(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str | None] = []
    verify = Passwords.verify

    async def seen(self: Passwords, password: str, hash: str | None) -> bool:
        judged.append(hash)
        return await verify(self, password, hash)

    async with served(await ground.database(), lock_timeout_ms=200) as world:
        who, graduate = await enrolled(world), await world.graduate(verified=False)
        assert (await register(world, who)).status_code == 201
        monkeypatch.setattr(Passwords, "verify", seen)
        named = {"as": "graduate", "level": "bachelor", "phone": who.phone, "password": PASSWORD}

        def asked(login: dict[str, str], code: dict[str, str]) -> list[tuple[str, dict[str, object]]]:
            return [
                ("/v1/auth/tokens", {**named, "captcha": login}),
                ("/v1/auth/phone-codes", {"purpose": "registration", "phone": phone(), "captcha": code}),
                ("/v1/auth/captchas", {"kind": "image", "purpose": "login"}),
            ]

        proofs = [await captcha(world, "login"), await captcha(world, "phone_code")]
        before = await traces(world)
        async with locked(world, "buckets"):
            answers = [await post(world, path, body) for path, body in asked(*proofs)]
            answers.append(await graduate.post("/v1/me/identity-verification"))
        assert {refusal(answer) for answer in answers} == {(503, "rows-busy", True)}
        assert judged == []
        assert await traces(world) == before | {"challenges": before["challenges"] - 2}, "the captchas are spent"

        proofs = [await captcha(world, "login"), await captcha(world, "phone_code")]
        answers = [await post(world, path, body) for path, body in asked(*proofs)]
        answers.append(await graduate.post("/v1/me/identity-verification"))
        assert [answer.status_code for answer in answers] == [201, 202, 201, 403], "the control: it can count again"
        assert len(judged) == 1


async def test_a_database_that_is_down_lets_nobody_in(ground: Ground) -> None:
    async with served(await ground.database()) as world:
        who = await enrolled(world)
        assert (await register(world, who)).status_code == 201
        proof = await captcha(world, "login")
        named = {"as": "graduate", "level": "bachelor", "phone": who.phone, "password": PASSWORD, "captcha": proof}
        await ground.kill()
        try:
            answer = await post(world, "/v1/auth/tokens", named)
        finally:
            await ground.start()
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
