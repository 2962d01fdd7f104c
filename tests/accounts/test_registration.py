"""Registration: the roster decides, the phone is proven, and a refusal tells nobody but the school why."""

import asyncio
from typing import Any

import pytest

from tests.accounts.people import Enrolled, code_for, enrolled, phone, post, register, sign_in, traces
from tests.world import PASSWORD, World, id_number


def without_request(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "request_id"}


async def test_five_equal_fields_and_a_proven_phone_make_an_active_account(world: World) -> None:
    who = await enrolled(world, name="阿依古丽·买买提")
    typed = {**who.fields, "name": "阿依古丽 • 买买提", "id_number": who.fields["id_number"].lower() + " "}
    answer = await register(world, who, **typed)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["name"], made["school"]["id"]) == ("阿依古丽·买买提", world.bodies["school"])
    (held,) = await world.line.fetch(
        "select g.person_id, g.department_id, g.verified_at, p.proven_at from app.graduates g"
        " join app.phones p using (person_id) where g.id = $1",
        made["graduate_id"],
    )
    assert [str(held["person_id"]), str(held["department_id"])] == [who.person, world.bodies["department"]]
    assert held["verified_at"] is None
    assert held["proven_at"] is not None
    assert (await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)).status_code == 201


async def test_whatever_does_not_fit_has_one_answer_and_the_school_learns_which(world: World) -> None:
    held, free = await enrolled(world), await enrolled(world, name="李四")
    assert (await register(world, held)).status_code == 201
    nobody = await world._unused(id_number(501, "20010203"))
    cases: list[tuple[Enrolled, dict[str, Any], list[str]]] = [
        (free, {"name": "李五"}, ["name"]),
        (free, {"level": "master"}, ["level"]),
        (free, {"cohort": 2022}, ["cohort"]),
        (free, {"name": "李五", "cohort": 2022}, ["name", "cohort"]),
        (free, {"id_number": nobody}, ["id_number"]),
        (free, {"phone": held.phone}, ["phone"]),
        (held, {"phone": phone()}, ["phone"]),
        (held, {}, []),
    ]
    answers = []
    for who, other, _ in cases:
        before = await traces(world)
        answer = await register(world, who, **other)
        after = await traces(world)
        assert answer.status_code == 409, (other, answer.text)
        assert {table for table in after if after[table] != before[table]} <= {
            "registration_attempts", "messages", "pgqueuer", "buckets"
        }  # fmt: skip
        answers.append(without_request(answer.json()))
    assert answers == [answers[0]] * len(cases)
    assert answers[0]["code"] == "registration-refused"
    reviewer = await world.staff("school", "reviewer")
    seen = (await reviewer.get("/v1/registration-attempts")).json()["items"]
    assert [item["differing"] for item in seen] == [differing for *_, differing in reversed(cases)]
    assert seen[-1]["name"] == "李五"
    assert seen[-1]["id_number"] == f"3{'*' * 16}{free.fields['id_number'][-1]}"
    assert seen[-1]["phone"] == f"{free.phone[:3]}****{free.phone[-4:]}"


async def test_the_holder_of_an_account_is_told_that_somebody_tried(world: World) -> None:
    who = await enrolled(world)
    await register(world, who)
    await register(world, who, phone=phone())
    token = (await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)).json()["access_token"]
    inbox = await world.client.get("/v1/me/messages", headers={"Authorization": f"Bearer {token}"})
    assert [item["kind"] for item in inbox.json()["items"]] == ["registration-attempted"]


async def test_attempts_are_for_the_staff_of_that_school_alone_and_end_after_thirty_days(world: World) -> None:
    who = await enrolled(world)
    for name in ("甲", "乙", "丙"):
        assert (await register(world, who, name=name)).status_code == 409
    reader, department, county = (
        await world.staff("school", "reader"),
        await world.staff("department"),
        await world.staff("county"),
    )
    for other in (reader, department, county):
        assert (await other.get("/v1/registration-attempts")).status_code == 403
    other_school = await World.made(world.service, world.client, world.line)
    assert (await (await other_school.staff("school")).get("/v1/registration-attempts")).json()["items"] == []
    administrator = await world.staff("school", "administrator")
    first = await administrator.get("/v1/registration-attempts?limit=2")
    assert [item["name"] for item in first.json()["items"]] == ["丙", "乙"]
    rest = await administrator.get(first.links["next"]["url"])
    assert [item["name"] for item in rest.json()["items"]] == ["甲"]
    await world.line.execute("update app.registration_attempts set purge_at = now()")
    assert (await administrator.get("/v1/registration-attempts")).json()["items"] == []


