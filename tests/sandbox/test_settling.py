"""The sandbox's province is peopled once, with people as varied as real ones, and everything in it is well formed."""

import json
from collections import Counter
from typing import Any

import asyncpg

from app import sandbox
from app.roster_files.judges import judge_of
from app.sandbox.population import firms, students
from app.service import Service
from app.words.identity import birth_date, credit_code, id_number, mobile_number
from app.words.text import DOT, person_name

COUNTED = (
    "bodies", "persons", "phones", "roster_entries", "graduates", "accounts", "employers", "reviews", "school_settings",
)  # fmt: skip
BEYOND_THE_BASIC_PLANE = 0xFFFF


async def counts(line: asyncpg.Connection) -> dict[str, int]:
    return {table: await line.fetchval(f"select count(*) from app.{table}") for table in COUNTED}  # noqa: S608


async def test_settling_again_changes_nothing(settled: Service, line: asyncpg.Connection, sandbox_url: str) -> None:
    before = await counts(line)
    await sandbox.settle(settled, sandbox_url)
    assert await counts(line) == before


async def test_enough_people_of_every_kind_live_there(line: asyncpg.Connection) -> None:
    there = await counts(line)
    assert there["persons"] >= 2000
    spread = await line.fetchrow(
        "select count(distinct school_id) as schools, count(distinct department_id) as departments,"
        " array_agg(distinct level) as levels, array_agg(distinct cohort) as cohorts"
        " from app.roster_entries where source = 'school'"
    )
    assert (spread["schools"], spread["departments"]) == (8, 32)
    assert set(spread["levels"]) == {"doctorate", "master", "second_degree", "bachelor", "junior_college"}
    assert set(spread["cohorts"]) == {2018, 2022, 2027}
    by_source = dict(await line.fetch("select source, count(*) from app.roster_entries group by source"))
    assert by_source["school"] == there["persons"] > by_source["provincial"] > there["persons"] * 9 / 10
    provisioned = "select count(*) from app.roster_entries where source = 'school' and cohort = 2018"
    activated = "select count(*) from app.graduates where cohort = 2018"
    assert await line.fetchval(provisioned) == await line.fetchval(activated)


async def test_nobody_is_verified_whom_the_provincial_roster_does_not_know(line: asyncpg.Connection) -> None:
    assert await line.fetchval("select count(*) from app.graduates where verified_at is not null") > 500
    assert not await line.fetch(
        "select person_id from app.graduates where verified_at is not null"
        " except select person_id from app.roster_entries where source = 'provincial'"
    )


def test_names_are_as_varied_as_peoples() -> None:
    names = [one.name for one in students()]
    assert all(person_name(name) == name for name in names)
    assert len(set(names)) > len(names) / 2
    assert any(DOT in name for name in names)
    assert {character for name in names for character in name} >= set("𠮷𬱖㛃䶮")
    assert any(ord(character) > BEYOND_THE_BASIC_PLANE for name in names for character in name)


def test_numbers_are_valid_and_nobody_shares_one() -> None:
    people, employers = [*students()], [*firms()]
    assert all(id_number(one.id_number) == one.id_number for one in people)
    assert all(birth_date(one.id_number).year <= one.cohort - 21 for one in people)
    assert all(credit_code(one.credit_code) == one.credit_code for one in employers)
    phones = [mobile_number(one.phone) for one in (*people, *employers)]
    for numbers in ([one.id_number for one in people], phones, [one.credit_code for one in employers]):
        assert Counter(numbers).most_common(1)[0][1] == 1


def test_it_is_the_same_province_each_time() -> None:
    assert [*students()] == [*students()]
    assert [*firms()] == [*firms()]


async def test_roster_details_are_what_an_import_would_have_taken(line: asyncpg.Connection, settled: Service) -> None:
    rows = await line.fetch("select details::text as details, level, cohort from app.roster_entries")
    today = settled.clock.today()
    seen: set[tuple[str, Any]] = set()
    for row in rows:
        for field, value in json.loads(row["details"]).items():
            if (field, value) not in seen:
                seen.add((field, value))
                judge_of(field, today)(value)
    assert {field for field, _ in seen} >= {"candidate_number", "home_region", "student_number", "graduated_on"}


async def test_enough_employers_are_approved_and_some_wait(line: asyncpg.Connection) -> None:
    approved = await line.fetch("select registered_region, county_id from app.employers where decision = 'approved'")
    assert len(approved) >= 50
    assert len({row["county_id"] for row in approved}) > 40
    assert any(not row["registered_region"].startswith("37") for row in approved)
    waiting = await line.fetch(
        "select e.stage, e.id = r.employer_id as same, r.body_id is not null as turn from app.employers e"
        " join app.reviews r on r.record_id = e.id and r.decision is null where e.status = 'submitted'"
    )
    assert {row["stage"] for row in waiting} == {"county", "province"}
    assert len(waiting) == await line.fetchval("select count(*) from app.employers where status = 'submitted'")
    assert all(row["same"] and row["turn"] for row in waiting)


async def test_personal_numbers_are_sealed_for_their_own_rows(line: asyncpg.Connection, settled: Service) -> None:
    opened = settled.sealer.open
    numbers = {one.id_number for one in students()}
    for row in await line.fetch("select id::text, id_sealed, id_bidx from app.persons limit 20"):
        number = opened(row["id_sealed"], table="persons", column="id_sealed", row=row["id"])
        assert number in numbers
        assert row["id_bidx"] == settled.blind_index.of("id_number", number)
