"""What is read of invitations: for showing, for moving, and the ground on which one is sent."""

from typing import Any

from sqlalchemy import (
    DateTime,
    FromClause,
    LargeBinary,
    Select,
    SmallInteger,
    Text,
    Uuid,
    and_,
    cast,
    func,
    literal,
    select,
    true,
)

from app.db import Read, actor, asked
from app.models import Employer, Graduate, School
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.workflows.attaching import attachments, beside
from app.workflows.bound import FACTS as BOUND
from app.workflows.bound import with_roster
from app.workflows.facts import (
    INVITATION_DAYS,
    Facts,
    bodies,
    in_force,
    its_settings,
    number_in,
    school_settings,
    timetable_of,
)
from app.workflows.live_placements import is_live, other_live
from app.workflows.market.job_applications import applied_for
from app.workflows.view import remembered

employers, graduates, schools = table_of(Employer), table_of(Graduate), table_of(School)
bound_graduates = graduates.alias("bound_graduates")


def rows(table: FromClause) -> Select[Any]:
    """Invitations with the graduate's live placement beside them, as far as the caller may see it."""
    beside = and_(other_live.c.graduate_id == table.c.graduate_id, is_live(other_live))
    source = table.outerjoin(other_live, beside).outerjoin(bound_graduates, bound_graduates.c.id == table.c.graduate_id)
    return select(*table.c, other_live.c.id.label("other_live_id"), timetable_of(table.c.cohort), *BOUND).select_from(
        with_roster(source, bound_graduates)
    )


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the facts that drawing the agreement up needs."""
    facts = Facts(table.c.cohort, table.c.employer["registered_region"].as_string())
    department = bodies.alias("department")
    notice = (
        select(attachments.c.file_id)
        .where(
            attachments.c.record_id == table.c.id,
            cast(attachments.c.file_id, Text) == table.c.terms["notice_file_id"].as_string(),
        )
        .scalar_subquery()
        .label("notice_id")
    )
    base = rows(table)
    (source,) = base.get_final_froms()
    joined = (
        source.outerjoin(graduates, graduates.c.id == table.c.graduate_id)
        .outerjoin(department, department.c.id == graduates.c.department_id)
        .outerjoin(schools, schools.c.body_id == table.c.school_id)
        .outerjoin(school_settings, its_settings(table))
    )
    return facts.beside(
        select(*base.selected_columns).select_from(joined),
        facts.review_due_days,
        *facts.invitation_days,
        *facts.bureau,
        department.c.name.label("department_name"),
        schools.c.code.label("school_code"),
        facts.review_chain,
        facts.leave_on,
        graduates.c.version.label("graduate_version"),
        *beside(FilePurpose.APPOINTMENT_NOTICE, record=table.c.id),
        notice,
    )


_application = asked("application", Uuid(as_uuid=False))
invitee = func.app.find_invitee(
    asked("code", Text()), asked("id_bidx", LargeBinary()), asked("name", Text()), asked("level", Text()),
    asked("cohort", SmallInteger()), asked("at", DateTime(timezone=True)), _application,
).table_valued(
    "graduate_id", "graduate_name", "school_id", "department_id", "school_name", "graduate_level", "graduate_cohort",
    "major", name="invitee",
)  # fmt: skip

_policy = in_force(invitee.c.graduate_cohort)
ground = Read(
    select(
        *invitee.c,
        employers.c.decision.label("employer_decision"),
        employers.c.standing,
        func.jsonb_build_object(
            *(part for name in ("name", "credit_code", "nature", "industry", "registered_region", "region", "address")
              for part in (literal(name), employers.c[name]))
        ).label("employer"),
        *(number_in(_policy, name) for name in INVITATION_DAYS),
        *beside(FilePurpose.APPOINTMENT_NOTICE),
        applied_for(_application),
    ).select_from(employers.join(invitee, true()).outerjoin(_policy, true())).where(employers.c.id == actor.c.body_id),
    remembered,
)  # fmt: skip
"""The ground of an invitation: the employer who asks, and whom `code`, the full match or the application names."""
