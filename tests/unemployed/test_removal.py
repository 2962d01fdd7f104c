"""Whoever has a placement is off the list in the same write, whatever else happens at that moment."""

import asyncio
from typing import Any

import pytest

from app.change import fresh_id
from tests.agreements.given import BODIES
from tests.destinations.forms import STUDY
from tests.destinations.given import draft
from tests.terminations.given import placement
from tests.terminations.test_races import at_once
from tests.unemployed.given import PATH, Cases
from tests.world import World

UNTRUE = """
    select c.id from app.unemployed_cases c join app.placements p on p.graduate_id = c.graduate_id
     where c.status = 'open'
       and (p.status in ('issued', 'submitted') or (p.status = 'reviewed' and p.decision = 'approved'))
       and c.graduate_id = $1
"""
"""Open cases of graduates who have a live placement."""


@pytest.mark.parametrize(
    ("kind", "situation", "stage"),
    [
        ("agreement", "submitted", "department"),
        ("entered agreement", "issued", None),
        ("destination", "submitted", "department"),
    ],
)
async def test_a_live_placement_takes_the_graduate_off_the_list(
    world: World, kind: str, situation: str, stage: str | None
) -> None:
    cases = await Cases.made(world)
    path = await cases.declared()
    await cases.moved(path, "county", "log_contact")
    await placement(cases.given, kind, situation, stage)
    record = (await cases["county"].get(path)).json()
    assert (record["status"], record["ending"], record["follow_up_due_on"]) == ("closed", "placed", None)
    assert (record["version"], record["actions"], record["overdue"]) == (3, [], False)
    steps = (await cases["graduate"].get(f"{path}/transitions")).json()["items"]
    assert (steps[-1]["action"], steps[-1]["to"], steps[-1]["by"]["kind"]) == ("remove", "placed", "system")
    event = await world.line.fetchrow(
        "select kind, county_id::text from app.events where record_id = $1 order by seq desc limit 1", record["id"]
    )
    assert tuple(event) == ("unemployed_registration.placed", cases["county"].body)
    code = "select unplaced_code from app.graduates where id = $1"
    assert await world.line.fetchval(code, cases["graduate"].graduate) is None
    assert await world.line.fetch("select * from app.broken_trail()") == []
    again = await cases["graduate"].post(PATH, cases.declaration())
    assert [one["code"] for one in again.json()["unmet"]] == ["live-placement-exists"]
    listed = (await cases["county"].get(f"{PATH}?status=open")).json()["items"]
    assert cases["graduate"].graduate not in {one["graduate_id"] for one in listed}


async def test_a_draft_takes_nobody_off_the_list(world: World) -> None:
    """The control: what is not live changes nothing, and no case of another graduate ends."""
    cases = await Cases.made(world)
    path = await cases.declared()
    before = (await cases["graduate"].get(path)).json()
    await draft(cases["graduate"], STUDY)
    await cases.given.new_graduate()
    await cases.given.agreement("submitted", "department")
    assert (await cases["county"].get(path)).json()["ending"] is None
    assert (await cases["county"].get(path)).json()["version"] == before["version"]


async def rivals(cases: Cases, other: str) -> list[int]:
    """The statuses of a placement, and of this at the same moment."""
    graduate = cases["graduate"]
    if other == "declare":
        declared, path = graduate.post(PATH, cases.declaration()), ""
    else:
        path = await cases.declared()
    version = (await graduate.get(path)).json()["version"] if path else 1
    invitation = await cases.given.invitation("sent")
    accept = graduate.move(invitation, "accept", 1, **BODIES["accept"])
    who = "graduate" if other == "redeclare" else "county"
    body = cases.body(other) | ({"residence_region": cases.there} if other == "redeclare" else {})
    second = declared if other == "declare" else cases[who].move(path, other, version, **body)
    return await at_once(cases.given.world, accept, second)


