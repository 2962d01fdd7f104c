"""Open turns go with their graduate to another department, with their employer to another bureau; none is lost."""

import asyncio
import json
from typing import Any

import pytest

from app.workflows import rerouting
from app.workflows.escalations import escalate
from tests.agreements.given import Given
from tests.amendments.given import asked
from tests.destinations.forms import CONTRACT, ENTERED
from tests.destinations.given import DESTINATION_WAYS, ENTERED_WAYS, carried, draft, submitted
from tests.privacy.given import in_both_rosters
from tests.rosters.given import a_row, as_csv, begin, number_of
from tests.terminations.given import asked as wished
from tests.terminations.given import clock_at, last_moment
from tests.working import ended, until, working
from tests.world import Somebody, World

OTHER = "软件学院"


async def other_department(given: Given) -> Somebody:
    """A reviewer of another department of the school."""
    world = given.world
    body = await world.body("department", f"{world.school_code}-2", OTHER, world.bodies["school"])
    return await world.staff("department", body=body)


async def transferred(given: Given, department: str = OTHER) -> None:
    """The school corrects the department of the graduate's entry."""
    graduate, school = given.cast["graduate"], given.cast["school"]
    entry = (await in_both_rosters(given.world, graduate))["school"]
    answer = await school.patch(f"/v1/roster-entries/{entry}", {"department": department}, If_Match='"1"')
    assert answer.status_code == 200, answer.text


async def promised(world: World, named: str) -> list[dict[str, Any]]:
    """The jobs that wait for these people or this employer; taken off the queue."""
    rows = await world.line.fetch(
        "delete from app.pgqueuer where entrypoint = 'reroute' and convert_from(payload, 'UTF8') like $1"
        " returning payload",
        f"%{named}%",
    )
    return [json.loads(row["payload"]) for row in rows]


async def rerouted(world: World, named: str) -> None:
    """What the worker does with them."""
    (job,) = await promised(world, named)
    await rerouting.reroute(world.service, job)


async def queue(who: Somebody) -> list[tuple[str, str, str]]:
    """(record, since, due) of what waits for this person's body."""
    found = (await who.get("/v1/reviews")).json()["items"]
    return [(one["record_id"], one["opened_at"], one["due_on"]) for one in found]


async def of_each_kind(given: Given) -> list[tuple[str, Somebody]]:
    """(path, graduate) of a record of each kind that waits for the department."""
    made = []
    for kind in ("agreement", "destination", "entered"):
        await given.new_graduate()
        graduate = given.cast["graduate"]
        if kind == "agreement":
            path = await given.agreement("submitted", "department")
        elif kind == "destination":
            path = await submitted(graduate, CONTRACT)
        else:
            path = await carried(given, await draft(graduate, ENTERED), *ENTERED_WAYS["submitted", "department"])
        made.append((path, graduate))
    return made


async def test_a_graduate_who_changes_departments_takes_the_open_turn_along(world: World) -> None:
    given = await Given.everybody(world)
    former, new = given.cast["department"], await other_department(given)
    for path, graduate in await of_each_kind(given):
        given.cast["graduate"] = graduate
        record = path.rpartition("/")[2]
        (review,) = (await former.get("/v1/reviews?limit=1&order=newest")).json()["items"]
        waited = next(one for one in await queue(former) if one[0] == record)
        await former.client.put(f"/v1/reviews/{review['id']}/claim", headers=former.headers({}))
        version = (await graduate.get(path)).json()["version"]
        await transferred(given)
        assert waited in await queue(former), "the control: until the job has run, the turn stays where it was"
        assert await queue(new) == []

        await rerouted(world, str(graduate.graduate))
        assert record not in [one[0] for one in await queue(former)]
        assert await queue(new) == [waited], "with its place and its due date"
        told = (await new.get(path)).json()
        assert (told["version"], told["stage"]) == (version + 1, "department")
        assert told["waiting_for"]["body"] == {"id": new.body, "name": OTHER}
        assert told["department_id"] == new.body
        step = (await graduate.get(f"{path}/transitions")).json()["items"][-1]
        assert (step["action"], step["by"]["kind"]) == ("reroute", "system")
        assert step["diff"] == {"waiting_for": ["计算机学院", OTHER]}
        (message, *_) = (await graduate.get("/v1/me/messages")).json()["items"]
        assert message["kind"].endswith("-rerouted")
        assert (await former.move(path, "approve", version + 1)).status_code == 404
        assert (await new.move(path, "approve")).json()["record"]["stage"] == "school"
        assert (await given.cast["school"].move(path, "approve")).status_code == 201
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def test_what_the_department_has_decided_stays_with_it(world: World) -> None:
    given = await Given.everybody(world)
    new = await other_department(given)
    path = await carried(given, await draft(given.cast["graduate"], CONTRACT), *DESTINATION_WAYS["submitted", "school"])
    before = (await given.cast["school"].get(path)).json()
    await transferred(given)
    await rerouted(world, str(given.cast["graduate"].graduate))
    assert (await given.cast["school"].get(path)).json() == before | {"department_id": new.body}, "which sees it now"
    assert await queue(new) == []