@pytest.mark.parametrize(("cohort", "code"), [(2018, "cohort-provisioned"), (2044, "cohort-not-open")])
async def test_a_cohort_that_does_not_register_says_so_and_the_code_stays_good(
    world: World, cohort: int, code: str
) -> None:
    who = await enrolled(world, cohort=cohort)
    sent = await code_for(world, who.phone)
    before = await traces(world)
    answer = await post(
        world, "/v1/auth/registrations", {**who.fields, "phone": who.phone, "code": sent, "password": PASSWORD}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert answer.json()["unmet"][0]["how"]
    assert await traces(world) == before


@pytest.mark.parametrize(
    ("other", "pointer", "code"),
    [
        ({"school_code": "99999"}, "/body/school_code", "unknown-code"),
        ({"password": "1234567890"}, "/body/password", "password-common"),
        ({"password": "我是王小明我很喜欢读书"}, "/body/password", "password-personal"),
        ({"password": "short"}, "/body/password", "too-short"),
        ({"id_number": "370102200405170011"}, "/body/id_number", "id-number-check-digit"),
        ({"phone": "0531-88364000"}, "/body/phone", "phone-not-mobile"),
        ({"nickname": "明"}, "/body/nickname", "unknown-field"),
        ({"name": "王\0明"}, "/body/name", "nul-character"),
    ],
)
async def test_a_wrong_field_is_named_and_leaves_no_trace(
    world: World, other: dict[str, Any], pointer: str, code: str
) -> None:
    who = await enrolled(world)
    sent = await code_for(world, who.phone)
    before = await traces(world)
    given = {**who.fields, "phone": who.phone, "code": sent, "password": PASSWORD, **other}
    answer = await post(world, "/v1/auth/registrations", given)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert await traces(world) == before


async def test_a_code_registers_once(world: World) -> None:
    who = await enrolled(world)
    given = {**who.fields, "phone": who.phone, "code": await code_for(world, who.phone), "password": PASSWORD}
    assert (await post(world, "/v1/auth/registrations", {**given, "name": "王大明"})).status_code == 409
    before = await traces(world)
    again = await post(world, "/v1/auth/registrations", given)
    assert (again.status_code, again.json()["code"]) == (422, "code-wrong")
    assert await traces(world) == before


async def test_an_account_that_the_school_activated_is_used_not_made_again(world: World) -> None:
    who = await enrolled(world)
    account = "01890a5d-ac96-774b-bcce-b3020" + f"{world.serial:07d}"
    await world.line.execute(
        "insert into app.accounts (id, kind, person_id, level, display_name, roles, created_at)"
        " values ($1, 'graduate', $2, 'bachelor', '王小明', '{}', now())",
        account, who.person,
    )  # fmt: skip
    answer = await register(world, who)
    assert (answer.status_code, answer.json()["account_id"]) == (201, account)
    assert await world.line.fetchval("select count(*) from app.accounts where person_id = $1", who.person) == 1


async def test_a_later_programme_of_the_same_level_joins_the_account_by_its_password(world: World) -> None:
    first = await enrolled(world, cohort=2022)
    made = (await register(world, first)).json()
    second = await enrolled(world, person=first)
    assert (await register(world, second, password="另一个-很长的-密码")).status_code == 409
    joined = await register(world, second)
    assert joined.status_code == 201
    assert joined.json()["account_id"] == made["account_id"]
    assert joined.json()["graduate_id"] != made["graduate_id"]


async def test_of_two_who_register_one_person_at_once_one_is_refused(world: World) -> None:
    for _ in range(5):
        who = await enrolled(world)
        numbers = [phone(), phone()]
        given = [
            {**who.fields, "phone": number, "code": await code_for(world, number), "password": PASSWORD}
            for number in numbers
        ]
        answers = await asyncio.gather(*(post(world, "/v1/auth/registrations", one) for one in given))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        held = await world.line.fetch("select bidx from app.phones where person_id = $1", who.person)
        assert len(held) == 1
