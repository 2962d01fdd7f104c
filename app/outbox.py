"""The outbox, which is also the queue: what must happen after a commit is a row of that very commit (design.md §1).

The tables are pgqueuer's, made by `migrations/sql/0001_queue.sql`; `worker` takes the jobs, each at least once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text

from app.change import Row

__all__ = ["Hopeless", "Interrupted", "jobs", "promise"]

jobs = Table(
    "pgqueuer",
    MetaData(schema="app"),
    Column("priority", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("entrypoint", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("execute_after", DateTime(timezone=True)),
)
"""The columns of pgqueuer's table that a promise fills; the rest have defaults. It is no table of ours to migrate."""


def promise(entrypoint: str, payload: Mapping[str, Any], *, after: datetime | None = None, waits: bool = False) -> Row:
    """The row that makes the worker do a job once it is committed, and not before `after` (wall clock).

    What `waits` lets everything else go first.

    The queue can be read by whoever operates it: nothing personal goes into a payload unless it is sealed.
    """
    values = {
        "priority": -1 if waits else 0,
        "status": "queued",
        "entrypoint": entrypoint,
        "payload": orjson.dumps(payload),
    }
    return Row(jobs, values if after is None else {**values, "execute_after": after})


class Interrupted(Exception):
    """Raised by a long job when its worker wants to leave: it is given back, and taken up again where it stopped."""


class Hopeless(Exception):
    """Raised by a job that no further attempt will do: it is parked at once, for an operator."""
