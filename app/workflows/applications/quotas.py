"""Quotas as they are set and read: the school sets its departments', the education office the schools'."""

from typing import Any, Final

from sqlalchemy import (
    DateTime,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    Uuid,
    and_,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from app.change import fresh_id
from app.db import REQUEST, Read, Statement, actor, asked, opened
from app.errors import Conflict, NotFound
from app.models import Body
from app.models.base import table_of
from app.policies import Visible
from app.service import Caller
from app.workflows.applications.places import quotas
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.view import LAST_ID, View

bodies = table_of(Body)
_below = or_(
    and_(actor.c.kind == "school", bodies.c.kind == "department", bodies.c.parent_id == actor.c.body_id),
    and_(actor.c.kind == "provincial_education", bodies.c.kind == "school"),
)
_body: Final = Read(select(bodies.c.id, bodies.c.name).where(bodies.c.id == actor.c.record_id, _below))
"""A body whose quota the caller sets."""


def visible(table: FromClause) -> Visible:
    """A department its own, a school its own and its departments', the education office those of schools."""
    own, set_here = table.c.body_id == actor.c.body_id, table.c.set_by == actor.c.body_id
    return {"department": own, "school": or_(own, set_here), "provincial_education": set_here}


def rows(table: FromClause) -> Select[Any]:
    """Quotas with the names of their bodies."""
    return select(*table.c, bodies.c.name.label("body_name")).select_from(
        table.outerjoin(bodies, bodies.c.id == table.c.body_id)
    )


view: Final = View(quotas, visible, rows, filters=("cohort",))


def _putting() -> Statement:
    """Sets a quota, new or not; nothing where more places are taken than would be allowed."""
    who = select(opened(REQUEST).c.account_id.label("account_id")).cte("actor")
    at, allowed = asked("at", DateTime(timezone=True)), asked("allowed", Integer())
    given = (
        asked("id", Uuid(as_uuid=False)),
        literal(1, Integer()),
        at,
        at,
        asked("body", Uuid(as_uuid=False)),
        asked("cohort", SmallInteger()),
        asked("set_by", Uuid(as_uuid=False)),
        allowed,
        literal(0, Integer()),
    )
    names = ["id", "version", "created_at", "updated_at", "body_id", "cohort", "set_by", "allowed", "used"]
    there = select(func.count()).select_from(who).scalar_subquery() == literal(1, Integer())
    new = insert(quotas).from_select(names, select(*given).where(there))
    put = new.on_conflict_do_update(
        index_elements=["body_id", "cohort"],
        set_={"allowed": new.excluded.allowed, "updated_at": at, "version": quotas.c.version + 1},
        where=quotas.c.used <= new.excluded.allowed,
    )
    done = put.returning(*quotas.c).cte("put")
    return Statement(select(*done.c).add_cte(who))


_PUTTING: Final = _putting()


async def put(caller: Caller, body: str, cohort: int, allowed: int) -> Answer:
    """Set the quota of a body below. Fewer than are taken is a 409 `quota-below-used`."""
    who, found = await look(caller, _body, record=body)
    if not found:
        raise NotFound
    values = {"id": fresh_id(), "body": body, "cohort": cohort, "set_by": who.body_id, "allowed": allowed}
    given = {"session": caller.session, "record": None, "at": caller.service.clock.now()}
    done = await caller.db.write(_PUTTING, {**given, **values})
    if not done:
        raise Conflict("quota-below-used")
    row = {**dict(done[0].items()), "body_name": found[0].name}
    return Answer(as_json(_told(row)), row["version"])


async def page(caller: Caller, limit: int, after: str | None, filters: dict[str, Any]) -> Answer:
    """A page of the quotas that are the caller's to see, newest first."""
    values = {"limit": limit + 1, "after": after or LAST_ID, **filters}
    _, found = await look(caller, view.page(filters), **values)
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


def _told(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "version", "cohort", "allowed", "used", "updated_at")}
    return {**shown, "body": {"id": row["body_id"], "name": row["body_name"]}}
