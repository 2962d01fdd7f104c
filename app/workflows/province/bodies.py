"""Bodies and schools as everybody may read them. Employers are not among them: they are seen by their parties alone."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Integer, Text, Uuid, select

from app.db import Narrowed, asked
from app.errors import NotFound
from app.models import Body, School
from app.models.base import table_of
from app.service import Service
from app.workflows.looking import Answer, as_json, page_of
from app.workflows.province.reference import OpenRead, rows_of

FIRST_ID: Final = "00000000-0000-0000-0000-000000000000"

bodies, schools = table_of(Body), table_of(School)
_shown = [bodies.c[name] for name in ("id", "kind", "code", "name", "parent_id", "region")]
_official = bodies.c.kind != "employer"
_one = OpenRead(select(*_shown).where(bodies.c.id == asked("id", Uuid(as_uuid=False)), _official))


def _bodies_page(*filters: str) -> Narrowed:
    """The statement for a page of bodies, which may be narrowed by these columns."""
    narrowed = [bodies.c[name] == asked(name, bodies.c[name].type) for name in filters]
    further = bodies.c.id > asked("after", Uuid(as_uuid=False))
    page = select(*_shown).where(_official, further, *narrowed).order_by(bodies.c.id).limit(asked("limit", Integer()))
    return Narrowed(OpenRead(page), filters)


def _schools_page(*filters: str) -> Narrowed:
    """The statement for a page of schools, which may be narrowed by these columns."""
    narrowed = [schools.c[name] == asked(name, Text()) for name in filters]
    further = schools.c.code > asked("after", Text())
    page = select(*schools.c).where(further, *narrowed).order_by(schools.c.code).limit(asked("limit", Integer()))
    return Narrowed(OpenRead(page), filters)


_BODIES: Final = _bodies_page("kind", "parent_id")
_SCHOOLS: Final = _schools_page("city", "level")


async def one(service: Service, body: str) -> Answer:
    """One body."""
    found = await rows_of(service, _one, id=body)
    if not found:
        raise NotFound
    return Answer(as_json(_told(found[0])))


async def page(service: Service, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page of bodies; `after` is the last id of the page before."""
    read = _BODIES(filters)
    found = await rows_of(service, read, limit=limit + 1, after=after or FIRST_ID, **filters)
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


async def schools_page(service: Service, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page of schools; `after` is the last code of the page before."""
    read = _SCHOOLS(filters)
    found = await rows_of(service, read, limit=limit + 1, after=after or "", **filters)
    items = [{column.name: row[column.name] for column in schools.c} for row in found[:limit]]
    return page_of(items, found[limit - 1].code if len(found) > limit else None)


def _told(row: Any) -> dict[str, Any]:
    return {column.name: row[column.name] for column in _shown}
