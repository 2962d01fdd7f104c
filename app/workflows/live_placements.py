"""A graduate has at most one live placement (domain.md §3): which those are, wherever they are looked for.

The database says the same: `uq_placements_one_live_per_graduate`.
"""

from sqlalchemy import ColumnElement, FromClause, and_, or_

from app.errors import Reason
from app.models import Placement
from app.models.base import table_of
from app.workflows.engine import Scene

other_live = table_of(Placement).alias("other_live")
"""The graduate's live placement, where it stands beside another record; its id is that record's `other_live_id`."""


def is_live(table: FromClause) -> ColumnElement[bool]:
    """Issued, under review or in force."""
    return or_(table.c.status.in_(("issued", "submitted")), is_in_force(table))


def is_in_force(table: FromClause) -> ColumnElement[bool]:
    """Approved and not ended."""
    return and_(table.c.status == "reviewed", table.c.decision == "approved")


def no_other_live_placement(scene: Scene) -> Reason | None:
    """A graduate has at most one live placement; the database makes a second one impossible."""
    other = scene.record.other_live_id
    return Reason("live-placement-exists", who="graduate", how="end-it-first", pointer=other) if other else None
