"""The province before anybody acts in it: regions, official bodies, policies of the cohorts, the calendar.

All of it comes from the published tables of `app.codes`. Founding again adds what is missing and changes nothing that
is there: what the province has edited since stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any, Final

import asyncpg
from sqlalchemy import Table, Text, cast, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from app import codes
from app.calendar import seed_rows
from app.change import fresh_id
from app.db import Statement, asked, run, to_json
from app.models import Body, BureauOfRegion, CalendarDay, CalendarYear, Policy, Region, School
from app.models.base import table_of
from app.schemas.policy import PolicyDocument
from app.words import RegistrationMode

Rows = Sequence[Mapping[str, Any]]

FOUNDED: Final = datetime(2016, 1, 1, tzinfo=UTC)
"""Since when the first version of each policy holds: before any cohort's first day."""
LEAVE_ON: Final = "06-30"
"""Month and day on which a cohort leaves, unless its school or the graduate has another."""
COHORTS: Final[Mapping[int, RegistrationMode]] = {
    2018: RegistrationMode.PROVISIONED,
    2022: RegistrationMode.SELF_REGISTRATION,
    2027: RegistrationMode.SELF_REGISTRATION,
}
LAST_DISPATCHED: Final = 2022
"""The last cohort with dispatch certificates, which were abolished in 2023."""
RULE_SETS: Final = (2021, 2024)
"""Of the statistics: a cohort goes by the newest of its year, one before them by the first."""
NOTICES: Final = "国务院办公厅节假日安排的通知（经 chinesecalendar 程序库录入）"
"""Where the seeded years of the calendar come from: official notices, as a library has collected them."""
BUREAU: Final = "人力资源和社会保障局"

_bodies, _schools = table_of(Body), table_of(School)


async def found(line: asyncpg.Connection, at: datetime) -> None:
    """Add what is missing, in one transaction of the line. `at` dates the new bodies."""
    async with line.transaction():
        await add_missing(line, table_of(Region), [*_regions()])
        await add_missing(line, _bodies, [*_provincial_bodies(at)])
        above = await _ids(line)
        await add_missing(line, _bodies, [*_schools_and_cities(above, at)])
        above = await _ids(line)
        await add_missing(line, _bodies, [*_county_bureaus(above, at)])
        ids = await _ids(line)
        await add_missing(line, _schools, [*_official_schools(ids)])
        await add_missing(line, table_of(BureauOfRegion), [*_bureaus_of_regions(ids)])
        await add_missing(line, table_of(Policy), [*_policies()])
        await add_missing(line, table_of(CalendarDay), [*_calendar_days()])
        await add_missing(line, table_of(CalendarYear), [*_calendar_years()])


async def add_missing(line: asyncpg.Connection, table: Table, rows: Rows) -> None:
    """Insert these rows, but for those that run into one that is there. Rows of one shape go in one statement."""
    for names, alike in groupby(sorted(rows, key=_shape), key=_shape):
        await run(line, _adding(table, names), rows=to_json([*alike]).decode())


def _shape(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row)


@cache
def _adding(table: Table, names: tuple[str, ...]) -> Statement:
    given = func.jsonb_populate_recordset(
        literal_column(f"null::{table.fullname}"), cast(asked("rows", Text()), JSONB)
    ).table_valued(*(column(name, table.c[name].type) for name in names), name="given")
    return Statement(insert(table).from_select(list(names), select(*given.c)).on_conflict_do_nothing())


_IDS: Final = Statement(
    select(_bodies.c.kind, _bodies.c.code, cast(_bodies.c.id, Text).label("id")).where(
        _bodies.c.kind.in_(("provincial_bureau", "provincial_education", "school", "city", "county"))
    )
)


async def _ids(line: asyncpg.Connection) -> Mapping[tuple[str, str], str]:
    """The id of each official body by kind and code."""
    return {(row.kind, row.code): row.id for row in await run(line, _IDS)}


# -- rows -------------------------------------------------------------------------------------------------------------