@pytest.mark.parametrize("other", ["log_contact", "relocate", "redeclare", "declare"])
async def test_a_placement_and_anything_else_at_once_leave_no_case_open(world: World, other: str) -> None:
    cases = await Cases.made(world)
    for _ in range(4):
        await cases.given.new_graduate()
        accepted, second = await rivals(cases, other)
        assert accepted == 201
        assert second in (201, 409, 412)
        assert await world.line.fetch(UNTRUE, cases["graduate"].graduate) == []
        ended = await endings(cases)
        assert ended[-1:] == ["placed"] or (other == "declare" and second == 409 and ended == [])
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def endings(cases: Cases) -> list[Any]:
    """How the registrations of the graduate ended, the oldest first."""
    ended = "select ending from app.unemployed_cases where graduate_id = $1 order by id"
    return [row["ending"] for row in await cases.given.world.line.fetch(ended, cases["graduate"].graduate)]


MOVED_AWAY = """
    update app.unemployed_cases
       set status = 'closed', ending = 'moved', closed_at = now(), follow_up_due_on = null, version = version + 1
     where id = $1
"""
OPENED_THERE = """
    insert into app.unemployed_cases
      select (jsonb_populate_record(c, jsonb_build_object(
                'id', $2::text, 'status', 'open', 'ending', null, 'closed_at', null, 'follow_up_due_on', '2027-08-01'
             ))).* from app.unemployed_cases c where c.id = $1
"""


async def accepted_meanwhile(cases: Cases) -> list[int]:
    """The status of accepting, and how many cases are open after it, when the case moves while the write waits for it.

    The write has begun by then, and sees nothing that is committed later.
    """
    path, invitation = await cases.declared(), await cases.given.invitation("sent")
    line, case = cases.given.world.line, path.rpartition("/")[2]
    async with line.transaction():
        await line.execute("select from app.unemployed_cases where id = $1 for update", case)
        accepting = asyncio.create_task(cases["graduate"].move(invitation, "accept", 1, **BODIES["accept"]))
        while not await line.fetchval("select count(*) from pg_locks where not granted"):
            await line.execute("select pg_sleep(0.005)")
        await line.execute(MOVED_AWAY, case)
        await line.execute(OPENED_THERE, case, fresh_id())
    answer = await accepting
    return [answer.status_code, len(await line.fetch(UNTRUE, cases["graduate"].graduate))]


async def test_a_case_opened_while_the_write_waits_is_closed_all_the_same(world: World) -> None:
    cases = await Cases.made(world)
    assert await accepted_meanwhile(cases) == [201, 0]
    assert await endings(cases) == ["moved", "placed"]


async def test_if_nobody_counted_the_graduate_up_it_would_stay_open(world: World) -> None:
    """The control: without the trigger the same order of events leaves a case open beside a live placement."""
    cases = await Cases.made(world)
    trigger = "alter table app.unemployed_cases {} trigger cases_count_the_graduate_up"
    await world.line.execute(trigger.format("disable"))
    try:
        assert await accepted_meanwhile(cases) == [201, 1]
    finally:
        await world.line.execute(trigger.format("enable"))
        await world.line.execute(
            "update app.unemployed_cases set status = 'closed', ending = 'placed', closed_at = now()"
            " where graduate_id = $1 and status = 'open'",
            cases["graduate"].graduate,
        )


async def test_whoever_opens_a_case_counts_the_graduate_up(world: World) -> None:
    """What the placement is judged on: also a county that sees no graduate, by moving the case to another."""
    cases = await Cases.made(world)
    version = "select version from app.graduates where id = $1"
    before = await world.line.fetchval(version, cases["graduate"].graduate)
    path = await cases.declared()
    declared = await world.line.fetchval(version, cases["graduate"].graduate)
    await cases.moved(path, "county", "log_contact")
    assert await world.line.fetchval(version, cases["graduate"].graduate) == declared > before
    await cases.moved(path, "county", "relocate")
    assert await world.line.fetchval(version, cases["graduate"].graduate) == declared + 1
