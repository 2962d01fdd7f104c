"""A copy of all that is kept of a person, for themselves (副本): promised upon the password, made by the worker.

The file is sealed where it lies, may be fetched by the account that asked, and is forgotten after seven days.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import DateTime, Select, literal, select

from app.change import Change, Row, fresh_id
from app.db import AlreadyExists, Read, actor, asked
from app.errors import Forbidden, NotFound
from app.models import DataExport, Task
from app.models.base import table_of
from app.outbox import promise
from app.policies import Actor
from app.schemas.data_export import DataExportDraft
from app.service import Caller, Once
from app.workflows.desk import Answer, as_json, look, remember, replayed, reprove
from app.workflows.tasks import told
from app.workflows.view import remembered

ENTRYPOINT: Final = "data_export"
KEPT: Final = timedelta(days=7)

exports, tasks = table_of(DataExport), table_of(Task)

_GROUND: Final = Read(select(literal(1).label("here")), remembered)


def _file() -> Select[Any]:
    """The caller's own file, while it may be fetched."""
    mine = (exports.c.id == actor.c.record_id, exports.c.account_id == actor.c.account_id)
    return select(exports.c.id, exports.c.sealed).where(
        *mine, exports.c.expires_at > asked("real", DateTime(timezone=True))
    )


_FILE: Final = Read(_file())


async def begin(caller: Caller, draft: DataExportDraft, once: Once | None) -> Answer:
    """Promise the copy; the answer is its task. For graduates, who prove their password again."""
    try:
        return await _begin(caller, draft, once)
    except AlreadyExists:
        if once is None:
            raise
        return await _begin(caller, draft, once)  # a twin with the same key was faster: its answer


async def _begin(caller: Caller, draft: DataExportDraft, once: Once | None) -> Answer:
    who, (ground,) = await look(caller, _GROUND, key=once and once.key)
    if once and ground.once_fingerprint is not None:
        return replayed(caller, once, ground, who)
    if who.person_id is None:
        raise Forbidden
    await reprove(caller, draft.password)
    task = _task(who, caller.service.clock.real())
    row = {
        "id": task["id"],
        "account_id": who.account_id,
        "person_id": who.person_id,
        "sealed": None,
        "created_at": task["created_at"],
        "expires_at": None,
    }
    change = Change(inserts=(Row(tasks, task), Row(exports, row), promise(ENTRYPOINT, {"export": task["id"]})))
    answer = Answer(as_json(told(task, caller.language)), id=task["id"])
    if once:
        change = change.and_also(remember(caller, once, answer, who))
    await caller.db.apply(change, session=caller.session)
    return answer


def _task(who: Actor, at: Any) -> dict[str, Any]:
    return {
        "id": fresh_id(),
        "kind": ENTRYPOINT,
        "account_id": who.account_id,
        "body_id": who.body_id,
        "status": "waiting",
        "done": 0,
        "total": None,
        "problem": None,
        "created_at": at,
        "updated_at": at,
    }


async def file(caller: Caller, export: str) -> Answer:
    """The file itself; 404 for anybody else, before it is made, and after seven days."""
    _, found = await look(caller, _FILE, record=export, real=caller.service.clock.real())
    if not found:
        raise NotFound
    (row,) = found
    text = caller.service.sealer.open(row.sealed, table=exports.name, column="sealed", row=row.id)
    return Answer(text.encode(), id=row.id)
