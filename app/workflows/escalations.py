"""Escalations: a termination that the other side has not answered in time goes to a reviewing body (domain.md §3).

The worker looks every few minutes. Each is moved by its own table, on the version that was read and in a commit of its
own: of two workers at once one moves it, and an answer that comes meanwhile wins or loses as a whole.
"""

from datetime import timedelta
from typing import Final

from app.db import SYSTEM, Stale
from app.policies import THE_SYSTEM
from app.service import Service
from app.workflows.engine import Scene
from app.workflows.termination_reads import unanswered
from app.workflows.terminations import Do, workflow

EVERY: Final = timedelta(minutes=5)
_JOB: Final = {"job": "escalations", "body": None}


async def escalate(service: Service) -> None:
    """Escalate what is overdue by the service's clock, the longest waiting first."""
    clock = service.clock
    for row in await service.db.rows(unanswered, {**_JOB, "at": clock.now(), "today": clock.today()}):
        if row.id is None:
            return
        scene = Scene(row, THE_SYSTEM, clock.now(), clock.real(), service.calendar, action=Do.ESCALATE, id=row.id)
        try:
            await service.db.apply(workflow.cascade(scene).change, SYSTEM, **_JOB)
        except Stale:
            continue
