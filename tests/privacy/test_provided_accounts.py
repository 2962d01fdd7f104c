"""Accounts that came with a roster are used and not made again; elsewhere's graduates ask about archives alone."""

import json
from typing import Any

import httpx
import pytest
from passlib.hash import django_pbkdf2_sha256, pbkdf2_sha256

from app.change import fresh_id
from tests.accounts.people import captcha, enrolled, messages_to, phone, post, register, sign_in
from tests.rosters.given import a_row, as_csv, imported, number, refused
from tests.world import PASSWORD, TERMS, Somebody, World

HEADERS = {"是否已开通账号": "是", "密码散列": ""}
LATE = {"入学时间": "20140901", "毕业时间": "20180630"}


async def accounts_of(world: World, id_number: str) -> list[Any]:
    """The accounts of a person, by level."""
    return await world.line.fetch(
        "select a.* from app.accounts a join app.persons p on p.id = a.person_id where p.id_bidx = $1 order by a.level",
        world.service.blind_index.of("id_number", id_number),
    )


async def code_to(world: World, number: str, purpose: str = "activation") -> str:
    """A code sent to a phone."""
    await world.line.execute("delete from app.buckets")
    asked = {"purpose": purpose, "phone": number, "captcha": await captcha(world, "phone_code")}
    assert (await post(world, "/v1/auth/phone-codes", asked)).status_code == 202
    return str((await messages_to(world, number))[-1].params["code"])


async def activate(world: World, id_number: str, number: str, **other: Any) -> httpx.Response:
    """Set the first password, by a code to this phone."""
    given = {"level": "bachelor", "id_number": id_number, "phone": number, "password": PASSWORD, **other}
    return await post(world, "/v1/auth/activations", {"code": await code_to(world, number), **given})


def login(id_number: str, **other: Any) -> dict[str, Any]:
    """A graduate's login by ID number."""
    return {"as": "graduate", "level": "bachelor", "id_number": id_number, **other}


async def test_a_provisioned_cohort_has_accounts_by_import_and_activates_them_by_the_rosters_phone(
    world: World,
) -> None:
    own, mobile = number(world, 1, "19960117"), phone()
    row = a_row(world, 1, 身份证号=own, 手机号码=mobile, **LATE)
    await imported(world, await world.staff("school"), as_csv([row]))
    [account] = await accounts_of(world, own)
    assert (account["kind"], account["password_hash"], account["display_name"]) == ("graduate", None, "王小明1")
    typed = {"name": "王小明1", "id_number": own, "level": "bachelor", "cohort": 2018,
             "school_code": world.school_code, "phone": mobile, "code": "000000", "password": PASSWORD}  # fmt: skip
    told = (await post(world, "/v1/auth/registrations", typed)).json()
    assert (told["code"], told["unmet"][0]["how"]) == ("cohort-provisioned", "Sign in, or recover the password.")
    assert (await sign_in(world, **login(own))).status_code == 401
    assert (await activate(world, own, mobile)).status_code == 201
    tokens = await sign_in(world, **login(own))
    assert tokens.status_code == 201
    by_phone = await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=mobile)
    assert by_phone.status_code == 201
    again = await activate(world, own, mobile, password="另一个-密码-2027-山")
    assert (again.status_code, again.json()["code"]) == (409, "activation-refused")
    assert (await sign_in(world, **login(own))).status_code == 201


async def test_every_misfit_of_an_activation_has_one_answer(world: World) -> None:
    own, mobile, taken = number(world, 1, "19960117"), phone(), phone()
    other = number(world, 2, "19960117")
    rows = [
        a_row(world, 1, 身份证号=own, 手机号码=mobile, **LATE),
        a_row(world, 2, 身份证号=other, 性别代码="2", 手机号码=taken, **LATE),
    ]
    await imported(world, await world.staff("school"), as_csv(rows))
    holder = await enrolled(world)
    holder.phone = taken
    assert (await register(world, holder)).status_code == 201
    answers = [
        await activate(world, own, phone()),
        await activate(world, number(world, 3), mobile),
        await activate(world, own, mobile, level="master"),
        await activate(world, other, taken),
        await activate(world, holder.fields["id_number"], taken),
    ]
    told = [{**one.json(), "request_id": None} for one in answers]
    assert told == [told[0]] * len(answers)
    assert (answers[0].status_code, told[0]["code"]) == (409, "activation-refused")
    assert (await activate(world, own, mobile)).status_code == 201


