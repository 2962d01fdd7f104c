"""Employers register themselves, are looked at, and come into being in one write."""

import asyncio
from typing import Any

import pytest

from app.service import Service
from tests.accounts.people import post, sign_in
from tests.employers.given import Given
from tests.employers.registrant import OUTSIDE, Registrant, code_for, county_of, licence_of
from tests.world import PASSWORD, World

TABLES = ("bodies", "employers", "accounts", "reviews", "trail", "events")


async def rows(world: World) -> dict[str, int]:
    return {table: await world.line.fetchval(f"select count(*) from app.{table}") for table in TABLES}  # noqa: S608


async def test_a_registration_is_submitted_to_the_county_of_its_registered_place(world: World) -> None:
    region, bureau = await county_of(world)
    who = Registrant.new(region, contact_phone="13800138000", scale="small", founded_on="2015-03-09")
    made = await who.register(world)
    told = made.json()
    assert made.status_code == 201
    assert told["change"] == {"action": "open", "from": None, "to": "submitted", "version": 1}
    record = told["record"]
    assert (record["stage"], record["waiting_for"]["body"]["id"]) == ("county", bureau)
    assert (record["contact_phone_masked"], record["scale"], record["founded_on"]) == (
        "138****8000",
        "small",
        "2015-03-09",
    )
    assert record["actions"] == ["attach"]
    reviewer = await world.staff("county", body=bureau)
    (review,) = [
        one
        for one in (await reviewer.get("/v1/reviews?order=newest")).json()["items"]
        if one["record_id"] == record["id"]
    ]
    assert (review["kind"], review["subject"]["name"]) == ("employer", who.employer["name"])
    assert (await reviewer.get(f"/v1/employers/{record['id']}")).json()["name"] == who.employer["name"]
    operator = await who.signed_in(world, record["id"])
    assert (await operator.get(made.headers["Location"])).json() == record


async def test_the_credit_code_whose_remainder_is_zero_is_accepted(world: World) -> None:
    region, _ = await county_of(world)
    made = await Registrant.new(region, credit_code="91370100ma6838wpg0").register(world)
    taken = made.status_code == 409 and made.json()["code"] == "employer-exists"  # fuzzing may have come first
    assert taken or made.json()["record"]["credit_code"] == "91370100MA6838WPG0"


async def test_outside_the_province_the_provincial_bureau_approves(world: World) -> None:
    made = (await Registrant.new(OUTSIDE).register(world)).json()["record"]
    assert (made["stage"], made["waiting_for"]["body"]["id"]) == ("province", world.bodies["provincial_bureau"])


async def test_the_operator_signs_in_with_phone_credit_code_and_password(world: World) -> None:
    region, _ = await county_of(world)
    who = Registrant.new(region)
    await who.register(world)
    login = {"as": "employer", "phone": who.operator["phone"], "credit_code": who.employer["credit_code"]}
    signed = await sign_in(world, **login)
    assert signed.status_code == 201, signed.text
    assert (await sign_in(world, **login, password="不是-这个-密码")).status_code == 401


async def test_a_known_credit_code_is_refused_and_nothing_is_written(world: World) -> None:
    region, _ = await county_of(world)
    who = Registrant.new(region)
    await who.register(world)
    before = await rows(world)
    again = await Registrant.new(region, credit_code=who.employer["credit_code"]).register(world)
    assert (again.status_code, again.json()["code"]) == (409, "employer-exists")
    assert await rows(world) == before


