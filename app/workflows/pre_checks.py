"""Pre-checks that look further than a record and its parties (domain.md §8): the worker's, after each submission.

They cost the submission nothing but a promise in its own write. What is found is a hint for reviewers, beside the
record and in their queue: it never blocks, is no step of the record, and graduates never see it.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ARRAY, DateTime, Select, Text, Uuid, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.db import SYSTEM, Read, Statement, asked, run
from app.models import Employer, Placement, Review
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.service import Service
from app.words import EmployerScale
from app.workflows.live_placements import is_live
from app.workflows.same_files import used_elsewhere

ENTRYPOINT: Final = "pre_checks"
MANY_HIRES: Final = 20
"""Graduates of one cohort with one credit code, from which a small unit is worth a second look (*ours*)."""
NOT_SMALL: Final = (EmployerScale.LARGE, EmployerScale.MEDIUM)
"""Of an employer registered here; a unit whose scale nobody has told counts as small."""
SAME_PROOF, HIRES_MANY = "proof-used-elsewhere", "many-hires"
PROOFS: Final = (FilePurpose.PROOF, FilePurpose.STAMPED_SCAN)

placements, employers, reviews = table_of(Placement), table_of(Employer), table_of(Review)
_hired = placements.alias("hired")
_ID: Final = Uuid(as_uuid=False)
_JOB: Final = {"job": ENTRYPOINT, "body": None}


def _hires() -> Select[Any]:
    """A submitted placement with how many its unit has in the cohort, itself too, counted to the threshold."""
    same_unit = (_hired.c.unit_credit_code == placements.c.unit_credit_code, _hired.c.cohort == placements.c.cohort)
    some = (
        select(_hired.c.id).where(*same_unit, is_live(_hired)).limit(MANY_HIRES).correlate(placements).subquery("some")
    )
    here = (employers.c.credit_code == placements.c.unit_credit_code, employers.c.standing != "closed")
    return select(
        placements.c.id,
        placements.c.findings,
        placements.c.submitted_at,
        select(func.count()).select_from(some).scalar_subquery().label("hires"),
        select(employers.c.details["scale"].as_string()).where(*here).scalar_subquery().label("scale"),
    ).where(placements.c.id == asked("placement", _ID), placements.c.status == "submitted")


_submitted: Final = Read(_hires(), door=SYSTEM)


def _written() -> Statement:
    """Beside the record and in the queue, unless it was submitted again meanwhile; the version stays as it is."""
    found = asked("found", ARRAY(Text))
    same_round = placements.c.submitted_at == asked("submitted_at", DateTime(timezone=True))
    told = (
        update(placements)
        .where(placements.c.id == asked("placement", _ID), placements.c.status == "submitted", same_round)
        .values(findings=found)
        .returning(placements.c.id)
        .cte("told")
    )
    shown = func.jsonb_build_object(literal("findings"), func.to_jsonb(found), type_=JSONB)
    queued = (
        update(reviews)
        .where(reviews.c.record_id.in_(select(told.c.id)), reviews.c.decision.is_(None))
        .values(subject=reviews.c.subject.concat(shown))
    )
    return Statement(select(literal(1).label("done")).add_cte(told, queued.cte("queued")))


_WRITTEN: Final = _written()


async def check(service: Service, payload: Mapping[str, Any]) -> None:
    """Look, and say what was found in place of what was said before: done twice, it is done once."""
    placement = payload["placement_id"]
    [row] = await service.db.rows(_submitted, {**_JOB, "placement": placement})
    if row.id is None:
        return
    found = [one for one in row.findings or () if one not in (SAME_PROOF, HIRES_MANY)]
    given = {"placement": placement, "submitted_at": row.submitted_at}
    if any(one.purpose in PROOFS for one in await used_elsewhere(service, placement)):
        found.append(SAME_PROOF)
    if row.hires >= MANY_HIRES and row.scale not in NOT_SMALL:
        found.append(HIRES_MANY)
    async with service.db.transaction(SYSTEM, **_JOB) as line:
        await run(line, _WRITTEN, found=found, **given)
