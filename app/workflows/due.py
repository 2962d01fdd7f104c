"""What has fallen due: the worker moves each record by its own procedure's table.

Each is moved on the version that was read and in a commit of its own: of two workers at once one moves it, and what
somebody does meanwhile wins or loses as a whole.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import structlog

from app.db import SYSTEM, Read, Stale
from app.errors import RuleNotMet, TransitionRefused
from app.policies import THE_SYSTEM
from app.service import Service
from app.workflows.engine import Scene, Workflow

AT_ONCE: Final = 200
"""So many are read at a time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """Records that a system's job moves when their time has come."""

    job: str
    read: Read
    """At most `AT_ONCE` of what is due by the moment `at` or the day `today`."""
    workflow: Workflow
    action: StrEnum

    async def move(self, service: Service) -> None:
        """Move what is due by the service's clock, until nothing is left that moves."""
        clock = service.clock
        given = {"job": self.job, "body": None, "at": clock.now(), "today": clock.today()}
        while found := [row for row in await service.db.rows(self.read, given) if row.id is not None]:
            if not sum([await self._moved(service, row) for row in found]):
                return

    async def _moved(self, service: Service, row: Any) -> bool:
        """Whether it was; what somebody has moved meanwhile is left alone, and so is what the procedure refuses."""
        scene = Scene.now(service, THE_SYSTEM, row, action=self.action, id=row.id)
        try:
            await service.db.apply(self.workflow.cascade(scene).change, SYSTEM, job=self.job, body=None)
        except Stale:
            return False
        except (RuleNotMet, TransitionRefused) as refusal:  # it must not hold up those behind it
            log.warning("due-but-refused", job=self.job, record=row.id, code=refusal.code)
            return False
        return True
