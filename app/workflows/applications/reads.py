"""How applications are read: who sees them, what stands beside them, and the ground on which one is opened."""

from typing import Any, Final

from sqlalchemy import FromClause, Select, and_, func, select, true

from app.db import Read, actor
from app.models import Body
from app.models.base import table_of
from app.policies import Visible, its_parties
from app.schemas.application_forms import APPLICATION_FORMS
from app.schemas.file import FilePurpose
from app.workflows.applications import chains
from app.workflows.applications.dispatching import held_dispatches
from app.workflows.applications.eligibility import FACTS, OUTSTANDING, applications, facts_of
from app.workflows.applications.places import LEFT, its_quota, quotas
from app.workflows.attaching import beside
from app.workflows.engine import Scene
from app.workflows.facts import Facts
from app.workflows.grounds import WHO, at_their_school, graduates, school
from app.workflows.reviewing import BESIDE, waiting_for, with_open_review
from app.workflows.sealed_parts import APPLIED
from app.workflows.view import remembered

bodies = table_of(Body)
department, office = bodies.alias("department"), bodies.alias("office")
mine = applications.alias("mine")


def visible(table: FromClause) -> Visible:
    """The graduate, department and school; whose turn it is or was; the province, of awards alone the education office.

    What is still a draft is for the graduate and the school.
    """
    whole, shown = its_parties(table), table.c.status != "draft"
    own = {kind: whole[kind] for kind in ("graduate", "department", "school")}
    above = {kind: and_(whole[kind], shown) for kind in ("county", "city")}
    awards = and_(table.c.kind == OUTSTANDING.value, shown)
    return {**own, **above, "provincial_bureau": shown, "provincial_education": awards}


def rows(table: FromClause) -> Select[Any]:
    """Applications with their open review, dispatches and, beside drafts, what their submission hangs on."""
    facts = facts_of(table.c.graduate_id, table.c.status == "draft", but=table.c.id)
    joined = with_open_review(table).outerjoin(facts, true()).outerjoin(quotas, its_quota(table))
    shown = (*table.c, *BESIDE, LEFT, held_dispatches(table), *(facts.c[name] for name in FACTS))
    return select(*shown).select_from(joined)


def rows_with_places(table: FromClause) -> Select[Any]:
    """The same, with what a move hangs on: the present department, the bodies of the chain, the cohort's policy."""
    base = rows(table)
    (source,) = base.get_final_froms()
    facts = Facts(table.c.cohort, chains.place(table, school))
    joined: Any = (
        source.outerjoin(graduates, graduates.c.id == table.c.graduate_id)
        .outerjoin(department, department.c.id == graduates.c.department_id)
        .outerjoin(school, school.c.id == table.c.school_id)
        .outerjoin(office, office.c.kind == "provincial_education")
    )
    return facts.beside(
        select(*base.selected_columns).select_from(joined),
        facts.review_due_days,
        *facts.bureau,
        graduates.c.department_id.label("present_department_id"),
        department.c.name.label("present_department_name"),
        office.c.id.label("office_id"),
        office.c.name.label("office_name"),
        school.c.code.label("school_code"),
        facts.document["subsidy"]["categories"].label("categories"),
    )


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the files that a caller's move names."""
    return rows_with_places(table).add_columns(*beside(FilePurpose.PROOF, record=table.c.id))


_open_ones = (
    select(func.jsonb_object_agg(mine.c.kind, mine.c.id))
    .where(mine.c.graduate_id == graduates.c.id, mine.c.status.in_(("draft", "submitted")))
    .scalar_subquery()
)
_own = facts_of(graduates.c.id)

applicant: Final = (
    select(
        *WHO,
        graduates.c.person_id,
        _open_ones.label("open_ones"),
        *(_own.c[name] for name in FACTS),
    )
    .select_from(at_their_school.outerjoin(_own, true()))
    .where(graduates.c.id == actor.c.graduate_id)
)
"""The ground of an application: the graduate, and what of them the rules look at."""
ground: Final = Read(applicant.add_columns(*beside(FilePurpose.PROOF)), remembered)

SHOWN: Final = (
    "id", "version", "kind", "status", "decision", "stage", "fulfilment", "cohort", "level", "graduate_id",
    "graduate_name", "school_id", "school_name", "department_id", "major", "amount", "dispatch_id", "collect_on",
    "submitted_at", "decided_at", "ended_at", "ending", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """An application as its parties see it; findings are for those who review."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    fields = dict.fromkeys(APPLICATION_FORMS[record["kind"]].model_fields)
    shown["details"] = {**fields, **APPLIED.seen(record["details"]), "kind": record["kind"]}
    shown["findings"] = None if scene.actor.kind == "graduate" else record["findings"]
    shown["returned"] = record["chain"] is not None and record["status"] == "draft"
    shown["waiting_for"] = waiting_for(record)
    return shown
