"""Tasks promised to the worker: asked for in one write, answered once for a key, and ended once.

What is asked for is a row beside the task, of the same id; the worker is handed `{"task": id}`.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import DateTime, Text, Uuid, case, update
from sqlalchemy.dialects.postgresql import JSONB

from app.change import Change, Row, SetOf, fresh_id
from app.db import SYSTEM, AlreadyExists, Result, Statement, asked, run
from app.outbox import promise
from app.policies import Actor
from app.service import Caller, Once, Service
from app.workflows.looking import Answer, as_json
from app.workflows.repeating import remember
from app.workflows.tasks import tasks, told

OPEN: Final = ("waiting", "running")
_NOTHING: Final[Mapping[str, Any]] = {}

_status = asked("status", Text())
_END: Final = Statement(
    update(tasks)
    .where(tasks.c.id == asked("task", Uuid(as_uuid=False)), tasks.c.status.in_(OPEN))
    .values(
        status=_status,
        problem=asked("problem", JSONB),
        total=case((_status == "succeeded", tasks.c.done), else_=tasks.c.total),
        updated_at=asked("at", DateTime(timezone=True)),
    )
)


def new_task(kind: str, at: datetime, *, account: str, body: str | None) -> dict[str, Any]:
    """The row of a task that nobody has begun."""
    whose = {"account_id": account, "body_id": body}
    begun = {"status": "waiting", "done": 0, "total": None, "problem": None, "created_at": at, "updated_at": at}
    return {"id": fresh_id(), "kind": kind, **whose, **begun}


async def beside_a_twin(begin: Callable[[], Awaitable[Answer]], once: Once | None) -> Answer:
    """What `begin` answers; where a twin with the same key was faster, beginning again finds its answer."""
    try:
        return await begin()
    except AlreadyExists:
        if once is None:
            raise
        return await begin()


async def promised(
    caller: Caller, who: Actor, once: Once | None, kind: str, of: Callable[[str, datetime], Row], *also: SetOf
) -> tuple[Answer, Result]:
    """Promise a task of this kind with the row that `of(id, at)` makes; the task, and what the write told."""
    at = caller.service.clock.real()
    task = new_task(kind, at, account=who.account_id, body=who.body_id)
    answer = Answer(as_json(told(task, caller.language)), id=task["id"])
    rows = (Row(tasks, task), of(task["id"], at), promise(kind, {"task": task["id"]}))
    change = Change(inserts=rows, sets=also)
    if once:
        change = change.and_also(remember(caller, once, answer, who))
    return answer, await caller.db.apply(change, session=caller.session)


async def succeed(service: Service, kind: str, task: str) -> None:
    """All of it is done, unless the task has ended already."""
    await _end(service, kind, task, "succeeded", None)


async def fail(service: Service, kind: str, task: str, code: str, params: Mapping[str, Any] = _NOTHING) -> None:
    """It failed for good, for this reason, unless the task has ended already."""
    shown = {name: "、".join(value) if isinstance(value, list) else value for name, value in params.items()}
    await _end(service, kind, task, "failed", {"code": code, "params": shown})


async def _end(service: Service, kind: str, task: str, status: str, problem: Mapping[str, Any] | None) -> None:
    async with service.db.transaction(SYSTEM, job=kind, body=None) as line:
        await run(line, _END, task=task, status=status, problem=problem, at=service.clock.real())
