"""Publicities that are over: the worker passes what nobody stopped, each in a commit, by the procedure's table."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Date, select

from app.db import SYSTEM, Read, asked
from app.service import Service
from app.workflows.applications.eligibility import applications
from app.workflows.applications.procedure import Do, workflow
from app.workflows.applications.publicities import items
from app.workflows.applications.publicity_reads import publicities
from app.workflows.applications.reads import rows_with_places
from app.workflows.due import AT_ONCE, Due
from app.workflows.reviewing import open_review

EVERY: Final = timedelta(minutes=10)


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


_DUE: Final = Due("publicity", _over(), workflow, Do.PASS)


async def pass_what_is_over(service: Service) -> None:
    """On to the next turn, or granted. What somebody has stopped or passed meanwhile is left alone."""
    await _DUE.move(service)
