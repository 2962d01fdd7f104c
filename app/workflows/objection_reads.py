"""How objections are read: with their open review, with the placement they are about, and the ground of a new one."""

from typing import Any, Final

from sqlalchemy import FromClause, Select, and_, exists, select

from app.db import Read, actor
from app.models import Objection, Placement
from app.models.base import table_of
from app.policies import its_parties_once_sent, to_the_caller
from app.schemas.file import FilePurpose
from app.words import ObjectionKind
from app.workflows.attaching import beside
from app.workflows.facts import Facts, bodies
from app.workflows.live_placements import is_live, other_live
from app.workflows.reviewing import BESIDE, open_review, with_open_review
from app.workflows.view import remembered

PLACEMENT: Final = "placement_"
"""Before the names of the placement's columns, where they stand beside the objection."""

objections, placements = table_of(Objection), table_of(Placement)
others = objections.alias("others")
placement_review = open_review.alias("placement_review")
bureau, office = bodies.alias("provincial_bureau"), bodies.alias("education_office")


def rows(table: FromClause) -> Select[Any]:
    """Objections with their open review beside them."""
    return select(*table.c, *BESIDE).select_from(with_open_review(table))


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the placement as it stands: its open review, and whether another has taken its place."""
    base = rows(table)
    (source,) = base.get_final_froms()
    facts = Facts(table.c.cohort, placements.c.registered_region)
    turn = and_(placement_review.c.record_id == placements.c.id, placement_review.c.decision.is_(None))
    its = (other_live.c.graduate_id == table.c.graduate_id, other_live.c.id != table.c.placement_id)
    other = and_(*its, is_live(other_live))
    joined = (
        source.outerjoin(placements, placements.c.id == table.c.placement_id)
        .outerjoin(placement_review, turn)
        .outerjoin(other_live, other)
    )
    return facts.beside(
        select(*base.selected_columns).select_from(joined),
        facts.review_due_days,
        facts.objection_days,
        facts.objection_days.label(f"{PLACEMENT}objection_days"),
        *(column.label(f"{PLACEMENT}{column.name}") for column in placements.c if column.name != "id"),
        placement_review.c.id.label(f"{PLACEMENT}review_id"),
        other_live.c.id.label(f"{PLACEMENT}other_live_id"),
    )


def settled(kind: ObjectionKind, *more: Any) -> Any:
    """Whether an objection of this kind to the placement was decided."""
    found = and_(others.c.placement_id == placements.c.id, others.c.kind == kind.value, others.c.status == "reviewed")
    return exists().where(found, *more)


def standing() -> Select[Any]:
    """Placements with what an objection to them hangs on."""
    open_one = and_(objections.c.placement_id == placements.c.id, objections.c.status == "submitted")
    joined = placements.outerjoin(objections, open_one)
    against_this = others.c.created_at >= placements.c.ended_at
    return select(
        *placements.c,
        objections.c.id.label("open_objection_id"),
        settled(ObjectionKind.ANNULMENT, against_this).label("settled_annulment"),
        settled(ObjectionKind.NOT_MINE).label("settled_not_mine"),
    ).select_from(joined)


def _ground() -> Read:
    base = standing()
    (source,) = base.get_final_froms()
    joined: Any = source.outerjoin(bureau, bureau.c.kind == "provincial_bureau").outerjoin(
        office, office.c.kind == "provincial_education"
    )
    facts = Facts(placements.c.cohort, placements.c.registered_region)
    named = (one.c[name].label(f"{one.name}_{name}") for one in (bureau, office) for name in ("id", "name"))
    ground = select(*base.selected_columns, *named, *beside(FilePurpose.PROOF)).select_from(joined)
    found = (placements.c.id == actor.c.record_id, to_the_caller(its_parties_once_sent(placements)))
    return Read(facts.beside(ground, facts.review_due_days).where(*found), remembered)


ground: Final = _ground()
"""The placement that is objected to, or whose annulment is."""
