"""Forgotten passwords: a code to the account's phone, one answer to everything that does not fit."""

import asyncio
from statistics import median
from time import perf_counter

import pytest

from tests.accounts.lost import NEW_PASSWORD, a_graduate, code, kept_code, lives, reset
from tests.accounts.people import captcha, enrolled, messages_to, phone, post, register, sign_in, traces
from tests.accounts.test_registration import without_request
from tests.world import World, id_number

GRADUATE = {"as": "graduate", "level": "bachelor"}


async def test_a_code_to_the_phone_sets_a_new_password_and_ends_every_session(world: World) -> None:
    who, signed_in = await a_graduate(world)
    assert await lives(world, signed_in)
    answer = await reset(world, who)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await lives(world, signed_in)
    assert (await sign_in(world, **GRADUATE, phone=who.phone)).status_code == 401
    again = await sign_in(world, **GRADUATE, phone=who.phone, password=NEW_PASSWORD)
    assert again.status_code == 201
    headers = {"Authorization": f"Bearer {again.json()['access_token']}"}
    told = (await world.client.get("/v1/me/messages", headers=headers)).json()["items"]
    assert [one["kind"] for one in told] == ["password-changed"]
    assert (await messages_to(world, who.phone))[-1].kind == "password-changed"


async def test_whatever_does_not_fit_has_one_answer_and_changes_nothing(world: World) -> None:
    who, signed_in = await a_graduate(world)
    other, _ = await a_graduate(world)
    unregistered = await enrolled(world)
    nobody = await world._unused(id_number(733, "20010204"))
    answers = []
    for person, more in (
        (who, {"level": "master"}),
        (who, {"id_number": nobody}),
        (who, {"phone": phone()}),
        (who, {"phone": other.phone}),
        (unregistered, {}),
    ):
        before = await traces(world)
        answer = await reset(world, person, **more)
        assert answer.status_code == 403, answer.text
        after = await traces(world)
        assert {table for table in after if after[table] != before[table]} <= {"pgqueuer", "buckets"}
        answers.append(without_request(answer.json()))
    assert answers == [answers[0]] * len(answers)
    assert answers[0]["code"] == "reset-refused"
    assert await lives(world, signed_in)
    assert (await sign_in(world, **GRADUATE, phone=who.phone)).status_code == 201


@pytest.mark.usefixtures("dear_passwords")
async def test_a_refused_reset_takes_as_many_statements_and_as_long(world: World) -> None:
    who, _ = await a_graduate(world)
    counted, times = dict[str, int](), dict[str, list[float]]()
    for _ in range(5):
        for case, level in (("right", "bachelor"), ("wrong", "master"), ("no hash", "bachelor")):
            given = {
                **GRADUATE,
                "level": level,
                "id_number": who.fields["id_number"],
                "phone": who.phone,
                "password": NEW_PASSWORD,
                "code": await kept_code(world, who.phone, "password_reset"),
                "captcha": await captcha(world, "password_reset"),
            }
            given["code"] = "000000" if case == "no hash" else given["code"]
            before, began = world.service.db.trips, perf_counter()
            await post(world, "/v1/auth/password-resets", given)
            times.setdefault(case, []).append(perf_counter() - began)
            counted[case] = world.service.db.trips - before
    assert counted["right"] == counted["wrong"] <= 4
    assert 0.5 < median(times["right"]) / median(times["wrong"]) < 2, "the hash is made either way"
    assert median(times["right"]) / median(times["no hash"]) > 2, "the control: without the hash it would show"


async def test_the_captcha_comes_before_any_work(world: World) -> None:
    who, _ = await a_graduate(world)
    sent = await code(world, who.phone, "password_reset")
    wrong = {**await captcha(world, "password_reset"), "answer": "wrong"}
    refused = await reset(world, who, code=sent, captcha=wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "captcha-wrong")
    for purpose in ("login", "phone_code"):
        other = await reset(world, who, code=sent, captcha=await captcha(world, purpose))
        assert other.json()["code"] == "captcha-wrong"


