"""Applications for jobs (求职申请): a graduate shows an employer the part of their record that they choose.

What was not chosen is not in the row, so that nobody can be shown it. The employer answers, or invites from the
application: the invitation's own table moves it along, in the same write.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Label, Select, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Read, actor
from app.errors import Reason
from app.models import Body, Graduate, JobApplication, Phone, RosterEntry
from app.models.base import table_of
from app.policies import Visible, the_employer, the_graduate, to_the_caller
from app.schemas.job_application import Decline, JobApplicationDraft
from app.service import Caller, Once
from app.words import JobApplicationStatus as At
from app.words import ResumeField
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.looking import Answer
from app.workflows.market.job_view import is_over, its_readers, jobs
from app.workflows.situations import trail_of
from app.workflows.telling import to_employer, to_graduate
from app.workflows.view import View, remembered

applications, graduates, entries = table_of(JobApplication), table_of(Graduate), table_of(RosterEntry)
phones = table_of(Phone)
school, department = table_of(Body).alias("school"), table_of(Body).alias("department")


class Do(StrEnum):
    """What may be done with an application."""

    SEND = "send"
    VIEW = "view"
    DECLINE = "decline"
    INVITE = "invite"
    WITHDRAW = "withdraw"


def situation(record: Any, _at: datetime) -> At:
    """The situation of an application."""
    return At(record.status)


# -- rules ------------------------------------------------------------------------------------------------------------


def procedures_are_open(scene: Scene) -> Reason | None:
    """The graduate is one of this province's: to the others only their archive is open. Verified or not."""
    if scene.actor.archive_query_only:
        return Reason("archive-query-only", who="nobody", how="ask-about-your-archive")
    return None


def the_job_is_open(scene: Scene) -> Reason | None:
    """The post is published, not closed, and its last day is not over."""
    if scene.record.ending is not None:
        return Reason("job-closed", who="nobody", how="look-for-another-job", pointer="/job_id")
    if is_over(scene.record, scene.at):
        return Reason("job-expired", who="nobody", how="look-for-another-job", pointer="/job_id")
    return None


def no_other_is_open(scene: Scene) -> Reason | None:
    """One application for a job is open at a time."""
    other = scene.record.open_application_id
    return Reason("already-applied", who="you", how="wait-for-the-answer", pointer=str(other)) if other else None


def a_phone_to_show_is_there(scene: Scene) -> Reason | None:
    """Who lets the employer have a phone has proven one."""
    if scene.move is None or not scene.move.contact_consent or scene.record.has_phone:
        return None
    return Reason("no-phone-to-show", who="you", how="prove-a-phone", pointer="/contact_consent")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_it(scene: Scene) -> Iterable[Piece]:
    """The application, with the chosen fields as they stand and no others."""
    record, move = scene.record, scene.move
    chosen = [field for field in ResumeField if field in move.fields]
    yield Cells(
        {
            **{name: record[name] for name in ("job_id", "graduate_id", "employer_id", "job_title", "employer_name")},
            "resume": {field.value: record[field.value] for field in chosen},
            "introduction": move.introduction,
            "contact_consent": move.contact_consent,
            "answered_at": None,
            "decline_reason": None,
        }
    )


def date_the_answer(scene: Scene) -> Iterable[Piece]:
    """When it was answered or taken back."""
    yield Cells({"answered_at": scene.at, "decline_reason": getattr(scene.move, "reason", None)})


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message in the graduate's inbox."""
    yield to_graduate(scene, "job_application", scene.action)


def tell_the_employer(scene: Scene) -> Iterable[Piece]:
    """A message in the employer's inbox."""
    yield to_employer(scene, "job_application", scene.action)


# -- the table --------------------------------------------------------------------------------------------------------

_OPEN: Final = (At.SENT, At.VIEWED)