async def test_two_workers_reroute_once(world: World) -> None:
    given = await Given.everybody(world)
    new = await other_department(given)
    path = await submitted(given.cast["graduate"], CONTRACT)
    await transferred(given)
    (job,) = await promised(world, str(given.cast["graduate"].graduate))
    await asyncio.gather(*(rerouting.reroute(world.service, job) for _ in range(4)))
    await rerouting.reroute(world.service, job)
    steps = (await given.cast["graduate"].get(f"{path}/transitions")).json()["items"]
    assert [step["action"] for step in steps] == ["open", "submit", "reroute"]
    assert len(await queue(new)) == 1


async def test_of_a_decision_and_a_rerouting_one_is_first_and_the_turn_is_never_lost(world: World) -> None:
    given = await Given.everybody(world)
    former, school, new = given.cast["department"], given.cast["school"], await other_department(given)
    for _ in range(4):
        await given.new_graduate()
        path = await submitted(given.cast["graduate"], CONTRACT)
        record = path.rpartition("/")[2]
        await transferred(given)
        (job,) = await promised(world, str(given.cast["graduate"].graduate))
        decided, _ = await asyncio.gather(former.move(path, "approve", 3), rerouting.reroute(world.service, job))
        where = [who for who in (former, school, new) if record in [one[0] for one in await queue(who)]]
        assert where == [school] if decided.status_code == 201 else where == [new], decided.text
        assert decided.status_code in (201, 404, 412)


async def test_an_import_that_merges_two_departments_moves_what_is_open_in_them(world: World) -> None:
    given = await Given.everybody(world)
    former, new, school = given.cast["department"], await other_department(given), given.cast["school"]
    paths, rows = [], []
    for serial in (1, 2):
        await given.new_graduate()
        graduate = given.cast["graduate"]
        paths.append(await submitted(graduate, CONTRACT))
        rows.append(a_row(world, serial, **number_of(graduate), 姓名="王小明", 所在院系=OTHER))
    task = await begin(school, as_csv(rows))
    async with working(world.service):
        done = await ended(school, f"/v1/tasks/{task}")
        assert done["status"] == "succeeded", done

        async def moved() -> bool:
            return len(await queue(new)) == len(paths)

        await until(moved)
    assert {one[0] for one in await queue(new)} == {path.rpartition("/")[2] for path in paths}
    assert await queue(former) == []


async def test_an_import_that_moves_nobody_promises_nothing(world: World) -> None:
    """The statement's own control: the same rows a second time."""
    given = await Given.everybody(world)
    school, graduate = given.cast["school"], given.cast["graduate"]
    row = a_row(world, **number_of(graduate), 姓名="王小明", 所在院系="计算机学院", 专业="计算机科学与技术")
    await rerouting_jobs(world)
    for _ in range(2):
        task = await begin(school, as_csv([row]))
        async with working(world.service):
            assert (await ended(school, f"/v1/tasks/{task}"))["status"] == "succeeded"
    assert await promised(world, str(graduate.graduate)) == []


async def rerouting_jobs(world: World) -> int:
    """How many wait."""
    return int(await world.line.fetchval("select count(*) from app.pgqueuer where entrypoint = 'reroute'"))