async def test_a_new_password_keeps_the_rules(world: World) -> None:
    who, signed_in = await a_graduate(world)
    for password, said in (
        ("1234567890", "password-common"),
        (f"x{who.phone}y", "password-personal"),
        (f"pw-{who.fields['id_number'][6:14]}-x", "password-personal"),
        ("我是王小明我很喜欢读书", "password-personal"),
    ):
        refused = await reset(world, who, password=password)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, said)
    assert await lives(world, signed_in)


async def test_a_code_for_something_else_resets_nothing(world: World) -> None:
    who, _ = await a_graduate(world)
    other = await code(world, who.phone, "registration")
    refused = await reset(world, who, code=other)
    assert (refused.status_code, refused.json()["code"]) == (422, "code-wrong")


async def test_of_two_resets_by_one_code_one_is_refused(world: World) -> None:
    who, _ = await a_graduate(world)
    sent = await code(world, who.phone, "password_reset")
    given = [
        {
            **GRADUATE,
            "id_number": who.fields["id_number"],
            "phone": who.phone,
            "password": f"{NEW_PASSWORD}-{n}",
            "code": sent,
            "captcha": await captcha(world, "password_reset"),
        }
        for n in range(4)
    ]
    answers = await asyncio.gather(*(post(world, "/v1/auth/password-resets", one) for one in given))
    assert sorted(one.status_code for one in answers) == [204, 422, 422, 422]


async def test_an_operator_resets_theirs_by_credit_code_and_phone(world: World) -> None:
    operator, number = await world.employer(), phone()
    credit = "91370100MA6838WPG0"
    await world.line.execute("update app.employers set standing = 'closed' where credit_code = $1", credit)
    await world.line.execute("update app.employers set credit_code = $2 where id = $1", operator.body, credit)
    await world.line.execute(
        "update app.accounts set phone_bidx = $2 where id = $1",
        operator.account, world.service.blind_index.of("phone", number),
    )  # fmt: skip
    named = {"as": "employer", "credit_code": credit, "password": NEW_PASSWORD}
    for tried, status in ((phone(), 403), (number, 204)):
        given = {
            **named,
            "phone": tried,
            "code": await code(world, tried, "password_reset"),
            "captcha": await captcha(world, "password_reset"),
        }
        answer = await post(world, "/v1/auth/password-resets", given)
        assert answer.status_code == status, answer.text
        assert await lives(world, operator) == (status == 403)
    assert (await sign_in(world, **named, phone=number)).status_code == 201


async def test_an_imported_account_gets_its_first_password_by_the_phone_of_the_roster(world: World) -> None:
    who = await enrolled(world)
    await register(world, who)
    await world.line.execute("delete from app.phones where person_id = $1", who.person)
    await world.line.execute("update app.accounts set password_hash = null where person_id = $1", who.person)
    assert (await reset(world, who)).status_code == 403, "the roster has no phone"
    await world.line.execute(
        "update app.roster_entries set phone_bidx = $2 where person_id = $1 and source = 'school'",
        who.person, world.service.blind_index.of("phone", who.phone),
    )  # fmt: skip
    assert (await reset(world, who, phone=phone())).status_code == 403
    assert (await reset(world, who)).status_code == 204
    assert (await sign_in(world, **GRADUATE, phone=who.phone, password=NEW_PASSWORD)).status_code == 201
    await world.line.execute("delete from app.phones where person_id = $1", who.person)
    assert (await reset(world, who)).status_code == 403, "with a password, the roster's phone proves nothing"


async def test_ten_tries_a_day_for_a_name_whether_it_is_anybodys_or_not(world: World) -> None:
    who, nobody = await enrolled(world), await enrolled(world)
    await register(world, who)
    for person, answered in ((who, 204), (nobody, 403)):
        statuses = []
        for _ in range(11):
            sent = await kept_code(world, person.phone, "password_reset")
            statuses.append((await reset(world, person, code=sent)).status_code)
        assert statuses == [answered] * 10 + [429]
