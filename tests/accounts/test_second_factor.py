"""Staff enrol their second factor themselves, and can do nothing else until they have."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest

from tests.accounts.newcomers import OWN_PASSWORD, Newcomer
from tests.accounts.people import post
from tests.world import Somebody, World

RECORD = "01890a5d-ac96-774b-bcce-b302099a8057"
METHODS = {"get", "put", "post", "patch", "delete"}
WITHOUT = {"getMe", "beginAuthenticator", "confirmAuthenticator"}
"""What a session without its second factor may do, beside signing out."""
SECRET = ("totp_sealed", "totp_step", "recovery_codes", "enrol_until", "password_hash")


async def confirm(me: Somebody, code: str, **more: Any) -> httpx.Response:
    return await me.post("/v1/me/totp/confirmation", {"totp": code, **more})


async def kept(who: Newcomer) -> dict[str, Any]:
    row = await who.world.line.fetchrow("select * from app.accounts where id = $1", who.account)
    return {name: row[name] for name in SECRET}


async def test_the_person_enrols_and_only_they_see_the_secret(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.signed_in()
    before = (await me.get("/v1/me")).json()["second_factor"]
    assert (before["enrolled"], before["recovery_codes_left"], before["step_up_until"]) == (False, 0, None)
    assert before["enrol_until"] is not None
    shown = (await me.post("/v1/me/totp")).json()
    assert parse_qs(urlsplit(shown["uri"]).query)["secret"] == [shown["secret"]]
    me = await who.enrolled()
    after = (await me.get("/v1/me")).json()
    assert after["session"]["amr"] == ["pwd", "otp"]
    factor = after["second_factor"]
    assert (factor["enrolled"], factor["recovery_codes_left"], factor["enrol_until"]) == (True, 10, None)
    assert (await me.get("/v1/reviews")).status_code == 200, "the very session goes on with all rights"
    assert (await who.log_in(totp=who.code(1))).status_code == 401, "the initial password is void"
    again = await who.log_in(password=OWN_PASSWORD, totp=who.code(1))
    assert again.json()["session"]["amr"] == ["pwd", "otp"]
    row = str(await kept(who))
    assert who.authenticator
    assert not any(secret in row for secret in (who.authenticator.secret, OWN_PASSWORD, *who.recovery_codes))
    steps = await world.line.fetch("select action, seq from app.trail where record_id = $1 order by seq", who.account)
    assert [tuple(step) for step in steps] == [("open", 1), ("enrol", 2)]


async def test_without_a_second_factor_no_other_operation_answers(world: World) -> None:
    """Every operation of the contract that asks for a caller, with body and parameters as the contract shows them."""
    me = await (await Newcomer.hired(world)).signed_in()
    document = (await world.client.get("/openapi.json")).json()
    answers = {
        operation["operationId"]: await example_of(me, document, method, path, operation)
        for method, path, operation in asking_for_a_caller(document)
    }
    refused = {name for name, answer in answers.items() if answer.json().get("code") == "second-factor-missing"}
    assert {name: answers[name].text for name in answers.keys() - refused - WITHOUT} == {}
    assert len(refused) == len(answers) - len(WITHOUT) > 40
    assert all(answers[name].json()["unmet"][0]["how"] for name in refused), "the way out"
    assert (await me.get("/v1/me")).status_code == 200
    signed_out = await world.client.delete("/v1/auth/sessions/current", headers=me.headers({}))
    assert signed_out.status_code == 204


async def test_with_a_second_factor_the_same_requests_are_not_refused_for_it(world: World) -> None:
    """The control: what refuses above is the missing factor, and not the requests."""
    me = await (await Newcomer.hired(world)).enrolled()
    document = (await world.client.get("/openapi.json")).json()
    for method, path, operation in asking_for_a_caller(document):
        answer = await example_of(me, document, method, path, operation)
        assert answer.status_code != 401
        assert not answer.content or answer.json().get("code") != "second-factor-missing"


def asking_for_a_caller(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation), but for signing out, which would be the last."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in METHODS and operation["security"] and operation["operationId"] != "endSession":
                yield method, path, operation


async def example_of(
    who: Somebody, document: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> httpx.Response:
    """An operation, asked for with the examples of the contract."""
    given = {one["name"]: one for one in operation.get("parameters", ()) if "name" in one}
    content = operation.get("requestBody", {}).get("content", {})
    kind, media = next(iter(content.items()), ("", {}))
    example = media.get("example")
    if "examples" in media:
        shown = next(iter(media["examples"].values()))
        example = document["components"]["examples"][shown["$ref"].rpartition("/")[2]] if "$ref" in shown else shown
        example = example["value"]
    named = {**document["components"]["schemas"], "": {}}
    for one in given.values():
        one["schema"] |= named[one["schema"].get("$ref", "").rpartition("/")[2]]
    place = re.sub(r"\{(\w+)\}", lambda one: str(sample(given.get(one[1]), RECORD)), path)
    query = {name: sample(one) for name, one in given.items() if one["in"] == "query" and one.get("required")}
    headers = who.headers({"If-Match": '"1"', **({"Content-Type": kind} if kind else {})})
    more: dict[str, Any] = {"json": example} if "json" in kind else {"content": b"%PDF-1.7"} if kind else {}
    return await who.client.request(method, place, params=query, headers=headers, **more)


def sample(parameter: dict[str, Any] | None, otherwise: str = "") -> Any:
    """A value as the contract shows it."""
    schema = (parameter or {}).get("schema", {})
    if "pattern" in schema and re.search(schema["pattern"], RECORD):
        return RECORD
    return next(iter(schema.get("examples", schema.get("enum", [otherwise]))))


async def test_an_initial_password_lapses_and_another_can_be_had(world: World) -> None:
    who = await Newcomer.hired(world)
    late = "update app.accounts set enrol_until = now() - interval '1 second' where id = $1 returning enrol_until"
    assert timedelta(days=6, hours=23) < (await kept(who))["enrol_until"] - world.service.clock.real()
    await world.line.execute(late, who.account)
    refused = await who.log_in()
    assert (refused.status_code, refused.json()["code"]) == (403, "initial-password-expired")
    assert refused.json()["unmet"][0]["who"] == "administrator"
    assert (await who.log_in(password="wrong-of-course")).json()["code"] == "login-refused"
    reset = await who.administrator.post(f"/v1/staff/{who.account}/reset", If_Match='"1"')
    assert reset.status_code == 201, reset.text
    who.initial_password = reset.json()["initial_password"]
    await who.enrolled()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (None, "required"),
        ("short-2027", "password-too-short"),
        ("newcomer-newcomer", "password-personal"),
        ("the initial one", "password-unchanged"),
    ],
)
async def test_the_initial_password_is_replaced_by_a_good_one_or_nothing_is_done(
    world: World, password: str | None, code: str
) -> None:
    who = await Newcomer.hired(world)
    me = await who.signed_in()

    who.authenticator = pyotp.TOTP((await me.post("/v1/me/totp")).json()["secret"])
    new = who.initial_password if password == "the initial one" else password
    new = who.username + "!!!!" if code == "password-personal" else new
    before = await kept(who)
    answer = await confirm(me, who.code(), **({} if new is None else {"new_password": new}))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/body/new_password", code)]
    assert await kept(who) == before


async def test_a_wrong_code_enrols_nothing(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.signed_in()
    assert (await confirm(me, "123456", new_password=OWN_PASSWORD)).json()["code"] == "authenticator-not-begun"
    await me.post("/v1/me/totp")
    before = await kept(who)
    wrong = await confirm(me, "123456", new_password=OWN_PASSWORD)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "totp-wrong")
    assert await kept(who) == before
    assert (await me.get("/v1/reviews")).status_code == 403


async def test_other_sessions_that_wait_to_enrol_end_with_it(world: World) -> None:
    who = await Newcomer.hired(world)
    other = await who.signed_in()
    me = await who.enrolled()
    assert (await other.get("/v1/me")).status_code == 401
    assert (await me.get("/v1/me")).status_code == 200


async def test_two_confirmations_at_once_have_one_winner(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.signed_in()

    who.authenticator = pyotp.TOTP((await me.post("/v1/me/totp")).json()["secret"])
    answers = await asyncio.gather(*(confirm(me, who.code(), new_password=OWN_PASSWORD) for _ in range(4)))
    won = [answer for answer in answers if answer.status_code == 201]
    assert len(won) == 1
    assert {answer.status_code for answer in answers if answer not in won} <= {409, 422, 503}
    await who.forget_the_step()
    code = won[0].json()["recovery_codes"][0]
    assert (await who.log_in(password=OWN_PASSWORD, recovery_code=code)).status_code == 201


async def test_a_recovery_code_lets_in_once_and_is_counted(world: World) -> None:
    who = await Newcomer.hired(world)
    await who.enrolled()
    code = who.recovery_codes[3]
    answers = await asyncio.gather(*(who.log_in(password=OWN_PASSWORD, recovery_code=code) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    (right,) = [answer for answer in answers if answer.status_code == 201]
    assert right.json()["session"]["amr"] == ["pwd", "mfa"]
    me = Somebody(world.client, right.json()["access_token"], who.account)
    factor = (await me.get("/v1/me")).json()["second_factor"]
    assert (factor["recovery_codes_left"], factor["step_up_until"]) == (9, None)
    assert (await me.get("/v1/reviews")).status_code == 200
    dashed = f"{who.recovery_codes[4][:5]}-{who.recovery_codes[4][5:]}".lower()
    assert (await who.log_in(password=OWN_PASSWORD, recovery_code=dashed)).status_code == 201
    assert (await who.log_in(password="wrong-of-course", recovery_code=who.recovery_codes[5])).status_code == 401
    assert len((await kept(who))["recovery_codes"]) == 8, "a wrong password uses up no code"
    elses = await Newcomer.hired(world)
    await elses.enrolled()
    assert (await elses.log_in(password=OWN_PASSWORD, recovery_code=who.recovery_codes[6])).status_code == 401


async def test_new_recovery_codes_void_the_former_ones(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.enrolled()
    renewed = await me.post("/v1/me/recovery-codes")
    assert renewed.status_code == 201, renewed.text
    codes = renewed.json()["recovery_codes"]
    assert len({*codes, *who.recovery_codes}) == 20
    assert (await who.log_in(password=OWN_PASSWORD, recovery_code=who.recovery_codes[0])).status_code == 401
    assert (await who.log_in(password=OWN_PASSWORD, recovery_code=codes[0])).status_code == 201


async def test_a_new_authenticator_takes_the_place_of_the_present_one_when_it_is_confirmed(world: World) -> None:

    who = await Newcomer.hired(world)
    me = await who.enrolled()
    old = who.authenticator
    second = pyotp.TOTP((await me.post("/v1/me/totp")).json()["secret"])
    assert (await who.log_in(password=OWN_PASSWORD, totp=who.code(1))).status_code == 201, "not in use before"
    elsewhere = await confirm(me, second.now(), new_password=OWN_PASSWORD + "!")
    assert elsewhere.json()["errors"][0]["code"] == "password-not-initial"
    assert (await confirm(me, second.now())).status_code == 201
    await who.forget_the_step()
    who.authenticator = old
    assert (await who.log_in(password=OWN_PASSWORD, totp=who.code())).status_code == 401
    who.authenticator = second
    assert (await who.log_in(password=OWN_PASSWORD, totp=who.code())).status_code == 201


async def test_graduates_and_employers_have_no_second_factor(world: World) -> None:
    for person in (await world.graduate(), await world.employer()):
        assert (await person.get("/v1/me")).json()["second_factor"] is None
        for path in ("/v1/me/totp", "/v1/me/recovery-codes"):
            assert (await person.post(path)).json()["code"] == "role-missing"
        assert (await confirm(person, "123456")).json()["code"] == "role-missing"
        assert (await person.post("/v1/auth/step-ups", {"totp": "123456"})).json()["code"] == "role-missing"


async def test_enrolling_costs_a_read_and_a_write(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.signed_in()
    before = world.service.db.trips
    who.authenticator = pyotp.TOTP((await me.post("/v1/me/totp")).json()["secret"])
    assert world.service.db.trips - before == 2
    assert (await confirm(me, who.code(), new_password=OWN_PASSWORD)).status_code == 201
    assert world.service.db.trips - before == 4


async def test_a_session_to_enrol_is_refreshed_as_what_it_is(world: World) -> None:
    tokens = (await (await Newcomer.hired(world)).log_in()).json()
    refreshed = await post(world, "/v1/auth/tokens/refresh", {"refresh_token": tokens["refresh_token"]})
    me = Somebody(world.client, refreshed.json()["access_token"], "")
    assert (await me.get("/v1/reviews")).json()["code"] == "second-factor-missing"
