"""Whoever has a placement is off the list in the same write, whatever else happens at that moment."""

from typing import Any

import pytest

from tests.agreements.given import BODIES, Given
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


async def test_without_the_version_of_the_graduate_the_race_would_be_lost(world: World) -> None:
    """The control: a case that is opened beside a live placement is what the look above finds."""
    given = await Given.everybody(world)
    cases = await Cases.around(given)
    path = await cases.declared()
    await given.agreement("submitted", "department")
    assert await world.line.fetch(UNTRUE, cases["graduate"].graduate) == []
    await world.line.execute(
        "update app.unemployed_cases set status = 'open', ending = null, closed_at = null, follow_up_due_on = now()"
        " where id = $1",
        path.rpartition("/")[2],
    )
    assert len(await world.line.fetch(UNTRUE, cases["graduate"].graduate)) == 1


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
