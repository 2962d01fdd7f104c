"""Jobs as rows and as they are told: who sees them, when they are open, what is read beside them."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, DateTime, FromClause, Select, and_, cast, func, or_, select

from app.clock import SHANGHAI
from app.db import Read, actor, asked
from app.models import Employer, Job
from app.models.base import table_of
from app.policies import Visible
from app.words import JobEnding
from app.workflows.employer_view import BUREAU, with_bureau
from app.workflows.engine import Scene
from app.workflows.reviewing import BESIDE, local_day, waiting_for, with_open_review
from app.workflows.situations import At
from app.workflows.situations import situation as as_written
from app.workflows.view import remembered

jobs, employers = table_of(Job), table_of(Employer)
HIDDEN: Final = ("search_text", "grams", "facets", "salary_to")
"""Columns that a post is found by and that nobody reads."""
_today = cast(func.timezone(SHANGHAI.key, asked("at", DateTime(timezone=True))), Date)


def is_over(record: Any, at: datetime) -> bool:
    """Whether a published post's last day is over."""
    return as_written(record, at) is At.APPROVED and record.end_on < local_day(at)


def situation(record: Any, at: datetime) -> At:
    """The situation of a job; it ends with its last day, without anybody doing anything."""
    return At.TERMINATED if is_over(record, at) else as_written(record, at)


def is_open(table: FromClause) -> ColumnElement[bool]:
    """Published, and its last day is not over."""
    return and_(table.c.status == "reviewed", table.c.decision == "approved", table.c.end_on >= _today)


def its_readers(table: FromClause) -> Visible:
    """The employer, its bureaus, the province; and graduates once it was published, unless it was taken down."""
    published = and_(table.c.decision == "approved", or_(table.c.ending.is_(None), table.c.ending != "taken_down"))
    filed = table.c.submitted_at.is_not(None)
    return {
        "graduate": published,
        "employer": table.c.employer_id == actor.c.body_id,
        "county": table.c.county_id == actor.c.body_id,
        "city": table.c.city_id == actor.c.body_id,
        "provincial_bureau": filed,
        "provincial_education": filed,
    }


def shown_of(table: FromClause) -> list[ColumnElement[Any]]:
    """The columns that somebody reads."""
    return [column for column in table.c if column.name not in HIDDEN]


def rows(table: FromClause) -> Select[Any]:
    """Jobs with their open review beside them."""
    return select(*shown_of(table), *BESIDE).select_from(with_open_review(table))


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the bureau of the place where the employer is registered."""
    base = rows(table)
    (source,) = base.get_final_froms()
    place = table.c.employer["registered_region"].as_string()
    return select(*base.selected_columns, *BUREAU).select_from(with_bureau(source, place))


_snapshot = func.jsonb_build_object(
    *(part for name in ("name", "nature", "industry", "registered_region") for part in (name, employers.c[name]))
).label("employer")
ground: Final = Read(
    select(
        employers.c.id.label("employer_id"), employers.c.decision.label("employer_decision"), employers.c.standing,
        _snapshot,
    ).where(employers.c.id == actor.c.body_id),
    remembered,
)  # fmt: skip
"""The ground on which a job is posted: the employer."""

SHOWN: Final = (
    "id", "version", "employer_id", "employer", "terms", "end_on", "submitted_at", "decided_at", "created_at",
    "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """A job as everybody sees it who may."""
    record, over = scene.record, is_over(scene.record, scene.at)
    return {
        **{name: record[name] for name in SHOWN},
        "status": At.TERMINATED if over else record["status"],
        "decision": record["decision"],
        "stage": record["stage"],
        "ending": JobEnding.EXPIRED if over else record["ending"],
        "waiting_for": waiting_for(record) if scene.actor.kind != "graduate" else None,
    }
