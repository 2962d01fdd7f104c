"""Sealing anew: every value under another key than the current one, or under none, a chunk at a time, beside others.

A chunk is locked, opened, sealed and written in one transaction, so no write of others is lost; rows that others hold
are met by the next walk. Whoever takes the job up again finds what is left by the id of its key. Run it only when no
process seals with the former key any more (docs/operations.md).
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
import structlog
from sqlalchemy import DateTime, Integer, Uuid, select, update

from app.change import Change, Row
from app.db import SYSTEM, Read, Statement, asked, run
from app.models import Body, Task
from app.models.base import table_of
from app.outbox import Interrupted, jobs, promise
from app.security.sealing import SealBroken, Sealer
from app.service import Service
from app.workflows import sms
from app.workflows.keys.sealed_columns import CHUNK, SEALED, SealedColumn
from app.workflows.keys.sealing_plain import PLAIN, QUEUED, PlainPart
from app.workflows.promised_tasks import OPEN, fail, new_task, succeed

log = structlog.get_logger()

ENTRYPOINT: Final = "reseal"
PAUSE: Final = 0.2
"""Seconds before the next walk for rows that somebody held."""
PATIENCE: Final = "set local statement_timeout = '60s'"
"""A count looks at every row."""
_JOB: Final = {"job": ENTRYPOINT, "body": None}
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"

tasks, bodies = table_of(Task), table_of(Body)
_id = asked("task", Uuid(as_uuid=False))
_task = Read(select(*tasks.c).where(tasks.c.id == _id), door=SYSTEM)
_open = Read(select(tasks.c.id).where(tasks.c.kind == ENTRYPOINT, tasks.c.status.in_(OPEN)), door=SYSTEM)
_bureau = Read(select(bodies.c.id).where(bodies.c.kind == "provincial_bureau"), door=SYSTEM)
_at = asked("at", DateTime(timezone=True))
_begun = Statement(
    update(tasks)
    .where(tasks.c.id == _id)
    .values(status="running", total=tasks.c.done + asked("left", Integer()), updated_at=_at)
)
_advanced = Statement(
    update(tasks).where(tasks.c.id == _id).values(done=tasks.c.done + asked("more", Integer()), updated_at=_at)
)
_messages = Statement(select(jobs.c.payload).where(jobs.c.entrypoint == sms.ENTRYPOINT))
Walked = SealedColumn | PlainPart
_STEPS: Final[Sequence[tuple[Walked, Statement, Statement, Statement]]] = (
    *((one, one.take(old=True), one.put(one.cell), one.count) for one in SEALED),
    *((one, one.take, one.put, one.count) for one in PLAIN),
)


async def begin(service: Service) -> str:
    """The task that does it, promised to the worker; the one that is under way, if there is one."""
    (there,) = await service.db.rows(_open, _JOB)
    if there.id is not None:
        return str(there.id)
    (bureau,) = await service.db.rows(_bureau, _JOB)
    task = new_task(ENTRYPOINT, service.clock.real(), account=_NOBODY, body=bureau.id)
    change = Change(inserts=(Row(tasks, task), promise(ENTRYPOINT, {"task": task["id"]})))
    await service.db.apply(change, SYSTEM, **_JOB)
    return str(task["id"])


async def carry_on(service: Service, payload: Mapping[str, Any], ending: asyncio.Event) -> None:
    """Seal anew until nothing is left. Raises `Interrupted` between two chunks when `ending` is set."""
    (task,) = await service.db.rows(_task, {**_JOB, "task": payload["task"]})
    if task.status in ("succeeded", "failed"):
        return
    await _note(service, _begun, task=task.id, left=await remaining(service))
    while True:
        broken = 0
        for one, take, put, _ in _STEPS:
            broken += await _walk(service, task.id, one, take, put, ending)
        if await remaining(service) <= broken:
            break
        await asyncio.sleep(PAUSE)
    async with service.db.transaction(SYSTEM, **_JOB) as line:
        await line.execute(PATIENCE)
        await run(line, QUEUED)
    if broken:
        await fail(service, ENTRYPOINT, task.id, "values-not-opened", {"count": broken})
    else:
        await succeed(service, ENTRYPOINT, task.id)


async def remaining(service: Service) -> int:
    """How many values in tables are sealed with another key than the current one, or should be sealed and are not."""
    left = 0
    async with service.db.transaction(SYSTEM, **_JOB) as line:
        await line.execute(PATIENCE)
        for *_, count in _STEPS:
            (row,) = await run(line, count, head=service.sealer.head)
            left += row.found
    return left


async def in_use(service: Service) -> Mapping[str, Mapping[str, int]]:
    """How many values there are by the id of their key and by place; "?" is what is not sealed at all."""
    found: dict[str, dict[str, int]] = {}
    async with service.db.transaction(SYSTEM, **_JOB) as line:
        await line.execute(PATIENCE)
        for one in SEALED:
            for row in await run(line, one.key_ids):
                named = row.key_id.decode(errors="replace") if row.key_id else "?"
                found.setdefault(named, {})[one.name] = row.found
        for plain in PLAIN:
            (row,) = await run(line, plain.count)
            if row.found:
                found.setdefault("?", {})[plain.name] = row.found
        for row in await run(line, _messages):
            named = Sealer.key_id(sms.sealed_in(orjson.loads(row.payload)))
            places = found.setdefault(named, {})
            places["promised messages"] = places.get("promised messages", 0) + 1
    return found


async def _walk(
    service: Service, task: str, one: Walked, take: Statement, put: Statement, ending: asyncio.Event
) -> int:
    """One walk over a column; how many values did not open."""
    place, broken = one.first, 0
    while True:
        if ending.is_set():
            raise Interrupted
        async with service.db.transaction(SYSTEM, **_JOB) as line:
            await line.execute(PATIENCE)
            found = await run(line, take, head=service.sealer.head, limit=CHUNK, **place)
            if not found:
                return broken
            sealed = [*filter(None, (_anew(service.sealer, one, row) for row in found))]
            await run(line, put, rows=sealed)
            await run(line, _advanced, task=task, more=len(sealed), at=service.clock.real())
        broken += len(found) - len(sealed)
        place = one.after(found[-1])


def _anew(sealer: Sealer, one: Walked, row: Any) -> dict[str, Any] | None:
    """What to write for a row; nothing for a value that doesn't open, which is logged by its place alone."""
    try:
        return one.anew(sealer, row)
    except SealBroken:
        log.warning("value-not-opened", **one.place(row))
        return None


async def _note(service: Service, statement: Statement, **values: Any) -> None:
    async with service.db.transaction(SYSTEM, **_JOB) as line:
        await run(line, statement, at=service.clock.real(), **values)
