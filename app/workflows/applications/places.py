"""Places for outstanding graduates: an approval by department or school takes one of theirs, in the very write.

Of two approvals that race for the last place one finds it gone, looks again, and is told so. What is returned,
rejected, withdrawn or revoked gives back the places that it had taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, CTE, ColumnElement, FromClause, SmallInteger, Uuid, and_, func, update

from app.change import SetOf, SetStatement
from app.errors import Reason
from app.models import Quota
from app.models.base import table_of
from app.workflows.applications.eligibility import OUTSTANDING
from app.workflows.engine import Piece, Scene
from app.workflows.reviewing import open_review

quotas = table_of(Quota)
LIMITED: Final = ("department", "school")
"""Stages whose bodies have a quota."""

LEFT = (quotas.c.allowed - quotas.c.used).label("places_left")


def its_quota(table: FromClause) -> ColumnElement[bool]:
    """The quota that the open review of a row takes a place of."""
    return and_(
        table.c.kind == OUTSTANDING.value,
        quotas.c.body_id == open_review.c.body_id,
        quotas.c.cohort == table.c.cohort,
    )


def a_place_is_left(scene: Scene) -> Reason | None:
    """The body may put forward one more; without a quota, none."""
    record = scene.record
    if record.kind != OUTSTANDING or record.stage not in LIMITED or (record.places_left or 0) > 0:
        return None
    who = "school" if record.stage == "department" else "province"
    return Reason("quota-used-up", who=who, how="ask-for-a-quota")


def _taken(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    theirs = (
        quotas.c.body_id == asked("body", Uuid(as_uuid=False)),
        quotas.c.cohort == asked("cohort", SmallInteger()),
    )
    free = (gate, *theirs, quotas.c.used < quotas.c.allowed)
    return (update(quotas).where(*free).values(used=quotas.c.used + 1).returning(quotas.c.id).cte("place_taken"),)


def _given_back(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    bodies = quotas.c.body_id == func.any(asked("bodies", ARRAY(Uuid(as_uuid=False))))
    theirs = (gate, bodies, quotas.c.cohort == asked("cohort", SmallInteger()))
    return (update(quotas).where(*theirs).values(used=quotas.c.used - 1).returning(quotas.c.id).cte("places_back"),)


TAKE: Final = SetStatement("take_a_place", _taken, one=True)
"""`body`, `cohort`."""
GIVE_BACK: Final = SetStatement("give_places_back", _given_back)
"""`bodies`, `cohort`."""


def take_a_place(scene: Scene) -> Iterable[Piece]:
    """One place fewer for the body that approves."""
    record = scene.record
    if record.kind == OUTSTANDING and record.stage in LIMITED:
        yield SetOf(TAKE, {"body": record.review_body_id, "cohort": record.cohort})


def give_the_places_back(scene: Scene) -> Iterable[Piece]:
    """Every place that earlier turns have taken is free again."""
    record = scene.record
    turns: Sequence[Mapping[str, Any]] = (record.chain or ())[: record.turn or 0]
    bodies = [turn["body_id"] for turn in turns if turn["stage"] in LIMITED]
    if record.kind == OUTSTANDING and record.status != "draft" and bodies:
        yield SetOf(GIVE_BACK, {"bodies": bodies, "cohort": record.cohort})