def _regions() -> Iterator[Mapping[str, Any]]:
    for row in codes.tables()["region"]:
        yield {"code": row.code, "name": row.name, "level": row.extra["level"], "parent": row.extra["parent"] or None}


def _provincial_bodies(at: datetime) -> Iterator[Mapping[str, Any]]:
    for kind, name in (
        ("provincial_bureau", "山东省人力资源和社会保障厅"),
        ("provincial_education", "山东省教育厅"),
        ("support", "毕业生就业服务客服中心"),
    ):
        yield _body(kind, codes.PROVINCE, name, None, f"{codes.PROVINCE}0000", at)


def _schools_and_cities(above: Mapping[tuple[str, str], str], at: datetime) -> Iterator[Mapping[str, Any]]:
    office, bureau = above["provincial_education", codes.PROVINCE], above["provincial_bureau", codes.PROVINCE]
    seats = {city.name: city.code for city in codes.cities()}
    for school in codes.schools():
        yield _body("school", school.code, school.name, office, seats.get(school.city), at)
    for city in codes.cities():
        yield _body("city", city.code, f"{city.name}{BUREAU}", bureau, city.code, at)


def _county_bureaus(above: Mapping[tuple[str, str], str], at: datetime) -> Iterator[Mapping[str, Any]]:
    cities = {city.code: city.name for city in codes.cities()}
    for county in codes.counties():
        city = county.extra["parent"]
        named = county.name.startswith(cities[city].removesuffix("市"))  # 济南高新技术产业开发区
        name = f"{'' if named else cities[city]}{county.name}{BUREAU}"
        yield _body("county", county.code, name, above["city", city], county.code, at)


def _body(kind: str, code: str, name: str, parent: str | None, region: str | None, at: datetime) -> Mapping[str, Any]:
    return {
        "id": fresh_id(),
        "kind": kind,
        "code": code,
        "name": name,
        "parent_id": parent,
        "region": region,
        "created_at": at,
    }


def _official_schools(ids: Mapping[tuple[str, str], str]) -> Iterator[Mapping[str, Any]]:
    for school in codes.schools():
        yield {
            "code": school.code,
            "body_id": ids["school", school.code],
            "identifier": school.identifier,
            "name": school.name,
            "authority": school.authority,
            "city": school.city,
            "level": school.level,
        }


def _bureaus_of_regions(ids: Mapping[tuple[str, str], str]) -> Iterator[Mapping[str, Any]]:
    for county in codes.counties():
        yield {"region": county.code, "body_id": ids["county", county.code]}


def _policies() -> Iterator[Mapping[str, Any]]:
    for cohort, registration in COHORTS.items():
        document = policy(cohort, registration, subsidy=subsidy(cohort))
        yield {"cohort": cohort, "version": 1, "document": document, "effective_from": FOUNDED}


def policy(cohort: int, registration: RegistrationMode, *, subsidy: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The rules of a cohort, as they are kept."""
    document = PolicyDocument.model_validate(
        {
            "registration": registration,
            "leave_on": f"{cohort}-{LEAVE_ON}",
            "subsidy": subsidy,
            "dispatch_certificates": cohort <= LAST_DISPATCHED,
            "statistics_rule_set": max((one for one in RULE_SETS if one <= cohort), default=RULE_SETS[0]),
        }
    )
    return document.model_dump(mode="json")


def subsidy(cohort: int) -> Mapping[str, Any] | None:
    """The announced categories and amounts; none for a cohort that the table does not have, whatever its neighbors."""
    categories = {
        row["code"]: {"name": row["name"], "amount_cny": int(row["amount_cny"]), "proof": row["proof"]}
        for row in codes.subsidies()
        if row["cohort"] == str(cohort)
    }
    return {"categories": categories} if categories else None


def _calendar_days() -> Iterator[Mapping[str, Any]]:
    for day, is_working in seed_rows():
        yield {"date": day, "is_working": is_working, "name": ""}


def _calendar_years() -> Iterator[Mapping[str, Any]]:
    for year in sorted({day.year for day, _ in seed_rows()}):
        yield {"year": year, "version": 1, "source": NOTICES}
