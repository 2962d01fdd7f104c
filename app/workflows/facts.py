"""Facts that rules and effects need beside a record, joined into the one read of a move: policy, settings, bureaus."""

from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, FromClause, Select, cast, func, select, true

from app.db import asked
from app.models import Body, BureauOfRegion, Placement, Policy, SchoolSettings
from app.models.base import table_of

bodies = table_of(Body)
bureaus = table_of(BureauOfRegion)
policies = table_of(Policy)
placements = table_of(Placement)
school_settings = table_of(SchoolSettings)


def in_force(cohort: ColumnElement[int]) -> FromClause:
    """The cohort's policy that is in effect, as the column `document`."""
    return (
        select(policies.c.document)
        .where(policies.c.cohort == cohort, policies.c.effective_from <= asked("at", DateTime(timezone=True)))
        .order_by(policies.c.version.desc())
        .limit(1)
        .lateral("policy")
    )


class Facts:
    """The joins for one cohort and one place of registration, and the columns that they yield."""

    def __init__(self, cohort: ColumnElement[int], registered_region: ColumnElement[Any]) -> None:
        self._bureau = bodies.alias("bureau")
        self._province = bodies.alias("province")
        self._policy = in_force(cohort)
        self._region = registered_region
        self.document = self._policy.c.document
        """The policy, whole."""
        self.review_due_days = self._policy.c.document["review_due_days"].as_integer().label("review_due_days")
        self.answer_due_days = self._policy.c.document["answer_due_days"].as_integer().label("answer_due_days")
        self.leave_on = cast(self._policy.c.document["leave_on"].as_string(), Date)
        stage = func.jsonb_array_elements_text(self._policy.c.document["review_chain"]).column_valued("of_the_policy")
        self.review_chain = func.coalesce(
            school_settings.c.review_chain, func.array(select(stage).scalar_subquery())
        ).label("review_chain")
        """The school's, or the cohort's."""
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
