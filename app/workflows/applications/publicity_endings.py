"""Publicities that are over: the worker passes what nobody stopped, each in a commit, by the procedure's table."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Date, select

from app.db import SYSTEM, Read, Stale, asked
from app.policies import THE_SYSTEM
from app.service import Service
from app.workflows.applications.eligibility import applications
from app.workflows.applications.procedure import Do, workflow
from app.workflows.applications.publicities import items
from app.workflows.applications.publicity_reads import publicities
from app.workflows.applications.reads import rows_with_places
from app.workflows.engine import Scene
from app.workflows.reviewing import open_review

EVERY: Final = timedelta(minutes=10)
AT_ONCE: Final = 200
_JOB: Final = {"job": "publicity", "body": None}


def _over() -> Read:
    """Applications whose list has ended before today, still in the turn that was listed."""
    found = rows_with_places(applications)
    (source,) = found.get_final_froms()
    listed = source.join(items, items.c.review_id == open_review.c.id).join(
        publicities, publicities.c.id == items.c.publicity_id
    )
    over = (applications.c.stage == "publicity", publicities.c.ends_on < asked("today", Date()))
    return Read(
        select(*found.selected_columns).select_from(listed).where(*over).order_by(applications.c.id).limit(AT_ONCE),
        door=SYSTEM,
    )


_OVER: Final = _over()


async def pass_what_is_over(service: Service) -> None:
    """On to the next turn, or granted. What somebody has stopped or passed meanwhile is left alone."""
    clock = service.clock
    given = {**_JOB, "today": clock.today(), "at": clock.now()}
    while found := [row for row in await service.db.rows(_OVER, given) if row.id is not None]:
        passed = 0
        for row in found:
            scene = Scene(row, THE_SYSTEM, clock.now(), clock.real(), service.calendar, action=Do.PASS, id=row.id)
            try:
                await service.db.apply(workflow.cascade(scene).change, SYSTEM, **_JOB)
            except Stale:
                continue
            passed += 1
        if not passed:
            return
