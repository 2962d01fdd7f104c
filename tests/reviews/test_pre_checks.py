"""What the worker finds after a submission: hints for reviewers, beside the record and in their queue."""

import json
from typing import Any

import pytest

from app.workflows import pre_checks
from tests.agreements.given import Given
from tests.core.test_round_trips import trips
from tests.destinations.forms import CONTRACT, OTHERWISE
from tests.destinations.given import carried, draft, submitted, uploaded
from tests.employers.registrant import credit_code
from tests.files.given import PDF
from tests.world import COHORT, World


async def with_proof(given: Given, form: dict[str, Any], mark: str) -> str:
    """The path of a destination just submitted with a file whose bytes this mark tells from all others."""
    graduate = given.cast["graduate"]
    sent = await graduate.client.post(
        "/v1/files",
        params={"name": "证明.pdf", "purpose": "proof"},
        content=PDF + f"\n% {mark} {given.world.serial}\n".encode(),
        headers=graduate.headers({}),
    )
    assert sent.status_code == 201, sent.text
    own = {
        "unit_credit_code": credit_code(given.world.serial)
    }  # many of the suite's graduates work where the form says
    return await submitted(graduate, form | own | {"proof_file_ids": [sent.json()["id"]]})


async def check(world: World, path: str) -> None:
    """What the worker does with the promise that the submission made."""
    record = path.rpartition("/")[2]
    rows = await world.line.fetch(
        "delete from app.pgqueuer where entrypoint = 'pre_checks' and convert_from(payload, 'UTF8') like $1"
        " returning payload",
        f"%{record}%",
    )
    (job,) = [json.loads(row["payload"]) for row in rows]
    await pre_checks.check(world.service, job)


async def found(given: Given, path: str) -> tuple[Any, Any, Any]:
    """(what the reviewer sees of the record, what the queue shows, what the graduate sees)."""
    department, graduate = given.cast["department"], given.cast["graduate"]
    queue = (await department.get("/v1/reviews?order=newest")).json()["items"]
    subject = next(one["subject"] for one in queue if one["record_id"] == path.rpartition("/")[2])
    reviewers, own = [(await who.get(path)).json().get("findings") for who in (department, graduate)]
    return reviewers, subject.get("findings"), own


async def test_the_same_proof_in_other_hands_is_found_and_shown_to_reviewers_alone(world: World) -> None:
    given = await Given.everybody(world)
    first = await with_proof(given, CONTRACT, "one")
    await check(world, first)
    assert await found(given, first) == ([], [], None), "the control: nobody else has used it yet"
    await given.new_graduate()
    path = await with_proof(given, OTHERWISE | {"salary_monthly": 1500}, "one")
    assert await found(given, path) == (["wage-below-minimum"], ["wage-below-minimum"], None)
    version = (await given.cast["department"].get(path)).json()["version"]

    await check(world, path)
    expected = ["wage-below-minimum", "proof-used-elsewhere"]
    assert await found(given, path) == (expected, expected, None)
    await pre_checks.check(world.service, {"placement_id": path.rpartition("/")[2]})
    assert await found(given, path) == (expected, expected, None), "twice is once"
    told = (await given.cast["department"].get(path)).json()
    assert (told["version"], "approve" in told["actions"]) == (version, True), "a hint is no step and blocks nothing"
    assert (await given.cast["department"].move(path, "approve", version)).status_code == 201
    (item,) = (await given.cast["school"].get("/v1/reviews")).json()["items"]
    assert item["subject"]["findings"] == expected, "the next turn has it too"


async def test_a_proof_of_ones_own_is_no_finding(world: World) -> None:
    """The graduate's own, submitted again after a return."""
    given = await Given.everybody(world)
    path = await with_proof(given, CONTRACT, "own")
    await check(world, path)
    await carried(given, path, ("department", "return"), ("graduate", "submit"))
    await check(world, path)
    assert await found(given, path) == ([], [], None)


async def test_many_hires_by_one_small_unit_are_found_from_the_threshold_on(world: World) -> None:
    """By credit code and cohort; a large employer that is registered here is none."""
    given = await Given.everybody(world)
    employer = given.cast["employer"]
    first = await given.agreement("submitted", "department")
    copies = (
        "insert into app.placements select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(),"
        " 'number', null, 'cohort', $2::int, 'graduate_id', gen_random_uuid(), 'invitation_id', null))).*"
        " from app.placements p, generate_series(1, $3) where p.id = $1"
    )
    record = first.rpartition("/")[2]
    for cohort, many, expected in (
        (COHORT - 1, 30, []), (COHORT, pre_checks.MANY_HIRES - 2, []), (COHORT, 1, ["many-hires"]),
    ):  # fmt: skip
        await world.line.execute(copies, record, cohort, many)
        await pre_checks.check(world.service, {"placement_id": record})
        assert (await found(given, first))[1] == expected
    await world.line.execute("""update app.employers set details = '{"scale": "large"}' where id = $1""", employer.body)
    await pre_checks.check(world.service, {"placement_id": record})
    assert (await found(given, first))[1] == []
    await world.line.execute("delete from app.placements where employer_id = $1 and id <> $2", employer.body, record)


async def test_what_was_submitted_again_meanwhile_is_not_told_what_was_found_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = await Given.everybody(world)
    await with_proof(given, CONTRACT, "two")
    await given.new_graduate()
    path = await with_proof(given, CONTRACT, "two")
    looked = pre_checks.used_elsewhere

    async def late(*given_: Any) -> Any:
        await carried(given, path, ("department", "return"), ("graduate", "submit"))
        return await looked(*given_)

    monkeypatch.setattr(pre_checks, "used_elsewhere", late)
    await pre_checks.check(world.service, {"placement_id": path.rpartition("/")[2]})
    assert await found(given, path) == ([], [], None), "that round has a promise of its own"


async def test_a_submission_costs_no_trip_more(world: World) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    path = await draft(graduate, CONTRACT | {"proof_file_ids": [await uploaded(graduate)]})
    submit = graduate.post(f"{path}/transitions", {"action": "submit"}, If_Match='"1"')
    assert await trips(world, submit, 201) == 2
