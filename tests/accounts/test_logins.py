"""Logins: three kinds of callers, one answer to everything that is wrong, ten tries."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from passlib.context import CryptContext

from tests.accounts.people import Enrolled, captcha, enrolled, phone, post, register, sign_in, traces
from tests.world import COHORT, PASSWORD, Somebody, World, id_number

GRADUATE = {"as": "graduate", "level": "bachelor", "phone": "13800138000"}
OPERATOR = {"as": "employer", "phone": "13800138000", "credit_code": "91370100MA6838WPG0"}


async def registered(world: World) -> Enrolled:
    """A graduate with an account."""
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201
    return who


async def with_an_authenticator(world: World, who: Somebody) -> tuple[str, pyotp.TOTP]:
    """The user name of a member of staff, and their authenticator."""
    secret = pyotp.random_base32()
    sealed = world.service.sealer.seal(secret, table="accounts", column="totp_sealed", row=who.account)
    username = f"staff.{who.account[-12:]}"
    await world.line.execute(
        "update app.accounts set totp_sealed = $2, username = $3 where id = $1", who.account, sealed, username
    )
    return username, pyotp.TOTP(secret)


async def with_a_phone(world: World, who: Somebody) -> dict[str, str]:
    """What names an operator of an employer."""
    number = phone()
    code = "91370100MA6838WPG0"
    await world.line.execute("update app.employers set standing = 'closed' where credit_code = $1", code)
    await world.line.execute("update app.employers set credit_code = $2 where id = $1", who.body, code)
    index = world.service.blind_index.of("phone", number)
    await world.line.execute("update app.accounts set phone_bidx = $2 where id = $1", who.account, index)
    return {"phone": number, "credit_code": code}


async def me(world: World, answer: httpx.Response) -> dict[str, Any]:
    """Who the tokens of an answer are good for."""
    token = answer.json()["access_token"]
    seen = await world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert seen.status_code == 200, seen.text
    return dict(seen.json())


async def test_a_graduate_signs_in_by_phone_or_id_number(world: World) -> None:
    who = await registered(world)
    for name in ({"phone": who.phone}, {"id_number": who.fields["id_number"]}):
        answer = await sign_in(world, **{"as": "graduate"}, level="bachelor", **name)
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "no-store"
        tokens = answer.json()
        assert (tokens["token_type"], tokens["expires_in"], tokens["session"]["amr"]) == ("Bearer", 600, ["pwd"])
        assert (await me(world, answer))["graduate"]["cohort"] == COHORT


async def test_the_cohort_chooses_among_programmes_of_one_level_and_the_latest_is_the_default(world: World) -> None:
    who = await registered(world)
    earlier = await enrolled(world, person=who, cohort=2022)
    assert (await register(world, earlier)).status_code == 201
    named = {"as": "graduate", "level": "bachelor", "phone": who.phone}
    for chosen, cohort in (({}, COHORT), ({"cohort": 2022}, 2022)):
        assert (await me(world, await sign_in(world, **named, **chosen)))["graduate"]["cohort"] == cohort
    refused = await sign_in(world, **named, cohort=2018)
    assert (refused.status_code, refused.json()["code"]) == (401, "login-refused")


async def test_an_operator_signs_in_for_their_employer(world: World) -> None:
    employer = await world.employer()
    named = await with_a_phone(world, employer)
    answer = await sign_in(world, **{"as": "employer"}, **named)
    assert answer.status_code == 201, answer.text
    seen = await me(world, answer)
    assert (seen["kind"], seen["body"]["id"]) == ("employer", employer.body)


async def test_staff_sign_in_with_two_factors_and_a_code_is_good_once(world: World) -> None:
    username, authenticator = await with_an_authenticator(world, await world.staff("school"))
    given = {"as": "staff", "username": username.upper(), "totp": authenticator.now()}
    answers = await asyncio.gather(*(sign_in(world, **given) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    (right,) = [answer for answer in answers if answer.status_code == 201]
    assert right.json()["session"]["amr"] == ["pwd", "otp"]
    assert (await me(world, right))["roles"] == ["reviewer", "administrator"]
    assert (await sign_in(world, **given)).json()["code"] == "login-refused"
    later = authenticator.at(world.service.clock.real() + timedelta(seconds=30))
    assert (await sign_in(world, **given | {"totp": later})).status_code == 201


async def test_staff_without_an_authenticator_are_told_so_only_with_the_right_password(world: World) -> None:
    who = await world.staff("county")
    username = await world.line.fetchval("select left(username, 40) from app.accounts where id = $1", who.account)
    given = {"as": "staff", "username": username, "totp": "123456"}
    answer = await sign_in(world, **given)
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor-missing")
    assert (await sign_in(world, **given, password="wrong")).json()["code"] == "login-refused"


async def test_nobody_learns_which_part_of_a_login_was_wrong(world: World) -> None:
    who, staff, employer = await registered(world), await world.staff("school"), await world.employer()
    username, authenticator = await with_an_authenticator(world, staff)
    named = await with_a_phone(world, employer)
    disabled = await registered(world)
    await world.line.execute("update app.accounts set disabled_at = now() where person_id = $1", disabled.person)
    unregistered = await enrolled(world)
    graduate = {"as": "graduate", "level": "bachelor"}
    wrong: list[dict[str, Any]] = [
        {**graduate, "phone": who.phone, "password": "wrong"},
        {**graduate, "phone": phone()},
        {**graduate, "level": "master", "phone": who.phone},
        {**graduate, "id_number": await world._unused(id_number(77, "20020202"))},
        {**graduate, "id_number": unregistered.fields["id_number"]},
        {**graduate, "phone": disabled.phone},
        {"as": "employer", **named, "password": "wrong"},
        {"as": "employer", **named, "phone": phone()},
        {"as": "employer", **named, "credit_code": "91350100M000100Y43"},
        {"as": "staff", "username": username, "totp": authenticator.now(), "password": "wrong"},
        {"as": "staff", "username": username, "totp": authenticator.at(0)},
        {"as": "staff", "username": username},
        {"as": "staff", "username": username, "recovery_code": "7K3M9QXB2T"},
        {"as": "staff", "username": "nobody.here", "totp": authenticator.now()},
    ]
    before = await traces(world)
    answers = [await sign_in(world, **given) for given in wrong]
    after = await traces(world)
    assert {table for table in after if after[table] != before[table]} == {"buckets"}
    assert {answer.status_code for answer in answers} == {401}
    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert bodies == [bodies[0]] * len(wrong)
    assert bodies[0]["code"] == "login-refused"
    assert len({frozenset(answer.headers) for answer in answers}) == 1


async def test_a_login_that_names_nobody_costs_the_same_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    who = await registered(world)
    verified = []
    verify = world.service.passwords.verify

    async def counted(password: str, hash: str | None) -> bool:
        verified.append(hash is not None)
        return await verify(password, hash)

    monkeypatch.setattr(world.service.passwords, "verify", counted)
    for number in (who.phone, phone()):
        await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=number, password="wrong")
    assert verified == [True, False]


async def test_the_eleventh_wrong_password_is_too_many_for_an_account_and_for_nobody_alike(world: World) -> None:
    who = await registered(world)
    graduate = {"as": "graduate", "level": "bachelor"}
    for number in (who.phone, phone()):
        given = {**graduate, "phone": number, "password": "wrong"}
        for cohort in range(2001, 2011):
            assert (await sign_in(world, **given, cohort=cohort)).status_code == 401
        before = await traces(world)
        refused = await sign_in(world, **given | {"password": PASSWORD})
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
        assert 800 <= int(refused.headers["retry-after"]) <= 900
        assert await traces(world) == before
    await world.line.execute("update app.buckets set until = now()")
    assert (await sign_in(world, **graduate, phone=who.phone)).status_code == 201


async def test_a_right_password_counts_from_zero_again(world: World) -> None:
    who = await registered(world)
    given = {"as": "graduate", "level": "bachelor", "phone": who.phone}
    for password in ("wrong", "wrong", PASSWORD):
        await sign_in(world, **given | {"password": password})
    for _ in range(9):
        assert (await sign_in(world, **given, password="wrong")).status_code == 401
    assert (await sign_in(world, **given)).status_code == 201


async def test_many_guesses_at_once_are_counted_one_by_one(world: World) -> None:
    who = await registered(world)
    given = {"as": "graduate", "level": "bachelor", "phone": who.phone, "password": "wrong"}
    answers = await asyncio.gather(*(sign_in(world, **given) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 6


async def test_no_login_without_its_captcha(world: World) -> None:
    who = await registered(world)
    right = await captcha(world)
    nobody = {"as": "staff", "username": "nobody.here", "password": "x", "totp": "123456"}
    await post(world, "/v1/auth/tokens", {**nobody, "captcha": right})
    given = {"as": "graduate", "level": "bachelor", "phone": who.phone, "password": PASSWORD}
    before = await traces(world)
    reused = await post(world, "/v1/auth/tokens", {**given, "captcha": right})
    assert (reused.status_code, reused.json()["code"]) == (422, "captcha-wrong")
    missing = await post(world, "/v1/auth/tokens", given)
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (422, "required")
    assert await traces(world) == before


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"as": "graduate", "level": "bachelor"}, "/body", "phone-or-id-number"),
        ({**GRADUATE, "id_number": "11010519491231002X"}, "/body", "phone-or-id-number"),
        ({**GRADUATE, "level": "primary"}, "/body/level", "not-in-list"),
        ({"as": "minister", "username": "x.y"}, "/body/as", "not-in-list"),
        ({"username": "x.y"}, "/body/as", "required"),
        (
            {"as": "staff", "username": "x.y", "totp": "123456", "recovery_code": "7K3M9QXB2T"},
            "/body",
            "totp-or-recovery-code",
        ),
        ({**OPERATOR, "credit_code": "91370100MA6838WPG1"}, "/body/credit_code", "credit-code-invalid"),
        ({**OPERATOR, "remember_me": True}, "/body/remember_me", "unknown-field"),
    ],
)
async def test_a_login_of_the_wrong_form_is_refused_before_the_captcha_is_spent(
    world: World, given: dict[str, Any], pointer: str, code: str
) -> None:
    right = await captcha(world)
    before = await traces(world)
    answer = await post(world, "/v1/auth/tokens", {"password": PASSWORD, "captcha": right, **given})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert await traces(world) == before


async def test_a_login_is_at_most_four_statements(world: World) -> None:
    who = await registered(world)
    username, authenticator = await with_an_authenticator(world, await world.staff("school"))
    for named in (
        {"as": "graduate", "level": "bachelor", "phone": who.phone},
        {"as": "staff", "username": username, "totp": authenticator.now()},
    ):
        right = await captcha(world)
        before = world.service.db.trips
        answer = await post(world, "/v1/auth/tokens", {**named, "password": PASSWORD, "captcha": right})
        assert (answer.status_code, world.service.db.trips - before) == (201, 3)


async def test_a_hash_of_yesterdays_parameters_is_made_anew(world: World) -> None:
    who = await registered(world)
    old = CryptContext(["pbkdf2_sha256"], pbkdf2_sha256__rounds=1000).hash(PASSWORD)
    await world.line.execute("update app.accounts set password_hash = $2 where person_id = $1", who.person, old)
    given = {"as": "graduate", "level": "bachelor", "phone": who.phone}
    assert (await sign_in(world, **given)).status_code == 201
    held = await world.line.fetchval("select password_hash from app.accounts where person_id = $1", who.person)
    assert held.startswith("$argon2id$")
    assert (await sign_in(world, **given)).status_code == 201
