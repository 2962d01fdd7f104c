"""What is the caller's own, gathered: lists and counts beside each other in one row, read by one statement."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, literal_column, or_, select

from app.db import actor
from app.models import Placement
from app.models.base import table_of
from app.workflows.facts import timetable_of
from app.workflows.live_placements import is_live

SHOWN = 20
"""Of each thing, at most so many are listed; counts stop at COUNTED."""
COUNTED = 1000

_placements = table_of(Placement)


def listed(rows: Select[Any], name: str) -> ColumnElement[Any]:
    """These rows as one JSON array, the newest first. Of more than are shown, it is the plan that chooses which."""
    part = rows.limit(SHOWN).correlate(actor).subquery(name)
    order = f" order by {name}.id desc" if "id" in part.c else ""
    every = func.jsonb_agg(literal_column(f"to_jsonb({name}.*){order}"))
    return select(func.coalesce(every, literal_column("'[]'::jsonb"))).select_from(part).scalar_subquery()


def counted(rows: Select[Any], name: str) -> ColumnElement[int]:
    """How many there are, as far as it matters."""
    return select(func.count()).select_from(rows.limit(COUNTED).correlate(actor).subquery(name)).scalar_subquery()


def mine(table: FromClause) -> ColumnElement[bool]:
    """The caller's as graduate or as employer."""
    return or_(table.c.graduate_id == actor.c.graduate_id, table.c.employer_id == actor.c.body_id)


live_ones = select(
    *(column for column in _placements.c if not column.name.endswith("_sealed")), timetable_of(_placements.c.cohort)
).where(_placements.c.graduate_id == actor.c.graduate_id, is_live(_placements))
"""The graduate's live placement, with the timetable of its cohort."""
