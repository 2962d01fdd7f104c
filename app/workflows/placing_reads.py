"""What is read of destinations and entered agreements, and of the ground on which a graduate registers one."""

from typing import Any, Final

from sqlalchemy import DateTime, FromClause, Integer, Select, and_, func, literal_column, null, select

from app.db import Read, actor, asked
from app.models import Body, Placement, School
from app.models.base import table_of
from app.policies import Visible, its_parties
from app.schemas.file import FilePurpose
from app.workflows import agreements, bound
from app.workflows.attaching import beside
from app.workflows.facts import Facts, day_of, its_settings, school_settings, timetable_of
from app.workflows.grounds import WHO, at_their_school, graduates
from app.workflows.live_placements import is_live, other_live
from app.workflows.view import remembered

placements, schools = table_of(Placement), table_of(School)
department = table_of(Body).alias("department")
_others = placements.alias("others")
PURPOSES: Final = (FilePurpose.PROOF, FilePurpose.STAMPED_SCAN)
_at = asked("at", DateTime(timezone=True))


def its_school(table: FromClause) -> Visible:
    """The graduate, their department and school; the province sees what has left the drawer."""
    all_parties = its_parties(table)
    own = {kind: all_parties[kind] for kind in ("graduate", "department", "school")}
    shown = table.c.status != "draft"
    return {**own, "provincial_bureau": shown, "provincial_education": shown}


def rows(table: FromClause) -> Select[Any]:
    """Records with what `actions` hang on: open review and termination, another live placement, the roster's word."""
    base = agreements.rows(table)
    (source,) = base.get_final_froms()
    other = and_(other_live.c.graduate_id == table.c.graduate_id, other_live.c.id != table.c.id, is_live(other_live))
    joined: Any = source.outerjoin(graduates, graduates.c.id == table.c.graduate_id).outerjoin(other_live, other)
    facts = (
        other_live.c.id.label("other_live_id"),
        *bound.FACTS,
    )
    return select(*base.selected_columns, *facts).select_from(bound.with_roster(joined, graduates))


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the facts of rules and effects: the graduate's present place, school, settings, files, wages."""
    facts = Facts(table.c.cohort, null())
    base = rows(table)
    (source,) = base.get_final_froms()
    joined: Any = (
        source.outerjoin(department, department.c.id == graduates.c.department_id)
        .outerjoin(schools, schools.c.body_id == table.c.school_id)
        .outerjoin(school_settings, its_settings(table))
    )
    return facts.beside(
        select(*base.selected_columns).select_from(joined),
        facts.review_due_days,
        facts.objection_days,
        facts.review_chain,
        graduates.c.department_id.label("present_department_id"),
        graduates.c.version.label("graduate_version"),
        department.c.name.label("present_department_name"),
        schools.c.code.label("school_code"),
        *beside(*PURPOSES, record=table.c.id),
        func.app.minimum_wage(table.c.region, day_of(_at), type_=Integer).label("minimum_wage"),
        func.app.knows_credit_code(table.c.unit_credit_code).label("unit_is_registered"),
    )


_under_way = (
    select(func.jsonb_object_agg(_others.c.kind, _others.c.id))
    .where(_others.c.graduate_id == graduates.c.id, _others.c.status.in_(("draft", "issued", "submitted")))
    .scalar_subquery()
)

GROUND_COLUMNS: Final = (*WHO, _under_way.label("under_way"), timetable_of(graduates.c.cohort))
_standing: Any = at_their_school.outerjoin(
    other_live, and_(other_live.c.graduate_id == graduates.c.id, is_live(other_live))
)
ground = Read(
    select(
        *GROUND_COLUMNS,
        other_live.c.id.label("other_live_id"),
        *bound.FACTS,
        *beside(*PURPOSES),
        literal_column("'entered_agreement'").label("kind"),
    )
    .select_from(bound.with_roster(_standing, graduates))
    .where(graduates.c.id == actor.c.graduate_id),
    remembered,
)
"""The ground on which a graduate registers where they go: themselves."""
