"""Publicities as everybody reads them, while they run: names masked by the database, for programs and on a page."""

from typing import Any, Final

from sqlalchemy import Date, Integer, Uuid, func, select, true

from app.db import PUBLIC, Narrowed, Read, Result, asked
from app.errors import NotFound
from app.models import Publicity
from app.models.base import table_of
from app.pages import publicities as pages
from app.pages.shell import Page
from app.schemas.base import ID
from app.service import Service
from app.workflows.looking import Answer, as_json, cursor_of, page_of
from app.workflows.province.bodies import FIRST_ID
from app.workflows.view import LAST_ID

FILTERS: Final = ("kind", "cohort")
NAMES: Final = ("graduate_name", "school_name", "major")
LISTED: Final = 20
PEOPLE: Final = 100
"""On one page for people."""
_VISIT: Final = {"purpose": "publicity"}

publicities = table_of(Publicity)
_today = asked("today", Date())
_limit, _after = asked("limit", Integer()), asked("after", Uuid(as_uuid=False))
_id = asked("publicity", Uuid(as_uuid=False))
_open = _today.between(publicities.c.begins_on, publicities.c.ends_on)


def _page() -> Narrowed:
    narrowed = [publicities.c[name] == asked(name, publicities.c[name].type) for name in FILTERS]
    found = select(*publicities.c).where(_open, publicities.c.id < _after, *narrowed)
    return Narrowed(Read(found.order_by(publicities.c.id.desc()).limit(_limit), door=PUBLIC), FILTERS)


def _with_items() -> Read:
    """A list that is open today, beside a page of who is on it: a row of nulls beside it for nobody."""
    people = func.app.published_items(_id, _after, _today, _limit).table_valued(
        "application_id", *NAMES, name="published"
    )
    beside = publicities.outerjoin(people, true())
    found = select(*publicities.c, *people.c).select_from(beside).where(publicities.c.id == _id, _open)
    return Read(found.order_by(people.c.application_id), door=PUBLIC)


_PAGE: Final = _page()
_ONE: Final = Read(select(*publicities.c).where(publicities.c.id == _id, _open), door=PUBLIC)
_ITEMS: Final = _with_items()


# -- for programs -----------------------------------------------------------------------------------------------------


async def page(service: Service, limit: int, after: str | None, filters: dict[str, Any]) -> Answer:
    """A page of the lists that are open today, newest first."""
    found = await _lists(service, limit, after, filters)
    return page_of([told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


async def one(service: Service, publicity: str) -> Answer:
    """One list that is open today."""
    (row,) = await service.db.rows(_ONE, {**_VISIT, "today": service.clock.today(), "publicity": publicity})
    if row.id is None:
        raise NotFound
    return Answer(as_json(told(row)))


async def items_page(service: Service, publicity: str, limit: int, after: str | None) -> Answer:
    """A page of who is on a list that is open today."""
    listed, people = await _with_people(service, publicity, limit, after)
    if listed is None:
        raise NotFound
    shown = [{name: row[name] for name in NAMES} for row in people[:limit]]
    return page_of(shown, str(people[limit - 1].application_id) if len(people) > limit else None)


def told(row: Any) -> dict[str, Any]:
    """A list as everybody is told of it."""
    shown = {name: row[name] for name in ("id", "kind", "cohort", "begins_on", "ends_on", "objections_to")}
    return {**shown, "body": {"id": row["body_id"], "name": row["body_name"]}}


# -- for people -------------------------------------------------------------------------------------------------------


async def lists_page(service: Service, after: str | None, language: str) -> Page:
    """The lists that are open today, newest first."""
    found = await _lists(service, LISTED, after, {})
    following = found[LISTED - 1].id if len(found) > LISTED else None
    return Page(pages.lists(found[:LISTED], _paging(after, following), language))


async def people_page(service: Service, publicity: str, after: str | None, language: str) -> Page:
    """A list and who is on it; 404 for what isn't one, or is over."""
    asked_for = publicity if ID.fullmatch(publicity) else FIRST_ID
    listed, people = await _with_people(service, asked_for, PEOPLE, after)
    if listed is None:
        return Page(pages.unknown(language), 404)
    following = people[PEOPLE - 1].application_id if len(people) > PEOPLE else None
    return Page(pages.one(listed, people[:PEOPLE], _paging(after, following), language))


def _paging(*keys: str | None) -> pages.Paging:
    return pages.Paging(*(key and cursor_of(str(key)) for key in keys))


# -- what both read ---------------------------------------------------------------------------------------------------


async def _lists(service: Service, limit: int, after: str | None, filters: dict[str, Any]) -> list[Result]:
    values = {**_VISIT, "today": service.clock.today(), "limit": limit + 1, "after": after or LAST_ID, **filters}
    return [row for row in await service.db.rows(_PAGE(filters), values) if row.id is not None]


async def _with_people(
    service: Service, publicity: str, limit: int, after: str | None
) -> tuple[Result | None, list[Result]]:
    """A list, if it is open today, and one more of who is on it than a page has."""
    values = {"today": service.clock.today(), "publicity": publicity, "limit": limit + 1, "after": after or FIRST_ID}
    found = [row for row in await service.db.rows(_ITEMS, {**_VISIT, **values}) if row.id is not None]
    return (found[0] if found else None), [row for row in found if row.application_id is not None]
