"""Entries of a roster: who sees them, and how they are told. Their correction is `roster_corrections`."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import FromClause, Select, and_, select

from app.db import actor
from app.errors import NotFound
from app.models import Body, Graduate, Person, RosterEntry, School
from app.models.base import table_of
from app.policies import Visible
from app.schemas.roster_entry import Details
from app.security import masks
from app.service import Caller, Service
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.rosters.roster_persons import id_number_of, phone_of
from app.workflows.view import LAST_ID, View

KEY: Final = ("person_id", "level", "cohort", "school_id")
"""Which programme of which person an entry is about, and so which graduate is registered on it."""

entries, graduates, persons, schools = table_of(RosterEntry), table_of(Graduate), table_of(Person), table_of(School)
_school, _department = table_of(Body).alias("school"), table_of(Body).alias("department")


def _visible(table: FromClause) -> Visible:
    """Schools and departments see their own roster, the education office the provincial one, graduates both of them."""
    return {
        "graduate": table.c.person_id == actor.c.person_id,
        "school": and_(table.c.source == "school", table.c.school_id == actor.c.body_id),
        "department": and_(table.c.source == "school", table.c.department_id == actor.c.body_id),
        "provincial_education": table.c.source == "provincial",
    }


def rows(table: FromClause) -> Select[Any]:
    """Entries with their person, school, department, and the graduate registered on them."""
    return select(
        table.c.id,
        *(column for column in table.c if column.name not in ("id", "extra", "import_id", "phone_bidx")),
        persons.c.id_sealed,
        schools.c.code.label("school_code"),
        _school.c.name.label("school_name"),
        _department.c.name.label("department_name"),
        graduates.c.id.label("graduate_id"),
        graduates.c.version.label("graduate_version"),
        graduates.c.verified_at,
        graduates.c.confirmed_at,
    ).select_from(
        table.join(persons, persons.c.id == table.c.person_id)
        .join(_school, _school.c.id == table.c.school_id)
        .join(schools, schools.c.body_id == table.c.school_id)
        .outerjoin(_department, _department.c.id == table.c.department_id)
        .outerjoin(graduates, and_(*(graduates.c[name] == table.c[name] for name in KEY)))
    )


view = View(entries, _visible, rows, filters=("cohort", "level", "source"))


async def one(caller: Caller, entry: str) -> Answer:
    """One entry."""
    _, found = await look(caller, view.one, record=entry)
    if not found:
        raise NotFound
    return answer(caller.service, found[0])


def answer(service: Service, row: Any) -> Answer:
    """An entry as the answer to a request."""
    return Answer(as_json(told(service, row)), row.version)


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page, newest first; `after` is the last id of the page before."""
    _, found = await look(caller, view.page(filters), limit=limit + 1, after=after or LAST_ID, **filters)
    items = [told(caller.service, row) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


def told(service: Service, row: Any) -> dict[str, Any]:
    """An entry with its personal numbers masked."""
    phone = phone_of(service, row.person_id, row.phone_sealed)
    return {
        **dict.fromkeys(Details.model_fields),
        **row.details,
        "id": row.id,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "source": row.source,
        "school": {"id": row.school_id, "name": row.school_name},
        "school_code": row.school_code,
        "department": row.department_id and {"id": row.department_id, "name": row.department_name},
        "name": row.name,
        "id_number": masks.id_number(id_number_of(service, row.person_id, row.id_sealed)),
        "phone": phone and masks.phone(phone),
        "level": row.level,
        "cohort": row.cohort,
        "completed": row["completed"],
        "released_at": row["released_at"],
        "registered": row["graduate_id"] is not None,
    }
