"""Facts that rules and effects need beside a record, joined into the one read of a move: policy, settings, bureaus."""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql.selectable import LateralFromClause

from app.clock import SHANGHAI
from app.db import asked
from app.models import Body, BureauOfRegion, Graduate, Placement, Policy, SchoolSettings
from app.models.base import table_of
from app.schemas.policy import DEFAULTS

bodies = table_of(Body)
bureaus = table_of(BureauOfRegion)
policies = table_of(Policy)
graduates = table_of(Graduate)
placements = table_of(Placement)
school_settings = table_of(SchoolSettings)

_at: Final = asked("at", DateTime(timezone=True))


def day_of(at: ColumnElement[Any]) -> ColumnElement[date]:
    """The day that a moment belongs to, in Asia/Shanghai; PostgreSQL's own cast goes by the zone of its session."""
    return cast(func.timezone(SHANGHAI.key, at), Date)


def in_force(cohort: ColumnElement[Any], at: ColumnElement[Any] = _at) -> LateralFromClause:
    """The policy of a cohort that holds, the newest version in effect: a lateral of one row or none, joined on true."""
    return (
        select(policies.c.version, policies.c.document)
        .where(policies.c.cohort == cohort, policies.c.effective_from <= at)
        .order_by(policies.c.version.desc())
        .limit(1)
        .lateral("policy")
    )


def number_in(policy: Any, name: str) -> ColumnElement[int]:
    """A number of the policy; its default where there is no policy, or one that was kept before it had that rule."""
    said = policy.c.document[name].as_integer()
    return func.coalesce(said, literal_column(str(DEFAULTS[name]))).label(name)


def timetable_in(policy: Any) -> ColumnElement[Any]:
    """When the policy opens services: `{windows, returned_resubmission_days}`; no windows where it does not say."""
    days = "returned_resubmission_days"
    told = (literal("windows"), policy.c.document["windows"], literal(days), number_in(policy, days))
    return func.jsonb_build_object(*told).label("timetable")


_newest = (
    select(policies.c.cohort, policies.c.document)
    .where(policies.c.effective_from <= _at)
    .order_by(policies.c.cohort, policies.c.version.desc())
    .ext(distinct_on(policies.c.cohort))
    .subquery("in_force")
)
_timetables: Final = (
    select(func.jsonb_object_agg(_newest.c.cohort, timetable_in(_newest))).correlate(None).scalar_subquery()
)


def timetable_of(cohort: ColumnElement[Any]) -> ColumnElement[Any]:
    """The timetable of a cohort, or null where it has no policy.

    All cohorts' policies are read once for all rows of a list, rather than one for each.
    """
    return func.jsonb_extract_path(_timetables, cast(cohort, Text)).label("timetable")


def its_settings(row: Any) -> ColumnElement[bool]:
    """That the settings are those of the row's school for the row's cohort."""
    return and_(school_settings.c.school_id == row.c.school_id, school_settings.c.cohort == row.c.cohort)


def leaving(graduate: Any, document: Any) -> ColumnElement[Any]:
    """The day on which a graduate leaves: their own, else their school's, else what the policy has for the cohort."""
    of_the_cohort = cast(document["leave_on"].as_string(), Date)
    return func.coalesce(graduate.c.leave_on, school_settings.c.leave_on, of_the_cohort).label("leave_on")


class Facts:
    """The joins for one cohort and one place of registration, and the columns that they yield."""

    def __init__(self, cohort: ColumnElement[int], registered_region: ColumnElement[Any]) -> None:
        self._bureau = bodies.alias("bureau")
        self._province = bodies.alias("province")
        self._policy = in_force(cohort)
        self._region = registered_region
        self.document = document = self._policy.c.document
        """The policy, whole."""
        self.review_due_days = number_in(self._policy, "review_due_days")
        self.answer_due_days = number_in(self._policy, "answer_due_days")
        self.objection_days = number_in(self._policy, "objection_days")
        self.invitation_days = tuple(number_in(self._policy, name) for name in INVITATION_DAYS)
        self.timetable = timetable_in(self._policy)
        self.leave_on = leaving(graduates, document)
        stage = func.jsonb_array_elements_text(document["review_chain"]).column_valued("of_the_policy")
        self.review_chain = func.coalesce(
            school_settings.c.review_chain, func.array(select(stage).scalar_subquery())
        ).label("review_chain")
        """The school's, or the cohort's."""
        ending = func.jsonb_array_elements_text(self._policy.c.document["termination_chain"]).column_valued("to_end")
        self.termination_chain = func.coalesce(
            school_settings.c.termination_chain, func.array(select(ending).scalar_subquery())
        ).label("termination_chain")
        """Likewise, for ending what is in force."""
        self.termination_review_by_school = func.coalesce(
            self._policy.c.document["termination_review_by_school"].as_boolean(), literal_column("false")
        ).label("termination_review_by_school")
        self.bureau = (
            self._bureau.c.id.label("bureau_id"),
            self._bureau.c.name.label("bureau_name"),
            self._bureau.c.parent_id.label("bureau_city_id"),
            self._province.c.id.label("province_id"),
            self._province.c.name.label("province_name"),
        )

    def beside(self, rows: Select[Any], *columns: ColumnElement[Any]) -> Select[Any]:
        """These rows with the facts joined and the named columns added."""
        (source,) = rows.get_final_froms()
        joined = (
            source.outerjoin(self._policy, true())
            .outerjoin(bureaus, bureaus.c.region == self._region)
            .outerjoin(self._bureau, self._bureau.c.id == bureaus.c.body_id)
            .outerjoin(self._province, self._province.c.kind == "provincial_bureau")
        )
        return select(*rows.selected_columns, *columns).select_from(joined)


INVITATION_DAYS: Final = ("invitation_days", "invitation_days_min", "invitation_days_max")
