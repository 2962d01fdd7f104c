"""Escalations: a termination that the other side has not answered in time goes to a reviewing body (domain.md §3)."""

from datetime import timedelta
from typing import Final

from app.service import Service
from app.workflows.due import Due
from app.workflows.termination_reads import unanswered
from app.workflows.terminations import Do, workflow

EVERY: Final = timedelta(minutes=5)
_DUE: Final = Due("escalations", unanswered, workflow, Do.ESCALATE)


async def escalate(service: Service) -> None:
    """Escalate what is overdue by the service's clock, the longest waiting first."""
    await _DUE.move(service)
