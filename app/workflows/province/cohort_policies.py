"""The policies of the cohorts, as everybody may read them: the newest version of each that is in effect."""

from typing import Any

from sqlalchemy import DateTime, Integer, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.db import asked
from app.errors import NotFound
from app.models import Policy
from app.models.base import table_of
from app.service import Service
from app.workflows.looking import Answer, as_json
from app.workflows.province.policy_versions import completed
from app.workflows.province.reference import OpenRead, rows_of

policies = table_of(Policy)
_in_effect = (
    select(policies.c.cohort, policies.c.version, policies.c.effective_from, policies.c.document)
    .where(policies.c.effective_from <= asked("at", DateTime(timezone=True)))
    .order_by(policies.c.cohort.desc(), policies.c.version.desc())
    .ext(distinct_on(policies.c.cohort))
)
_all = OpenRead(_in_effect)
_one = OpenRead(_in_effect.where(policies.c.cohort == asked("cohort", Integer())))


async def every(service: Service) -> Answer:
    """The policy of each cohort, the youngest first."""
    found = await rows_of(service, _all, at=service.clock.now())
    return Answer(as_json({"items": [_told(row) for row in found]}))


async def one(service: Service, cohort: int) -> Answer:
    """The policy of a cohort."""
    found = await rows_of(service, _one, at=service.clock.now(), cohort=cohort)
    if not found:
        raise NotFound
    return Answer(as_json(_told(found[0])))


def _told(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in ("cohort", "version", "effective_from")}
    return {**shown, "rules": completed(row["document"])}