@pytest.mark.parametrize("foreign", [pbkdf2_sha256, django_pbkdf2_sha256])
async def test_a_hash_of_the_schools_own_system_is_good_once_and_made_anew(world: World, foreign: Any) -> None:
    own, school = number(world, 1, "20040117"), await world.staff("school")
    row = a_row(world, 1, **HEADERS | {"密码散列": foreign.using(rounds=1000).hash(PASSWORD)})
    await imported(world, school, as_csv([row]))
    [account] = await accounts_of(world, own)
    assert account["password_hash"] == row["密码散列"]
    assert (await sign_in(world, **login(own, password="wrong"))).status_code == 401
    assert (await sign_in(world, **login(own))).status_code == 201
    [account] = await accounts_of(world, own)
    assert account["password_hash"].startswith("$argon2id$")
    await imported(world, school, as_csv([row | {"专业": "软件工程"}]))
    assert await accounts_of(world, own) == [account]
    fields = {"name": "王小明1", "id_number": own, "level": "bachelor", "cohort": 2027}
    who = await enrolled(world, sources=())
    who.fields |= fields
    assert (await register(world, who)).json()["code"] == "registration-refused"
    assert len(await accounts_of(world, own)) == 1


async def test_what_was_activated_without_a_hash_is_registered_into(world: World) -> None:
    own = number(world, 1, "20040117")
    await imported(world, await world.staff("school"), as_csv([a_row(world, 1, **HEADERS)]))
    [account] = await accounts_of(world, own)
    who = await enrolled(world, sources=())
    who.fields |= {"name": "王小明1", "id_number": own, "level": "bachelor", "cohort": 2027}
    answer = await register(world, who)
    assert (answer.status_code, answer.json()["account_id"]) == (201, str(account["id"]))
    assert len(await accounts_of(world, own)) == 1


async def test_a_row_that_says_nothing_of_accounts_makes_none(world: World) -> None:
    await imported(
        world,
        await world.staff("school"),
        as_csv([a_row(world, 1, 是否已开通账号=""), a_row(world, 2, 是否已开通账号="否")]),
    )
    for serial in (1, 2):
        assert await accounts_of(world, number(world, serial, "20040117")) == []


async def test_a_dry_run_and_the_provincial_roster_make_no_account(world: World) -> None:
    file = as_csv([a_row(world, 1, **HEADERS)])
    await imported(world, await world.staff("school"), file, dry_run=True)
    await imported(world, await world.staff("provincial_education"), file, source="provincial")
    assert await accounts_of(world, number(world, 1, "20040117")) == []


async def test_a_hash_that_nothing_here_verifies_is_an_error_of_its_row(world: World) -> None:
    school = await world.staff("school")
    row = a_row(world, 1, **HEADERS | {"密码散列": "5f4dcc3b5aa765d61d8327deb882cf99"})
    found = await imported(world, school, as_csv([row]))
    assert await refused(school, found["id"]) == [(2, "密码散列", "wrong-form")]
    assert await accounts_of(world, number(world, 1, "20040117")) == []


async def test_two_levels_of_one_person_are_two_accounts(world: World) -> None:
    junior = await enrolled(world, level="junior_college", cohort=2022)
    later = await enrolled(world, level="bachelor", person=junior)
    assert (await register(world, junior)).status_code == 201
    other = "另一个-密码-2027-山"
    assert (await register(world, later, password=other)).status_code == 201
    assert [one["level"] for one in await accounts_of(world, junior.fields["id_number"])] == [
        "bachelor",
        "junior_college",
    ]
    for level, password, status in (
        ("bachelor", other, 201), ("bachelor", PASSWORD, 401), ("junior_college", PASSWORD, 201),
    ):  # fmt: skip
        given = login(junior.fields["id_number"], level=level, password=password)
        assert (await sign_in(world, **given)).status_code == status


# -- schools outside the province --------------------------------------------------------------------------------------


async def elsewhere(world: World) -> str:
    """The code of a school outside the province."""
    code = f"{10000 + world.serial}"
    body = await world.body("school", code, "外省大学")
    await world.line.execute(
        "insert into app.schools values ($1, $2, $3, '外省大学', '教育部', '北京市', '本科')",
        code,
        body,
        f"41110{code}",
    )
    return code


async def enrolled_elsewhere(world: World, code: str, home: str, source: str = "provincial") -> Any:
    """Somebody of that school in the provincial roster, from this home."""
    who = await enrolled(world, sources=())
    await world.line.execute(
        "insert into app.roster_entries (id, version, created_at, updated_at, source, school_id, person_id, name,"
        " level, cohort, completed, details, extra)"
        " select $1, 1, now(), now(), $2, body_id, $3, '王小明', 'bachelor', 2027, true, $4, '{}' from app.schools"
        " where code = $5",
        fresh_id(), source, who.person, json.dumps({"major": "数学", "home_region": home}), code,
    )  # fmt: skip
    who.fields["school_code"] = code
    return who


