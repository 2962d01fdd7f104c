"""Recoveries that end by themselves: nobody decided in 30 days, or nobody redeemed the approval in 72 hours."""

from typing import Final

from sqlalchemy import DateTime, or_, select

from app.db import SYSTEM, Read, Stale, asked
from app.policies import THE_SYSTEM
from app.service import Service
from app.workflows.accounts.recoveries import Do, recoveries, workflow
from app.workflows.engine import Scene
from app.workflows.reviewing import BESIDE, with_open_review

_JOB: Final = {"job": "lapsing", "body": None}
_AT_ONCE: Final = 200
_DUE: Final = Read(
    select(*recoveries.c, *BESIDE)
    .select_from(with_open_review(recoveries))
    .where(recoveries.c.lapses_at <= asked("at", DateTime(timezone=True)), recoveries.c.status != "terminated")
    .where(
        or_(recoveries.c.status == "submitted", recoveries.c.decision == "approved"), recoveries.c.redeemed_at.is_(None)
    )
    .order_by(recoveries.c.id)
    .limit(_AT_ONCE),
    door=SYSTEM,
)


async def lapse(service: Service) -> None:
    """End what is due, each by its own table and in its own commit; what is decided meanwhile is left alone."""
    clock = service.clock
    for row in await service.db.rows(_DUE, {**_JOB, "at": clock.now()}):
        if row.id is None:
            return
        scene = Scene(row, THE_SYSTEM, clock.now(), clock.real(), service.calendar, action=Do.LAPSE, id=row.id)
        try:
            await service.db.apply(workflow.cascade(scene).change, SYSTEM, **_JOB)
        except Stale:
            continue
