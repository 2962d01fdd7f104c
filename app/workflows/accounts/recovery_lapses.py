"""Recoveries that end by themselves: nobody decided in 30 days, or nobody redeemed the approval in 72 hours."""

from typing import Final

from sqlalchemy import DateTime, or_, select

from app.db import SYSTEM, Read, asked
from app.service import Service
from app.workflows.accounts.recoveries import Do, recoveries, workflow
from app.workflows.due import AT_ONCE, Due
from app.workflows.reviewing import BESIDE, with_open_review

_OVERDUE: Final = Read(
    select(*recoveries.c, *BESIDE)
    .select_from(with_open_review(recoveries))
    .where(recoveries.c.lapses_at <= asked("at", DateTime(timezone=True)), recoveries.c.status != "terminated")
    .where(
        or_(recoveries.c.status == "submitted", recoveries.c.decision == "approved"), recoveries.c.redeemed_at.is_(None)
    )
    .order_by(recoveries.c.id)
    .limit(AT_ONCE),
    door=SYSTEM,
)
_DUE: Final = Due("lapsing", _OVERDUE, workflow, Do.LAPSE)


async def lapse(service: Service) -> None:
    """End what is due; what is decided meanwhile is left alone."""
    await _DUE.move(service)