async def test_graduates_of_elsewhere_whose_home_is_here_ask_about_archives_alone(world: World) -> None:
    code = await elsewhere(world)
    who = await enrolled_elsewhere(world, code, "370102")
    made = await register(world, who)
    assert made.status_code == 201, made.text
    token = (await sign_in(world, **login(who.fields["id_number"]))).json()["access_token"]
    graduate = Somebody(world.client, token, made.json()["account_id"], graduate=made.json()["graduate_id"])
    me = (await graduate.get("/v1/me")).json()
    assert (me["graduate"]["archive_query_only"], me["roles"]) == (True, [])
    verified = await graduate.post("/v1/me/identity-verification")
    assert (verified.status_code, verified.json()["code"]) == (403, "archive-query-only")
    assert verified.json()["unmet"][0]["how"]
    options = (await graduate.get("/v1/me/options")).json()["items"]
    assert {(one["procedure"], one["blocked"] and one["blocked"]["code"]) for one in options} == {
        ("invitation", "archive-query-only"), ("destination", "archive-query-only"),
        ("entered_agreement", "archive-query-only"), ("roster_correction", None), ("application", "archive-query-only"),
        ("confirmation", "archive-query-only"), ("unemployed_registration", "archive-query-only"),
    }  # fmt: skip
    code_of = (await graduate.post("/v1/me/signing-codes")).json()["signing_code"]
    sent = await (await world.employer()).post("/v1/invitations", {"to": {"signing_code": code_of}, "terms": TERMS})
    accepted = await graduate.move(sent.headers["Location"], "accept", terms_version=1, password=PASSWORD)
    assert (accepted.status_code, accepted.json()["code"]) == (403, "archive-query-only")


async def test_a_home_elsewhere_or_the_schools_own_word_does_not_do(world: World) -> None:
    code = await elsewhere(world)
    for who in (
        await enrolled_elsewhere(world, code, "110101"),
        await enrolled_elsewhere(world, code, "370102", source="school"),
    ):
        assert (await register(world, who)).json()["code"] == "registration-refused"


async def test_graduates_of_the_province_are_not_marked(world: World) -> None:
    who = await enrolled(world, sources=("school", "provincial"))
    made = (await register(world, who)).json()
    row = await world.line.fetchrow("select * from app.graduates where id = $1", made["graduate_id"])
    assert row["archive_query_only"] is False
    token = (await sign_in(world, **login(who.fields["id_number"]))).json()["access_token"]
    graduate = Somebody(world.client, token, made["account_id"], graduate=made["graduate_id"])
    assert (await graduate.post("/v1/me/identity-verification")).status_code == 200
    only_provincial = await enrolled(world, name="李四", sources=("provincial",))
    assert (await register(world, only_provincial)).json()["code"] == "registration-refused"


# -- failed attempts ---------------------------------------------------------------------------------------------------


async def test_a_school_narrows_and_settles_attempts_and_says_try_again(world: World) -> None:
    who = await enrolled(world)
    for other in ({"name": "李五"}, {"cohort": 2022}, {"level": "master"}):
        assert (await register(world, who, **other)).status_code == 409
    school = await world.staff("school")

    async def listed(**filters: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await school.get("/v1/registration-attempts", params=filters)).json()["items"]
        return items

    assert [one["differing"] for one in await listed()] == [["level"], ["cohort"], ["name"]]
    assert [one["differing"] for one in await listed(differing="cohort")] == [["cohort"]]
    assert [one["differing"] for one in await listed(level="master")] == [["level"]]
    assert [one["differing"] for one in await listed(cohort=2027, level="bachelor")] == [["name"]]
    [attempt] = await listed(differing="name")
    path = f"/v1/registration-attempts/{attempt['id']}/closure"
    for stranger in (await world.staff("school", "reader"), await world.staff("county")):
        assert (await stranger.post(path, {"outcome": "corrected"})).status_code in (403, 404)
    closed = await school.post(path, {"outcome": "corrected"})
    assert (closed.status_code, closed.json()["outcome"]) == (200, "corrected")
    message = (await messages_to(world, who.phone))[-1]
    assert (message.kind, "重新注册" in message.text) == ("registration-corrected", True)
    again = await school.post(path, {"outcome": "explained"})
    assert (again.status_code, again.json()["code"]) == (409, "attempt-closed")
    assert [one["id"] for one in await listed(open=False)] == [attempt["id"]]
    assert len(await listed(open=True)) == 2
    [second, _] = await listed(open=True)
    sent = len(await messages_to(world, who.phone))
    await school.post(f"/v1/registration-attempts/{second['id']}/closure", {"outcome": "not_ours"})
    assert len(await messages_to(world, who.phone)) == sent
