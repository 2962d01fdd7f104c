"""Accounts of staff: made by the body's administrator or the one above, with a second factor; disabled at once."""

import asyncio
from itertools import count
from typing import Any

import httpx
import pytest
from sqlalchemy import column, func, select, table, update

from app.db import REQUEST, Statement, opened
from tests.accounts.newcomers import OWN_PASSWORD, Newcomer
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


async def test_the_new_colleague_signs_in_to_enrol_with_what_was_told_once(world: World) -> None:
    administrator = await world.staff("school", "administrator")
    made = await make(administrator, world.bodies["school"])
    assert made.status_code == 201, made.text
    told = made.json()
    assert "no-store" in made.headers["cache-control"]
    login = {"as": "staff", "username": told["account"]["username"], "password": told["initial_password"]}
    signed = await sign_in(world, **login)
    assert signed.status_code == 201, signed.text
    assert signed.json()["session"]["amr"] == ["pwd"]
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


async def everybody(person: Somebody, body: str) -> list[dict[str, Any]]:
    """The accounts of a body, page by page: the province's has those of all tests."""
    items, cursor = [], {}
    while True:
        page = (await person.get("/v1/staff", params={"body_id": body, "limit": 200, **cursor})).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("kind", CHAIN)
async def test_only_the_body_and_those_above_make_its_accounts(world: World, kind: str) -> None:
    allowed = set()
    for who in (*CHAIN, "employer"):
        person = await world.employer() if who == "employer" else await world.staff(who, "administrator")
        answer = await make(person, world.bodies[kind])
        assert answer.status_code in (201, 403), answer.text
        if answer.status_code == 201:
            allowed.add(who)
            assert answer.json()["account"] in await everybody(person, world.bodies[kind])
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


async def steps_of(world: World, account: str) -> list[tuple[str, int, str]]:
    rows = await world.line.fetch("select * from app.trail where record_id = $1 order by seq", account)
    return [(row["action"], row["seq"], row["situation"]) for row in rows]


async def test_a_colleague_who_is_let_in_again_begins_a_new_session(world: World) -> None:
    administrator, colleague = await world.staff("school", "administrator"), await world.staff("school", "reviewer")
    path = f"/v1/staff/{colleague.account}"
    await administrator.post(f"{path}/disable")
    enabled = await administrator.post(f"{path}/enable")
    assert enabled.json()["disabled_at"] is None
    assert (await administrator.post(f"{path}/enable")).json() == enabled.json()
    assert (await colleague.get("/v1/reviews")).status_code == 401, "what has ended stays ended"
    again = await world.session(colleague.account, amr=("pwd", "otp"))
    assert (await Somebody(world.client, again, colleague.account).get("/v1/reviews")).status_code == 200
    assert await steps_of(world, colleague.account) == [("disable", 2, "disabled"), ("enable", 3, "active")]


async def test_other_roles_and_another_name_hold_from_the_next_request(world: World) -> None:
    administrator, colleague = await world.staff("school", "administrator"), await world.staff("school", "reviewer")
    path = f"/v1/staff/{colleague.account}"
    assert (await colleague.get("/v1/staff")).status_code == 403
    patch = {"roles": ["administrator"], "display_name": "王老师"}
    assert (await administrator.patch(path, patch)).status_code == 428
    edited = await administrator.patch(path, patch, If_Match='"1"')
    assert edited.status_code == 200, edited.text
    assert (edited.json()["version"], edited.json()["roles"], edited.json()["display_name"]) == (
        2,
        ["administrator"],
        "王老师",
    )
    assert (await colleague.get("/v1/staff")).status_code == 200
    assert (await administrator.patch(path, patch, If_Match='"1"')).status_code == 412
    assert (await administrator.patch(path, {}, If_Match='"2"')).json() == edited.json()
    diff = await world.line.fetchval("select diff from app.trail where record_id = $1", colleague.account)
    assert '"roles": [["reviewer"], ["administrator"]]' in diff


async def test_a_reset_takes_sessions_password_and_second_factor(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.enrolled()
    path = f"/v1/staff/{who.account}/reset"
    assert (await who.administrator.post(path)).status_code == 428
    answers = await asyncio.gather(*(who.administrator.post(path, If_Match='"2"') for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412]
    (reset,) = [answer for answer in answers if answer.status_code == 201]
    assert (await me.get("/v1/me")).status_code == 401
    assert (await who.log_in(password=OWN_PASSWORD, totp=who.code(1))).status_code == 401
    assert (await who.log_in(password=OWN_PASSWORD, recovery_code=who.recovery_codes[0])).status_code == 401
    who.initial_password = reset.json()["initial_password"]
    assert (await (await who.signed_in()).get("/v1/reviews")).json()["code"] == "second-factor-missing"
    await who.enrolled()
    assert await steps_of(world, who.account) == [
        (action, seq, "active") for seq, action in enumerate(("open", "enrol", "reset", "enrol"), 1)
    ]
    assert await world.line.fetch("select * from app.broken_trail() where record_id = $1", who.account) == []


async def test_a_reset_wins_over_a_login_at_the_same_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    who = await Newcomer.hired(world)
    verify = world.service.passwords.verify

    async def meanwhile_reset(password: str, hash: str | None) -> bool:
        right = await verify(password, hash)
        assert (await who.administrator.post(f"/v1/staff/{who.account}/reset", If_Match='"1"')).status_code == 201
        return right

    monkeypatch.setattr(world.service.passwords, "verify", meanwhile_reset)
    assert (await who.log_in()).status_code == 401
    assert not await world.line.fetchval("select count(*) from app.sessions where account_id = $1", who.account)


@pytest.mark.parametrize("change", ["edit", "disable", "enable", "reset"])
async def test_nobody_changes_their_own_account_nor_those_of_others_bodies(world: World, change: str) -> None:
    administrator = await world.staff("school", "administrator")
    other = await world.staff("school", body=await world.body("school", f"{change}{world.serial}", "另一所大学"))
    reviewer = await world.staff("school", "reviewer")

    async def ask(who: Somebody, whose: Somebody) -> tuple[int, str]:
        path = f"/v1/staff/{whose.account}"
        if change == "edit":
            answer = await who.patch(path, {"roles": ["reader"]}, If_Match='"1"')
        else:
            answer = await who.post(f"{path}/{change}", If_Match='"1"')
        return answer.status_code, answer.json()["code"]

    assert await ask(administrator, administrator) == (409, "own-account")
    assert await ask(administrator, other) == (404, "not-found")
    assert await ask(reviewer, administrator) == (403, "role-missing")
    for somebody in (administrator, other):
        assert await steps_of(world, somebody.account) == []
        assert (await somebody.get("/v1/reviews")).status_code == 200


async def test_only_administrators_may_end_the_sessions_of_others_even_by_mistake(world: World) -> None:
    """The policy behind a reset, without the statement's own scope."""
    colleague = await world.staff("school", "reviewer")
    everything = Statement(
        select(func.count().label("ended")).select_from(
            update(table("sessions", column("ended_at"), schema="app")).values(ended_at=func.now())
            .where(select(func.count()).select_from(opened(REQUEST)).scalar_subquery() == 1)
            .returning(column("ended_at")).cte("ended")
        )
    )  # fmt: skip
    for somebody in (await world.staff("school", "reviewer"), await world.graduate()):
        session = await world.line.fetchval("select id from app.sessions where account_id = $1", somebody.account)
        (row,) = await world.service.db.write(everything, {"session": str(session), "record": None})
        assert row.ended == 1, "their own"
        assert (await colleague.get("/v1/me")).status_code == 200
