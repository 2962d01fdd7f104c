"""How a file for the bank, or an import of its results, is asked for: a task, promised in one write; how it fails."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from app.change import Change, Row, SetOf, Update, fresh_id
from app.db import SYSTEM, AlreadyExists, Result
from app.models import Task
from app.models.base import table_of
from app.outbox import promise
from app.policies import Actor
from app.service import Caller, Once, Service
from app.workflows.desk import Answer, as_json, remember
from app.workflows.tasks import told

tasks: Final = table_of(Task)


async def beside_a_twin(begin: Callable[[], Awaitable[Answer]], once: Once | None) -> Answer:
    """What `begin` answers; where a twin with the same key was faster, beginning again finds its answer."""
    try:
        return await begin()
    except AlreadyExists:
        if once is None:
            raise
        return await begin()


async def promised(
    caller: Caller, who: Actor, once: Once | None, kind: str, of: Callable[[str, Any], Row], *also: SetOf
) -> tuple[Answer, Result]:
    """Promise a task of this kind with the row that `of(id, at)` makes; the task, and what the write told."""
    one, at = fresh_id(), caller.service.clock.real()
    task = {
        "id": one,
        "kind": kind,
        "account_id": who.account_id,
        "body_id": who.body_id,
        "status": "waiting",
        "done": 0,
        "total": None,
        "problem": None,
        "created_at": at,
        "updated_at": at,
    }
    answer = Answer(as_json(told(task, caller.language)), id=one)
    change = Change(inserts=(Row(tasks, task), of(one, at), promise(kind, {"task": one})), sets=also)
    if once:
        change = change.and_also(remember(caller, once, answer, who))
    return answer, await caller.db.apply(change, session=caller.session)


_NOTHING: Final[Mapping[str, Any]] = {}


async def fail(service: Service, kind: str, task: str, code: str, params: Mapping[str, Any] = _NOTHING) -> None:
    """The task failed for good, for this reason."""
    failed = {"status": "failed", "problem": {"code": code, "params": params}, "updated_at": service.clock.real()}
    await service.db.apply(Change(updates=(Update(tasks, {"id": task}, failed),)), SYSTEM, job=kind, body=None)
