"""Where each graduate stands: their live placement, else the last one that ended, and what they said of it."""

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import FromClause, Select, Table, and_, case, select, true

from app.db import actor
from app.models import Confirmation, Graduate, Objection, Placement
from app.models.base import table_of
from app.policies import Visible
from app.service import Caller
from app.words import ConfirmationState, ObjectionKind
from app.workflows.live_placements import is_live
from app.workflows.looking import Answer, look, page_of
from app.workflows.placements import link_of
from app.workflows.view import LAST_ID, View

graduates, confirmations = table_of(Graduate), table_of(Confirmation)
_placements, _objections = table_of(Placement), table_of(Objection)
_live = is_live(_placements)


def with_standing(rows: FromClause) -> tuple[FromClause, tuple[Any, ...]]:
    """These graduates joined with what there is of them, and the columns that it yields.

    A draft, and a cancelled one, is nobody's destination yet.
    """
    place = (
        select(*_placements.c, _live.label("live"))
        .where(
            _placements.c.graduate_id == rows.c.id,
            _placements.c.status != "draft",
            _placements.c.ending.is_distinct_from("cancelled"),
        )
        .order_by(_live.desc(), _placements.c.id.desc())
        .limit(1)
        .lateral("place")
    )
    said = (
        select(*confirmations.c)
        .where(confirmations.c.graduate_id == rows.c.id)
        .order_by(confirmations.c.id.desc())
        .limit(1)
        .lateral("said")
    )
    objected = and_(
        _objections.c.placement_id == place.c.id,
        _objections.c.status == "submitted",
        _objections.c.kind == ObjectionKind.NOT_MINE.value,
    )
    same = and_(
        said.c.placement_id.is_not_distinct_from(place.c.id),
        said.c.placement_version.is_not_distinct_from(place.c.version),
    )
    state = case(
        (_objections.c.id.is_not(None), ConfirmationState.OBJECTED.value),
        (said.c.id.is_(None), ConfirmationState.UNCONFIRMED.value),
        (same, ConfirmationState.CONFIRMED.value),
        else_=ConfirmationState.STALE.value,
    )
    joined = rows.outerjoin(place, true()).outerjoin(said, true()).outerjoin(_objections, objected)
    return joined, (
        *(place.c[name].label(f"placement_{name}") for name in ("id", "version", "kind", "decision", "unit_name")),
        place.c.live,
        said.c.id.label("confirmation_id"),
        said.c.created_at.label("confirmed_at"),
        _objections.c.id.label("open_objection_id"),
        state.label("state"),
    )


def _standings() -> FromClause:
    joined, columns = with_standing(graduates)
    own = ("id", "school_id", "department_id", "cohort", "level", "name")
    return select(*(graduates.c[name] for name in own), *columns).select_from(joined).subquery("standings")


def _visible(table: FromClause) -> Visible:
    return {
        "graduate": table.c.id == actor.c.graduate_id,
        "department": table.c.department_id == actor.c.body_id,
        "school": table.c.school_id == actor.c.body_id,
        "provincial_bureau": true(),
        "provincial_education": true(),
    }


def _rows(table: FromClause) -> Select[Any]:
    return select(*table.c)


view: Final = View(cast("Table", _standings()), _visible, _rows, filters=("state", "cohort", "department_id"))


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page of graduates, newest first; `after` is the last id of the page before."""
    _, found = await look(caller, view.page(filters), limit=limit + 1, after=after or LAST_ID, **filters)
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


def _told(row: Any) -> dict[str, Any]:
    same = ("school_id", "department_id", "cohort", "level", "state", "confirmed_at")
    placement = {
        "id": row.placement_id,
        "version": row.placement_version,
        "kind": row.placement_kind,
        "in_force": row.placement_decision == "approved",
        "unit_name": row.placement_unit_name,
        "link": link_of(row.placement_kind, row.placement_id),
    }
    return {
        "graduate_id": row.id,
        "graduate_name": row.name,
        **{name: row[name] for name in same},
        "placement": placement if row.live else None,
        "confirmation_id": row.confirmation_id,
        "open_objection_id": row.open_objection_id,
    }