@pytest.mark.parametrize(
    ("part", "field", "value", "pointer", "code"),
    [
        ("employer", "credit_code", "91370100MA6838WPG1", "/body/employer/credit_code", "credit-code-invalid"),
        ("employer", "registered_region", "370100", "/body/employer/registered_region", "county-needed"),
        ("employer", "name", "有限\0公司", "/body/employer/name", "nul-character"),
        ("employer", "owner", "我", "/body/employer/owner", "unknown-field"),
        ("operator", "password", "a" * 12, "/body/operator/password", "password-common"),
        ("operator", "phone", "0531-88364000", "/body/operator/phone", "phone-not-mobile"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_written(
    world: World, part: str, field: str, value: str, pointer: str, code: str
) -> None:
    who = Registrant.new("370102")
    body: dict[str, Any] = {"employer": who.employer, "operator": who.operator, "code": "123456"}
    body[part] = body[part] | {field: value}
    before = await rows(world)
    answer = await post(world, "/v1/employers", body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert await rows(world) == before


async def test_an_unproven_phone_registers_nothing(world: World) -> None:
    region, _ = await county_of(world)
    who = Registrant.new(region)
    right = await code_for(world, who.operator["phone"])
    before = await rows(world)
    body = {"employer": who.employer, "operator": who.operator, "code": f"{(int(right) + 1) % 10**6:06d}"}
    refused = await post(world, "/v1/employers", body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "code-wrong")
    assert await rows(world) == before


async def test_nothing_is_approved_before_the_licence_is_attached(world: World) -> None:
    given = await Given.everybody(world)
    who = Registrant.new(given.region)
    path = (await who.register(world)).headers["Location"]
    county, operator = given.cast["county"], await who.signed_in(world, path.rpartition("/")[2])
    refused = await county.move(path, "approve")
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, "licence-missing")
    blocked = (await county.get(path)).json()["blocked"]
    assert [(one["action"], one["code"]) for one in blocked] == [("approve", "licence-missing")]
    foreign = await licence_of(await world.employer())
    stolen = await operator.move(path, "attach", licence_file_id=foreign)
    assert (stolen.status_code, stolen.json()["unmet"][0]["code"]) == (409, "licence-unknown")
    await operator.move(path, "attach", licence_file_id=await licence_of(operator))
    assert (await county.move(path, "approve")).json()["record"]["decision"] == "approved"


async def test_a_returned_registration_is_edited_and_submitted_to_the_bureau_of_its_new_place(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.employer("draft", None)
    operator, details = given.cast["operator"], given.body("edit")["employer"]

    async def to_do() -> list[str]:
        items = (await operator.get("/v1/me/todo")).json()["items"]
        return [one["link"] for one in items if one["code"] == "submit-your-registration"]

    assert await to_do() == [path]
    moved = await operator.move(
        path, "edit", employer=details | {"name": "新名称有限公司", "registered_region": OUTSIDE}
    )
    assert moved.json()["record"]["name"] == "新名称有限公司"
    again = await operator.move(path, "submit")
    assert again.json()["record"]["stage"] == "province", again.text
    assert await to_do() == []
    body = await world.line.fetchval("select name from app.bodies where id = $1", path.rpartition("/")[2])
    assert body == "新名称有限公司"
    steps = (await operator.get(f"{path}/transitions")).json()["items"]
    assert [one["action"] for one in steps] == ["open", "attach", "return", "edit", "submit"]
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def test_each_bureau_lists_its_own_employers(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.employer("submitted", "county")
    record = path.rpartition("/")[2]

    async def listed(who: str) -> bool:
        page = (await given.cast[who].get("/v1/employers", params={"limit": 200})).json()
        return record in [one["id"] for one in page["items"]]

    seen = {
        who: await listed(who) for who in ("operator", "county", "city", "provincial_bureau", "provincial_education")
    }
    assert all(seen.values()), seen
    assert not any([await listed(who) for who in ("other operator", "other county")])
    strangers = [given.cast[who] for who in ("school", "graduate", "support")]
    assert {(await one.get("/v1/employers")).status_code for one in strangers} == {403}


async def test_reading_costs_one_trip_and_a_move_two(world: World, service: Service) -> None:
    given = await Given.everybody(world)
    path = await given.employer("submitted", "county")
    county = given.cast["county"]

    async def trips(asking: Any) -> int:
        before = service.db.trips
        assert (await asking).status_code in (200, 201)
        return service.db.trips - before

    assert await trips(county.get(path)) == 1
    assert await trips(county.get("/v1/employers")) == 1
    version = (await county.get(path)).json()["version"]
    assert await trips(county.move(path, "approve", version)) == 2


async def test_the_contact_number_is_stored_sealed(world: World, service: Service) -> None:
    region, _ = await county_of(world)
    who = Registrant.new(region, contact_phone="13912345678")
    record = (await who.register(world)).json()["record"]["id"]
    row = await world.line.fetchrow("select * from app.employers where id = $1", record)
    opened = service.sealer.open(
        row["contact_phone_sealed"], table="employers", column="contact_phone_sealed", row=record
    )
    assert opened == "13912345678"
    assert "13912345678" not in str(dict(row))
    assert who.operator["phone"] not in str(
        await world.line.fetchrow("select * from app.accounts where body_id = $1", record)
    )


async def test_two_registrations_of_one_code_at_once_make_one_employer(world: World) -> None:
    region, _ = await county_of(world)
    one = Registrant.new(region)
    two = Registrant.new(region, credit_code=one.employer["credit_code"])
    codes = [await code_for(world, who.operator["phone"]) for who in (one, two)]
    bodies = [
        {"employer": who.employer, "operator": who.operator, "code": code}
        for who, code in zip((one, two), codes, strict=True)
    ]
    answers = await asyncio.gather(*(post(world, "/v1/employers", body) for body in bodies))
    assert sorted(one.status_code for one in answers) == [201, 409]
    assert PASSWORD not in "".join(one.text for one in answers)
