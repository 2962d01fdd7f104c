"""The province is founded from the published tables, once; what has been edited since stays."""

import json
from datetime import UTC, datetime
from typing import Any

import asyncpg

from app import codes, province
from app.province import COHORTS
from app.schemas.policy import PolicyDocument

TABLES = ("regions", "bodies", "schools", "bureaus_of_regions", "policies", "calendar_days", "calendar_years")
LATER = datetime(2027, 1, 1, tzinfo=UTC)


async def everything(line: asyncpg.Connection) -> dict[str, Any]:
    return {table: await line.fetch(f"select * from app.{table} order by 1, 2") for table in TABLES}  # noqa: S608


async def test_every_body_of_the_lists_is_there(founded: asyncpg.Connection) -> None:
    kinds = dict(await founded.fetch("select kind, count(*) from app.bodies group by kind"))
    assert kinds == {
        "school": 145,
        "county": 151,
        "city": 16,
        "provincial_bureau": 1,
        "provincial_education": 1,
        "support": 1,
    }
    assert await founded.fetchval("select count(*) from app.schools") == 145
    assert await founded.fetchval("select count(*) from app.regions") == len(codes.tables()["region"])


async def test_each_county_has_its_bureau_under_its_city_under_the_province(founded: asyncpg.Connection) -> None:
    rows = await founded.fetch(
        "select r.region, b.code, b.name, c.code as city, p.kind as above from app.bureaus_of_regions r"
        " join app.bodies b on b.id = r.body_id join app.bodies c on c.id = b.parent_id"
        " join app.bodies p on p.id = c.parent_id"
    )
    assert len(rows) == 151
    parents = {county.code: county.extra["parent"] for county in codes.counties()}
    assert {row["code"]: row["city"] for row in rows} == parents
    assert {row["above"] for row in rows} == {"provincial_bureau"}
    names = {row["code"]: row["name"] for row in rows}
    assert names["370102"] == "济南市历下区人力资源和社会保障局"
    assert names["370176"] == "济南高新技术产业开发区人力资源和社会保障局"


async def test_policies_are_valid_and_2018_is_provisioned(founded: asyncpg.Connection) -> None:
    found = dict(await founded.fetch("select cohort, document from app.policies where version = 1"))
    documents = {cohort: PolicyDocument.model_validate_json(text) for cohort, text in found.items()}
    assert {cohort: one.registration for cohort, one in documents.items()} == dict(COHORTS)
    assert documents[2018].registration == "provisioned"
    assert documents[2027].leave_on.isoformat() == "2027-06-30"
    assert (documents[2027].review_due_days, documents[2027].answer_due_days) == (3, 10)


async def test_founding_again_changes_nothing(founded: asyncpg.Connection) -> None:
    before = await everything(founded)
    await province.found(founded, LATER)
    assert await everything(founded) == before


async def test_founding_again_keeps_what_was_edited_and_adds_what_is_missing(founded: asyncpg.Connection) -> None:
    await founded.execute("update app.bodies set name = '山大' where kind = 'school' and code = '10422'")
    await founded.execute("update app.calendar_days set is_working = not is_working where date = '2026-10-01'")
    newer = json.dumps({"registration": "provisioned", "leave_on": "2027-07-15"})
    await founded.execute("insert into app.policies values (2027, 2, $1, now())", newer)
    await founded.execute("delete from app.bureaus_of_regions where region = '370102'")
    before = await everything(founded)
    await province.found(founded, LATER)
    after = await everything(founded)
    assert {table: rows for table, rows in after.items() if rows != before[table]}.keys() == {"bureaus_of_regions"}
    assert len(after["bureaus_of_regions"]) == 151
