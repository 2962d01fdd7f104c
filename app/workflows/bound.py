"""Bound graduates (定向、委培、公费师范): the commissioning unit alone, or a release by the school."""

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause

from app.errors import Reason
from app.models import RosterEntry
from app.models.base import table_of
from app.workflows.engine import Scene

BOUND_MODES: Final = ("2", "4")
BOUND_TEACHERS: Final = "12"

entries = table_of(RosterEntry)

FACTS: Final[tuple[ColumnElement[Any], ...]] = (
    entries.c.details["training_mode"].as_string().label("training_mode"),
    entries.c.details["teacher_training"].as_string().label("teacher_training"),
    entries.c.details["commissioning_unit"].as_string().label("commissioning_unit"),
    entries.c.released_at,
)
"""What of the graduate's roster entry the rule looks at."""

NOTHING_KNOWN: Final = dict.fromkeys(("training_mode", "teacher_training", "commissioning_unit", "released_at"))
"""The same facts where nobody may see them."""


def with_roster(source: FromClause, graduate: FromClause) -> FromClause:
    """These rows with the roster entry of their graduate beside them."""
    return source.outerjoin(entries, entries.c.id == graduate.c.roster_entry_id)


def bound_elsewhere(record: Any, unit: str | None) -> Reason | None:
    """Why the graduate may not go to this unit, if they are bound to another."""
    bound = record.training_mode in BOUND_MODES or record.teacher_training == BOUND_TEACHERS
    if not bound or record.released_at is not None or (unit and unit == record.commissioning_unit):
        return None
    return Reason("bound-to-another-unit", who="school", how="ask-for-a-release")


def only_with_the_commissioning_unit(scene: Scene) -> Reason | None:
    """A bound graduate registers nothing but the unit they are bound to."""
    return bound_elsewhere(scene.record, scene.record.unit_name)


def only_by_the_commissioning_unit(scene: Scene) -> Reason | None:
    """A bound graduate accepts nobody but the unit they are bound to."""
    return bound_elsewhere(scene.record, scene.record.employer["name"])
