"""Who may apply for what, and when (domain.md §4): each rule with the way out. What differs by cohort, its policy says.

The facts are read beside a draft, and beside the graduate who is about to open one: `FACTS`.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Uuid,
    and_,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.errors import Reason
from app.models import Application, Graduate
from app.models.base import table_of
from app.words.applications import ApplicationKind
from app.workflows.bound import entries, with_roster
from app.workflows.engine import Scene
from app.workflows.facts import in_force, its_settings, leaving, number_in, school_settings, timetable_in
from app.workflows.placing import kind_of
from app.workflows.reviewing import has_left, local_day
from app.workflows.windows import closed

applications, whom = table_of(Application), table_of(Graduate).alias("whom")
others = applications.alias("others")
SUBSIDY: Final = ApplicationKind.JOB_SEEKING_SUBSIDY
OUTSTANDING: Final = ApplicationKind.OUTSTANDING_GRADUATE
REASSIGNMENT: Final = ApplicationKind.REASSIGNMENT
DISPATCHING: Final = (REASSIGNMENT, ApplicationKind.DEFERRED_DISPATCH, ApplicationKind.CERTIFICATE_REISSUE)
"""What is about dispatch certificates (报到证)."""
REDIRECT: Final = ApplicationKind.ARCHIVE_REDIRECT
AFTER_LEAVING: Final = (REASSIGNMENT, ApplicationKind.DEFERRED_DISPATCH, REDIRECT)
NO_HARDSHIP: Final = (None, "0")

FACTS: Final = (
    "leave_on", "hardship", "dispatch_certificates", "reassignment_years", "subsidy_rules", "timetable",
    "other_subsidy_id",
)  # fmt: skip


# -- rules ------------------------------------------------------------------------------------------------------------


def they_are_in_hardship(scene: Scene) -> Reason | None:
    """The subsidy is for those whom the school's roster lists as in hardship (困难生类别)."""
    if kind_of(scene) != SUBSIDY or scene.record.hardship not in NO_HARDSHIP:
        return None
    return Reason("not-in-hardship", who="school", how="ask-for-a-roster-correction")


def the_subsidy_is_announced(scene: Scene) -> Reason | None:
    """A cohort without subsidy rules has no subsidy; another year's are never taken."""
    if kind_of(scene) != SUBSIDY or scene.record.subsidy_rules:
        return None
    return Reason("not-announced", who="province", how="await-the-announcement")


def the_person_has_no_subsidy(scene: Scene) -> Reason | None:
    """Once per person over all cohorts; the database makes a second one impossible."""
    if kind_of(scene) != SUBSIDY or not scene.record.other_subsidy_id:
        return None
    return Reason("subsidy-exists", who="you", how="go-on-with-the-application", pointer=scene.record.other_subsidy_id)


def they_have_not_left(scene: Scene) -> Reason | None:
    """Who is outstanding is found before leaving."""
    if kind_of(scene) != OUTSTANDING or not has_left(scene.record, scene.at):
        return None
    return Reason("left-already", who="nobody", how="nothing-to-apply-for")


def the_cohort_has_dispatch_certificates(scene: Scene) -> Reason | None:
    """The dispatch certificate was abolished in 2023; who left later has their file sent on (档案改寄)."""
    if kind_of(scene) not in DISPATCHING or scene.record.dispatch_certificates:
        return None
    return Reason("no-dispatch-certificates", who="you", how="apply-for-archive-redirect")


def the_cohort_has_none(scene: Scene) -> Reason | None:
    """Whose certificate can be changed has it changed: the file follows."""
    if kind_of(scene) != REDIRECT or not scene.record.dispatch_certificates:
        return None
    return Reason("dispatch-certificates-exist", who="you", how="apply-for-reassignment")


def they_have_left(scene: Scene) -> Reason | None:
    """Nobody is dispatched, or dispatched anew, before leaving."""
    if kind_of(scene) not in AFTER_LEAVING or has_left(scene.record, scene.at):
        return None
    return Reason("not-left-yet", who="nobody", how="await-leaving", params={"day": scene.record.leave_on})


def the_years_are_not_over(scene: Scene) -> Reason | None:
    """A reassignment comes within some years of leaving, the day itself included."""
    record, today = scene.record, local_day(scene.at)
    if kind_of(scene) != REASSIGNMENT or record.leave_on is None or _within(record, today):
        return None
    years = {"years": record.reassignment_years}
    return Reason("reassignment-years-over", who="nobody", how="archive-redirect", params=years)


def _within(record: Any, today: date) -> bool:
    left: date = record.leave_on
    return (today.year - record.reassignment_years, today.month, today.day) <= (left.year, left.month, left.day)


def the_category_is_offered(scene: Scene) -> Reason | None:
    """The cohort's rules name an amount for the category."""
    record = scene.record
    if record.kind != SUBSIDY or not record.subsidy_rules:
        return None
    category = record.details.get("category")
    if category is None or category in record.subsidy_rules["categories"]:
        return None
    return Reason("category-not-offered", who="you", how="choose-another-category", pointer="/details/category")


def the_window_of_its_kind_is_open(scene: Scene) -> Reason | None:
    """The cohort's policy says when each kind may be applied for."""
    return closed(scene.record.timetable, scene.at, kind_of(scene))


THEY_MAY: Final = (
    the_cohort_has_dispatch_certificates,
    the_cohort_has_none,
    they_have_left,
    the_years_are_not_over,
    they_have_not_left,
    the_subsidy_is_announced,
    they_are_in_hardship,
    the_person_has_no_subsidy,
)
"""For opening and, a draft may be old, again for submitting."""


# -- facts ------------------------------------------------------------------------------------------------------------

_NO: Final = literal_column("false", Boolean)
"""What a policy that is older than dispatch certificates says of them."""
_EMPTY: Final = literal_column("'null'::jsonb", JSONB)
_NULL: Final = literal_column("null::uuid", Uuid)


def has_a_subsidy(table: FromClause) -> ColumnElement[bool]:
    """Subsidies that keep their person from another: under way, or granted."""
    granted = and_(table.c.status == "reviewed", table.c.decision == "approved")
    return and_(table.c.kind == SUBSIDY.value, or_(table.c.status.in_(("draft", "submitted")), granted))


def facts_of(graduate: ColumnElement[Any], *which: ColumnElement[bool], but: ColumnElement[Any] = _NULL) -> FromClause:
    """The facts about this graduate, for rows of which these clauses hold; the subsidy `but` is not another one."""
    policy = in_force(whom.c.cohort)
    rules = policy.c.document
    elsewhere = (
        select(others.c.id)
        .where(others.c.person_id == whom.c.person_id, has_a_subsidy(others), others.c.id.is_distinct_from(but))
        .limit(1)
        .correlate_except(others)
        .scalar_subquery()
    )
    columns = (
        leaving(whom, rules),
        entries.c.details["hardship"].as_string(),
        func.coalesce(rules["dispatch_certificates"].as_boolean(), _NO),
        number_in(policy, "reassignment_years"),
        func.nullif(rules["subsidy"], _EMPTY),
        timetable_in(policy),
        elsewhere,
    )
    return (
        select(*(one.label(name) for name, one in zip(FACTS, columns, strict=True)))
        .select_from(with_roster(whom, whom).outerjoin(school_settings, its_settings(whom)).outerjoin(policy, true()))
        .where(whom.c.id == graduate, *which)
        .offset(literal_column("0"))
        .lateral("facts")
    )