async def registered_in(world: World, employer: Somebody, region: str) -> None:
    """The employer corrects the place of its registration; its registration was given back for that."""
    back = "update app.employers set status = 'draft', decision = null where id = $1"
    await world.line.execute(back, employer.body)
    details = {
        "name": "山东测试科技有限公司", "nature": "39", "industry": "34",
        "registered_region": region, "region": region, "address": "经十路1号", "contact_name": "李经理",
        "contact_phone": "0531-88364000",
    }  # fmt: skip
    answer = await employer.move(f"/v1/employers/{employer.body}", "edit", employer=details)
    assert answer.status_code == 201, answer.text


async def test_an_employer_registered_elsewhere_takes_its_open_turns_to_the_bureau_there(world: World) -> None:
    given = await Given.everybody(world, left=True)
    employer, county, province = (given.cast[who] for who in ("employer", "county", "provincial_bureau"))
    path = await given.agreement("submitted", "county")
    record = path.rpartition("/")[2]
    elsewhere = await world.body("county", "371728", "东明县人社局", world.bodies["city"])
    await world.bureau_of("371728", elsewhere)
    there = await world.staff("county", body=elsewhere)
    for region, stage, former, new in (("371728", "county", county, there), ("310115", "province", there, province)):
        await registered_in(world, employer, region)
        assert record in [one[0] for one in await queue(former)], "the control: until the job has run"
        await rerouted(world, str(employer.body))
        assert record not in [one[0] for one in await queue(former)]
        assert record in [one[0] for one in await queue(new)]
        told = (await new.get(path)).json()
        assert (told["stage"], told["registered_region"]) == (stage, region)
        assert (await former.get(path)).status_code == 404
    assert (await province.move(path, "approve")).status_code == 201
    await world.line.execute("delete from app.bureaus_of_regions where body_id = $1", elsewhere)


async def test_an_escalated_termination_goes_with_the_employer_too(world: World) -> None:
    given = await Given.everybody(world, left=True)
    employer, county = given.cast["employer"], given.cast["county"]
    path = await wished(given, await given.agreement("approved", None), "graduate")
    async with clock_at(world, await last_moment(world, path)):
        await escalate(world.service)
    record = path.rpartition("/")[2]
    elsewhere = await world.body("county", "371726", "鄄城县人社局", world.bodies["city"])
    await world.bureau_of("371726", elsewhere)
    there = await world.staff("county", body=elsewhere)
    await registered_in(world, employer, "371726")
    assert record in [one[0] for one in await queue(county)], "the control: until the job has run"
    await rerouted(world, str(employer.body))
    assert record not in [one[0] for one in await queue(county)]
    assert record in [one[0] for one in await queue(there)]
    assert (await county.move(path, "approve", 3)).status_code in (403, 404)
    agreed = await there.move(path, "approve")
    assert (agreed.status_code, agreed.json()["change"]["to"]) == (201, "agreed"), agreed.text
    await world.line.execute("delete from app.bureaus_of_regions where body_id = $1", elsewhere)


async def test_an_amendment_goes_with_its_graduate_too(world: World) -> None:
    await world.settings(["department"])
    given = await Given.everybody(world)
    graduate, new = given.cast["graduate"], await other_department(given)
    path = await submitted(graduate, CONTRACT)
    assert (await given.cast["department"].move(path, "approve")).json()["change"]["to"] == "approved"
    change = await asked(graduate, path)
    await transferred(given)
    await rerouted(world, str(graduate.graduate))
    assert [one[0] for one in await queue(new)] == [change.rpartition("/")[2]]
    assert (await given.cast["department"].move(change, "approve", 2)).status_code == 404
    assert (await new.move(change, "approve")).status_code == 201


@pytest.mark.parametrize("name", ["address", "class_name"])
async def test_a_correction_of_something_else_promises_nothing(world: World, name: str) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    entry = (await in_both_rosters(world, graduate))["school"]
    value = {"address": "济南市历下区", "class_name": "计科2302"}[name]
    answer = await given.cast["school"].patch(f"/v1/roster-entries/{entry}", {name: value}, If_Match='"1"')
    assert answer.status_code == 200, answer.text
    assert await promised(world, str(graduate.graduate)) == []
