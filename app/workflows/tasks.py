"""Tasks: work that outlives its request. A worker does it; whoever asked for it looks here."""

from typing import Any, Final

from sqlalchemy import or_, select

from app import texts
from app.db import Read, actor
from app.errors import NotFound
from app.models import Task
from app.models.base import table_of
from app.service import Caller
from app.workflows.looking import Answer, as_json, look

RESULTS: Final = {
    "roster_import": "/v1/rosters/imports/{id}",
    "archive_import": "/v1/archives/imports/{id}",
    "data_export": "/v1/me/data-exports/{id}",
    "payment_export": "/v1/payments/exports/{id}",
    "payment_import": "/v1/payments/imports/{id}",
}
"""Where the result of a kind of task is, if it has one to show."""

tasks = table_of(Task)

_one = Read(
    select(*tasks.c).where(
        tasks.c.id == actor.c.record_id,
        or_(tasks.c.account_id == actor.c.account_id, tasks.c.body_id == actor.c.body_id),
    )
)


async def one(caller: Caller, task: str) -> Answer:
    """A task of the caller or of their body."""
    _, found = await look(caller, _one, record=task)
    if not found:
        raise NotFound
    return Answer(as_json(told(found[0], caller.language)))


def told(row: Any, language: str) -> dict[str, Any]:
    """A task as its owner reads it."""
    problem, result = row["problem"], RESULTS.get(row["kind"])
    return {
        "id": row["id"],
        "kind": row["kind"],
        "status": row["status"],
        "progress": {"done": row["done"], "total": row["total"]},
        "result": result.format(id=row["id"]) if result and row["status"] == "succeeded" else None,
        "problem": problem
        and {
            "code": problem["code"],
            "title": texts.title(problem["code"], language),
            "detail": texts.detail(problem["code"], language, problem["params"]),
        },
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