# fmt: off
workflow = Workflow(
    "job_application",
    applications,
    situations=tuple(At),
    situation=situation,
    columns=lambda at: {"status": at.value},
    trail=trail_of("job_application"),
    table=[
        Transition(
            Do.SEND, (), At.SENT, by=the_graduate,
            provided=(procedures_are_open,),
            when=(the_job_is_open, no_other_is_open, a_phone_to_show_is_there),
            then=(write_it, tell_the_employer),
        ),
        Transition(Do.VIEW, (At.SENT,), At.VIEWED, by=the_employer),
        Transition(
            Do.DECLINE, _OPEN, At.DECLINED, by=the_employer, takes=Decline,
            then=(date_the_answer, tell_the_graduate),
        ),
        Transition(
            Do.INVITE, _OPEN, At.INVITED, by=the_procedure,
            then=(date_the_answer,),
        ),
        Transition(
            Do.WITHDRAW, _OPEN, At.WITHDRAWN, by=the_graduate,
            then=(date_the_answer, tell_the_employer),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------


def its_sides(table: FromClause) -> Visible:
    """Who applied and whom they applied to; nobody else."""
    return {
        "graduate": table.c.graduate_id == actor.c.graduate_id,
        "employer": table.c.employer_id == actor.c.body_id,
    }


def rows(table: FromClause) -> Select[Any]:
    """Applications: the row is all there is."""
    return select(*table.c)


SHOWN: Final = (
    "id", "version", "status", "job_id", "job_title", "employer_id", "employer_name", "introduction",
    "contact_consent", "answered_at", "decline_reason", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """An application as both sides see it."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["fields"] = [field.value for field in ResumeField if field in record["resume"]]
    shown["resume"] = {field.value: record["resume"].get(field) for field in ResumeField}
    return shown


def _ground() -> Read:
    source: Any = (
        jobs.join(graduates, graduates.c.id == actor.c.graduate_id)
        .join(entries, entries.c.id == graduates.c.roster_entry_id)
        .join(school, school.c.id == graduates.c.school_id)
        .outerjoin(department, department.c.id == graduates.c.department_id)
    )
    other = select(applications.c.id).where(
        applications.c.job_id == jobs.c.id,
        applications.c.graduate_id == graduates.c.id,
        applications.c.status.in_(_OPEN),
    )
    in_the_roster = (ResumeField.GENDER, ResumeField.POLITICAL_STATUS, ResumeField.HOME_REGION)
    return Read(
        select(
            jobs.c.id.label("job_id"),
            *(jobs.c[name] for name in ("employer_id", "status", "decision", "ending", "end_on")),
            jobs.c.terms["title"].as_string().label("job_title"),
            jobs.c.employer["name"].as_string().label("employer_name"),
            graduates.c.id.label("graduate_id"),
            *(graduates.c[name] for name in ("name", "level", "major", "cohort")),
            school.c.name.label("school_name"),
            department.c.name.label("department_name"),
            *(entries.c.details[field.value].as_string().label(field.value) for field in in_the_roster),
            other.scalar_subquery().label("open_application_id"),
            exists().where(phones.c.person_id == graduates.c.person_id).label("has_phone"),
        )
        .select_from(source)
        .where(jobs.c.id == actor.c.record_id, to_the_caller(its_readers(jobs))),
        remembered,
    )


ground: Final = _ground()
"""The ground on which a graduate applies: the job, themselves, what is open between them."""

desk = Desk(workflow, View(applications, its_sides, rows, filters=("status", "job_id")), told)


async def apply(caller: Caller, draft: JobApplicationDraft, once: Once | None) -> Answer:
    """Apply for the job that the draft names."""
    return await desk.open(caller, ground, {"record": draft.job_id}, Do.SEND, draft, once)


def applied_for(id: ColumnElement[Any]) -> Label[Any]:
    """The application of this id as one JSON object, for whoever moves it along; null when it is not theirs."""
    one = applications.alias("applied_for")
    row = func.to_jsonb(literal_column("applied_for.*"), type_=JSONB)
    return select(row).select_from(one).where(one.c.id == id).scalar_subquery().label("application")
