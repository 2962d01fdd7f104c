"""What a request costs in statements, counted where they are sent. A transaction's BEGIN and COMMIT would count too."""

import re
from collections.abc import Awaitable

import httpx
import pytest
from sqlalchemy import select

from app.db import Read, actor
from app.statements import prepared
from tests.agreements.given import BODIES, REASON, Given
from tests.unemployed.given import PATH, Cases
from tests.world import TERMS, World


async def trips(world: World, request: Awaitable[httpx.Response], status: int) -> int:
    """How many statements a request sent; it must be answered so."""
    before = world.service.db.trips
    answer = await request
    assert answer.status_code == status, answer.text
    return world.service.db.trips - before


def test_a_statement_opens_one_door_once() -> None:
    """A part that names the actor and is not correlated to it goes through the door again."""
    door = re.compile(r"app\.begin_\w+\(")
    assert [one.sql for one in prepared() if len(door.findall(one.sql)) > 1] == []
    part = select(actor.c.kind).subquery("part")
    assert len(door.findall(Read(select(part.c.kind)).sql)) == 2, "the control"


async def test_a_record_is_read_in_one_statement(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.agreement("submitted", "department")
    for who in ("graduate", "department", "school"):
        assert await trips(world, given.cast[who].get(path), 200) == 1
        assert await trips(world, given.cast[who].get(f"{path}/transitions"), 200) == 1


@pytest.mark.parametrize("length", [0, 1, 12])
async def test_a_page_is_read_in_one_statement_whatever_its_length(world: World, length: int) -> None:
    given = await Given.everybody(world)
    for _ in range(length):
        await given.new_graduate()
        await given.agreement("submitted", "department")
    person = given.cast["department"]
    for path in ("/v1/agreements", "/v1/reviews", "/v1/invitations", "/v1/terminations", "/v1/archives"):
        assert await trips(world, person.get(path), 200) == 1
    assert len((await person.get("/v1/reviews")).json()["items"]) == length


async def test_what_to_do_next_is_read_in_one_statement(world: World) -> None:
    given = await Given.everybody(world)
    await given.agreement("approved", None)
    for path in ("/v1/me/todo", "/v1/me/options", "/v1/me", "/v1/me/archive"):
        assert await trips(world, given.cast["graduate"].get(path), 200) == 1


async def test_a_plain_move_takes_two_with_its_key_or_without(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.agreement("submitted", "department")
    for who, version, headers in (("department", 1, {}), ("school", 2, {"Idempotency_Key": "one"})):
        move = given.cast[who].post(f"{path}/transitions", {"action": "approve"}, If_Match=f'"{version}"', **headers)
        assert await trips(world, move, 201) == 2


async def test_opening_takes_two_and_a_refused_move_one(world: World) -> None:
    given = await Given.everybody(world)
    graduate, employer = given.cast["graduate"], given.cast["employer"]
    assert await trips(world, employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS}), 201) == 2
    nowhere = {"placement_id": graduate.graduate, "type": "mutual", "reason": REASON}
    assert await trips(world, employer.post("/v1/terminations", nowhere), 404) == 1


async def test_the_unemployed_cost_as_much_as_others(world: World) -> None:
    cases = await Cases.made(world)
    graduate, county = cases["graduate"], cases["county"]
    for _ in range(2):  # a declaration, and a new one in the open case
        assert await trips(world, graduate.post(PATH, cases.declaration()), 201) == 2
    path = (await graduate.get(PATH)).json()["items"][0]["id"]
    for version, action in ((2, "log_contact"), (3, "relocate")):
        body = {"action": action, **cases.body(action)}
        move = county.post(f"{PATH}/{path}/transitions", body, If_Match=f'"{version}"')
        assert await trips(world, move, 201) == 2, action
    for one in (PATH, f"{PATH}?overdue=true", f"{PATH}/{path}/contacts", f"{PATH}/contact-rate?cohort=2027"):
        assert await trips(world, county.get(one), 200) == 1
    invitation = await cases.given.invitation("sent")
    accept = graduate.post(f"{invitation}/transitions", {"action": "accept", **BODIES["accept"]}, If_Match='"1"')
    assert await trips(world, accept, 201) == 3, "taking the graduate off the list rides along"
    (case,) = (await graduate.get(f"{PATH}?limit=1")).json()["items"]
    assert case["ending"] == "placed"


async def test_the_proof_of_the_password_takes_one_more(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.invitation("sent")
    accept = {"action": "accept", **BODIES["accept"]}
    move = given.cast["graduate"].post(f"{path}/transitions", accept, If_Match='"1"')
    assert await trips(world, move, 201) == 3, "accepting supersedes, draws the agreement up and opens its review"


async def test_a_cascade_costs_no_more_than_a_plain_move(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.termination("submitted", "graduate")
    move = given.cast["employer"].post(f"{path}/transitions", {"action": "agree"}, If_Match='"1"')
    assert await trips(world, move, 201) == 2


async def test_the_counter_counts(world: World) -> None:
    """The control: two reads are two."""
    person = await world.staff("school")
    before = world.service.db.trips
    await person.get("/v1/reviews")
    await person.get("/v1/reviews")
    assert world.service.db.trips - before == 2
