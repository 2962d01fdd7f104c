"""A person's copy of their data: complete, theirs alone, sealed where it lies, and gone after seven days."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app.models import Base
from app.workflows import forgetting
from app.workflows.accounts import data_gathering
from app.workflows.accounts.data_exports import ENTRYPOINT
from app.workflows.promised_tasks import fail
from tests.agreements.given import Given
from tests.archives.given import LEG, draft
from tests.privacy.given import ask, in_both_rosters
from tests.privacy.test_reveals import reveal, with_phone
from tests.unemployed.given import Cases
from tests.working import ended, working
from tests.world import PASSWORD, Somebody, World


async def exported(world: World, who: Somebody) -> str:
    """Ask for the copy and have it made: its path."""
    asked = await who.post("/v1/me/data-exports", {"password": PASSWORD})
    assert asked.status_code == 202, asked.text
    async with working(world.service):
        task = await ended(who, asked.headers["Location"])
    assert task["status"] == "succeeded", task
    return str(task["result"])


async def test_the_copy_has_everything_and_nothing_of_others(world: World) -> None:
    given = await Given.everybody(world)
    graduate, other = given.cast["graduate"], given.cast["other graduate"]
    number = f"139{world.serial:04d}0003"
    await with_phone(world, graduate, number)
    entries = await in_both_rosters(world, graduate)
    await ask(graduate, entries["school"], phone="13912345678", address="济南市历下区")
    cases = await Cases.around(given)
    await cases.moved(await cases.declared(), "county", "log_contact", comment="未接听")
    await given.termination("refused", "graduate")
    assert (await reveal(given.cast["school"], graduate, "phone")).status_code == 200
    for someone in (graduate, other):
        filed = await given.cast["school"].post("/v1/archives", draft(someone))
        assert (await given.cast["school"].move(filed.headers["Location"], "forward", 1, **LEG)).status_code == 201
    path = await exported(world, graduate)
    answer = await graduate.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    kept = answer.json()
    assert (kept["person"]["id_number"], kept["person"]["phone"]) == (graduate.facts["id_number"], number)
    counts = {name: len(rows) for name, rows in kept.items() if isinstance(rows, list)}
    assert counts == {
        "graduates": 1, "roster_entries": 2, "roster_corrections": 1, "accounts": 1, "sessions": 1, "invitations": 1,
        "job_applications": 0, "placements": 1, "terminations": 1, "amendments": 0, "objections": 0,
        "confirmations": 0, "applications": 0, "unemployed_cases": 1, "contacts": 1, "dispatches": 1,
        "archive_movements": 1, "recoveries": 0, "phone_claims": 0,
        "steps": counts["steps"], "messages": counts["messages"], "accesses": 1,
        "files": 0,
    }  # fmt: skip
    [correction] = kept["roster_corrections"]
    assert correction["changes"]["after"] == {"address": "济南市历下区", "phone": "13912345678"}
    assert {step["action"] for step in kept["steps"]} >= {
        "declare",
        "remove",
        "send",
        "accept",
        "approve",
        "ask",
        "refuse",
    }
    assert counts["messages"] > 0
    for foreign in (other.graduate, other.facts["id_number"], *(one.account for name, one in given.cast.items()
                                                                if name != "graduate")):  # fmt: skip
        assert str(foreign) not in answer.text
    secrets = ("password_hash", "refresh_hash", "verified_hash", "sealed", "bidx", "hash", 'account_id":"0')
    assert [secret for secret in secrets if f'"{secret}"' in answer.text] == []


async def test_it_is_theirs_alone_for_seven_days(world: World) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    path = await exported(world, graduate)
    for who, somebody in given.cast.items():
        assert (await somebody.get(path)).status_code == (200 if who == "graduate" else 404), who
    export = path.rpartition("/")[2]
    row = await world.line.fetchrow("select * from app.data_exports where id = $1", export)
    assert row["expires_at"] - world.service.clock.real() > timedelta(days=6, hours=23)
    assert graduate.facts["id_number"].encode() not in row["sealed"]
    assert b"graduates" not in row["sealed"]
    await world.line.execute("update app.data_exports set expires_at = now() where id = $1", export)
    assert (await graduate.get(path)).status_code == 404
    await forgetting.forget(world.service)
    assert await world.line.fetchval("select count(*) from app.data_exports where id = $1", export) == 0


async def test_it_needs_the_password_again(world: World) -> None:
    graduate = await world.graduate()
    answer = await graduate.post("/v1/me/data-exports", {"password": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (403, "password-wrong")
    school = await (await world.staff("school")).post("/v1/me/data-exports", {"password": PASSWORD})
    assert (school.status_code, school.json()["code"]) == (403, "role-missing")
    rows = await world.line.fetchval("select count(*) from app.data_exports where account_id = $1", graduate.account)
    assert rows == 0


async def test_it_is_not_there_before_it_is_made_and_made_once(world: World) -> None:
    graduate = await world.graduate()
    answers = [
        await graduate.post("/v1/me/data-exports", {"password": PASSWORD}, Idempotency_Key="mine") for _ in range(2)
    ]
    assert [one.json()["id"] for one in answers] == [answers[0].json()["id"]] * 2
    export = answers[0].json()["id"]
    assert (await graduate.get(f"/v1/me/data-exports/{export}")).status_code == 404
    await data_gathering.run(world.service, {"task": export}, Any)
    made = await world.line.fetchrow("select sealed from app.data_exports where id = $1", export)
    await data_gathering.run(world.service, {"task": export}, Any)
    assert await world.line.fetchrow("select sealed from app.data_exports where id = $1", export) == made
    payloads = await world.line.fetch("select payload from app.pgqueuer where entrypoint = 'data_export'")
    assert all(json.loads(row["payload"]).keys() == {"task"} for row in payloads)


async def test_an_export_given_up_says_so(world: World) -> None:
    graduate = await world.graduate()
    task = (await graduate.post("/v1/me/data-exports", {"password": PASSWORD})).json()["id"]
    await fail(world.service, ENTRYPOINT, task, "task-failed")
    told = (await graduate.get(f"/v1/tasks/{task}")).json()
    assert (told["status"], told["problem"]["code"]) == ("failed", "task-failed")


@pytest.mark.parametrize("model", [data_gathering._PARTS])
def test_whatever_hangs_on_a_graduate_is_in_the_copy(model: Any) -> None:
    """A table that names a graduate or a person and is not in the copy is named here, with the reason."""
    named = {
        table.name
        for table in Base.metadata.tables.values()
        if {"graduate_id", "person_id", "to_graduate_id"} & {*table.c.keys()}
    }
    elsewhere = {
        "phones": "the person's, at the top",
        "reviews": "of the bodies: claims and queue; what was decided is among the steps",
        "events": "the change feed: says no more than the records",
        "data_exports": "the copies themselves",
    }
    assert named - set(model) - {"roster_entries"} == set(elsewhere)
