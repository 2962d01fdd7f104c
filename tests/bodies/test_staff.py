"""Accounts of staff: made by the body's administrator or the one above, with a second factor; disabled at once."""

from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest

from tests.accounts.people import sign_in
from tests.world import Somebody, World

_serial = count(1)


def draft(body: str, **other: Any) -> dict[str, Any]:
    return {
        "username": f"new.{next(_serial)}",
        "display_name": "李老师",
        "roles": ["reviewer"],
        "body_id": body,
    } | other


async def make(who: Somebody, body: str, **other: Any) -> httpx.Response:
    return await who.post("/v1/staff", draft(body, **other))


async def test_the_new_colleague_signs_in_with_what_was_told_once(world: World) -> None:
    administrator = await world.staff("school", "administrator")
    made = await make(administrator, world.bodies["school"])
    assert made.status_code == 201, made.text
    told = made.json()
    assert "no-store" in made.headers["cache-control"]
    uri = urlsplit(told["totp_uri"])
    code = pyotp.TOTP(parse_qs(uri.query)["secret"][0]).now()
    login = {"as": "staff", "username": told["account"]["username"], "password": told["initial_password"], "totp": code}
    signed = await sign_in(world, **login)
    assert signed.status_code == 201, signed.text
    assert signed.json()["session"]["amr"] == ["pwd", "otp"]
    again = (await administrator.get(made.headers["Location"])).json()
    assert again == told["account"]
    assert told["initial_password"] not in str(
        await world.line.fetchrow("select * from app.accounts where id = $1", again["id"])
    )


CHAIN = {
    "school": {"school", "provincial_bureau", "provincial_education"},
    "department": {"department", "school"},
    "county": {"county", "city", "provincial_bureau"},
    "city": {"city", "provincial_bureau"},
    "provincial_bureau": {"provincial_bureau"},
    "provincial_education": {"provincial_education"},
}
"""Whose administrators make the accounts of each kind of body: its own, and those above."""


@pytest.mark.parametrize("kind", CHAIN)
async def test_only_the_body_and_those_above_make_its_accounts(world: World, kind: str) -> None:
    allowed = set()
    for who in (*CHAIN, "employer"):
        person = await world.employer() if who == "employer" else await world.staff(who, "administrator")
        answer = await make(person, world.bodies[kind])
        assert answer.status_code in (201, 403), answer.text
        if answer.status_code == 201:
            allowed.add(who)
            listed = await person.get("/v1/staff", params={"body_id": world.bodies[kind], "limit": 200})
            assert answer.json()["account"] in listed.json()["items"]
    assert allowed == CHAIN[kind]


async def test_neither_reviewers_nor_neighbors_make_accounts(world: World) -> None:
    reviewer = await world.staff("school", "reviewer")
    other = await world.staff(
        "school", "administrator", body=await world.body("school", f"n{world.serial}", "另一所大学")
    )
    graduate = await world.graduate()
    for person in (reviewer, other, graduate):
        assert (await make(person, world.bodies["school"])).status_code == 403
        assert (await person.get("/v1/staff", params={"body_id": world.bodies["school"]})).status_code == 403


async def test_an_employers_operators_are_no_staff(world: World) -> None:
    employer = await world.employer()
    assert employer.body
    assert (await make(employer, employer.body)).status_code == 403


async def test_a_username_is_taken_once(world: World) -> None:
    administrator = await world.staff("school", "administrator")
    given = draft(world.bodies["school"])
    assert (await administrator.post("/v1/staff", given)).status_code == 201
    again = await administrator.post("/v1/staff", given | {"username": given["username"].upper()})
    assert (again.status_code, again.json()["code"]) == (409, "username-taken")


@pytest.mark.parametrize(
    "other", [{"roles": []}, {"roles": ["reader", "reader"]}, {"roles": ["king"]}, {"username": "1"}, {"password": "x"}]
)
async def test_a_wrong_draft_makes_nothing(world: World, other: dict[str, Any]) -> None:
    administrator = await world.staff("school", "administrator")
    before = await world.line.fetchval("select count(*) from app.accounts")
    assert (await make(administrator, world.bodies["school"], **other)).status_code == 422
    assert await world.line.fetchval("select count(*) from app.accounts") == before


async def test_an_unknown_body_is_404(world: World) -> None:
    administrator = await world.staff("provincial_bureau", "administrator")
    assert (await make(administrator, "01890a5d-ac96-774b-bcce-b302099a8057")).status_code == 404


async def test_a_disabled_colleague_is_out_at_once(world: World) -> None:
    administrator, colleague = await world.staff("school", "administrator"), await world.staff("school", "reviewer")
    path = f"/v1/staff/{colleague.account}"
    assert (await colleague.get("/v1/reviews")).status_code == 200
    disabled = await administrator.post(f"{path}/disable")
    assert disabled.json()["disabled_at"] is not None
    assert (await colleague.get("/v1/reviews")).status_code == 401
    assert (await administrator.post(f"{path}/disable")).json() == disabled.json()
    steps = await world.line.fetch("select action, account_id from app.trail where record_id = $1", colleague.account)
    assert [(row["action"], str(row["account_id"])) for row in steps] == [("disable", administrator.account)]


async def test_nobody_disables_themselves_or_another_schools_staff(world: World) -> None:
    administrator = await world.staff("school", "administrator")
    own = await administrator.post(f"/v1/staff/{administrator.account}/disable")
    assert (own.status_code, own.json()["code"]) == (409, "own-account")
    other = await world.staff("school", body=await world.body("school", f"d{world.serial}", "另一所大学"))
    assert (await administrator.post(f"/v1/staff/{other.account}/disable")).status_code == 404
    assert (await other.get("/v1/reviews")).status_code == 200


async def test_staff_are_listed_page_by_page_each_once(world: World) -> None:
    administrator = await world.staff("school", "administrator")
    made = [(await make(administrator, world.bodies["school"])).json()["account"]["id"] for _ in range(3)]
    first = (await administrator.get("/v1/staff", params={"limit": 2})).json()
    second = (await administrator.get("/v1/staff", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in first["items"] + second["items"]] == [administrator.account, *made]
    assert second["next_cursor"] is None
