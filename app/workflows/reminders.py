"""Reminders: an invitation that lapses in two days, and in one (domain.md §11). The worker looks every few minutes.

A reminder is a message dated to the moment that it was due, and a record has one of each kind and moment at most:
whoever looks twice, or two workers at once, remind once. An extended invitation is due again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import DateTime, Interval, LargeBinary, Select, Text, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from app.db import SYSTEM, Statement, asked, run
from app.models import Invitation, Message
from app.models.base import table_of
from app.outbox import jobs
from app.service import Service
from app.workflows.notices import ENTRYPOINT

EVERY: Final = timedelta(minutes=5)
_JOB: Final = {"job": "reminders", "body": None}
_now = asked("now", DateTime(timezone=True))
invitations, messages = table_of(Invitation), table_of(Message)


@dataclass(frozen=True, slots=True)
class Reminder:
    """So long before an invitation lapses; not any more when the next one is due."""

    hours: int
    until_hours: int
    by_phone: bool
    """Whether a text message goes with it."""


INVITATION: Final = (Reminder(48, 24, by_phone=False), Reminder(24, 0, by_phone=True))


def _due(one: Reminder) -> Select[Any]:
    """The messages that are due, whether or not they are there already."""
    pending, lapses = invitations.c, invitations.c.valid_until
    due = lapses - _hours(one.hours)
    return select(
        func.app.fresh_id(),
        pending.graduate_id,
        literal(f"invitation-lapses-in-{one.hours}h"),
        literal("invitation"),
        pending.id,
        due,
    ).where(pending.status == "sent", due <= _now, pending.created_at < due, lapses - _hours(one.until_hours) > _now)


def _hours(hours: int) -> Any:
    return cast(literal(f"{hours} hours"), Interval)


def _reminding(one: Reminder) -> Statement:
    """Writes what is due, and with it the promise of a text message."""
    names = ["id", "to_graduate_id", "kind", "record_kind", "record_id", "at"]
    told = insert(messages).from_select(names, _due(one)).on_conflict_do_nothing().returning(messages.c.id).cte("told")
    if not one.by_phone:
        return Statement(select(told.c.id))
    payload = func.convert_to(cast(func.json_build_object("message", told.c.id), Text), "UTF8", type_=LargeBinary)
    promised = insert(jobs).from_select(
        ["priority", "status", "entrypoint", "payload"],
        select(literal(0), literal_column("'queued'::app.pgqueuer_status"), literal(ENTRYPOINT), payload),
    )
    return Statement(select(told.c.id).add_cte(promised.cte("promised")))


_REMINDING: Final = tuple(_reminding(one) for one in INVITATION)


async def remind(service: Service) -> None:
    """Remind everybody who is due, by the service's clock."""
    for statement in _REMINDING:
        async with service.db.transaction(SYSTEM, **_JOB) as line:
            await run(line, statement, now=service.clock.now())
