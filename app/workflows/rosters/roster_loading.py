"""The job behind a roster import: reads the file in chunks and takes each into the roster in a transaction of its own.

The report moves with the rows, so whoever takes the job up again goes on where the last one stopped.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import DateTime, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.db import SYSTEM, Read, Result, Statement, asked
from app.outbox import Interrupted
from app.roster_files import open_roster
from app.service import Service
from app.sheets import RowErrors, SheetRefused, SheetRow
from app.workflows.rosters.roster_chunks import Chunks
from app.workflows.rosters.roster_imports import ENTRYPOINT, imports, tasks

CHUNK: Final = 500

Row = SheetRow | RowErrors

_import = Read(
    select(*imports.c, tasks.c.status)
    .join_from(imports, tasks, tasks.c.id == imports.c.id)
    .where(imports.c.id == asked("import", Uuid(as_uuid=False))),
    door=SYSTEM,
)
_settle = Statement(
    update(tasks)
    .where(tasks.c.id == asked("import", Uuid(as_uuid=False)), tasks.c.status.in_(("waiting", "running")))
    .values(
        status=asked("status", Text()),
        problem=asked("problem", JSONB),
        total=tasks.c.done,
        updated_at=asked("at", DateTime(timezone=True)),
    )
)


async def run(service: Service, payload: Mapping[str, Any], ending: asyncio.Event) -> None:
    """Carry the import on to its end. Raises `Interrupted` between two chunks when `ending` is set."""
    [one] = await service.db.rows(_import, {"job": ENTRYPOINT, "body": None, "import": payload["import"]})
    if one.status in ("succeeded", "failed"):
        return
    try:
        await _carry_on(service, one, ending)
    except SheetRefused as refusal:
        await _end(service, one.id, "failed", {"code": refusal.code, "params": _shown(refusal.params)})
    else:
        await _end(service, one.id, "succeeded", None)


async def given_up(service: Service, payload: Mapping[str, Any]) -> None:
    """The task failed for good, for a reason that its owner cannot mend."""
    await _end(service, payload["import"], "failed", {"code": "task-failed", "params": {}})


async def _carry_on(service: Service, one: Result, ending: asyncio.Event) -> None:
    """Everything of the file that is not yet reported on."""
    async with service.storage.at_hand(one.file_id) as path:
        await _read(service, one, ending, path)


async def _read(service: Service, one: Result, ending: asyncio.Event, path: Path) -> None:
    file = await asyncio.to_thread(open_roster, path, today=service.clock.today())
    with closing(file):
        rows = iter(file)
        chunks = Chunks(service, one, file.total)
        reading = asyncio.create_task(asyncio.to_thread(_next, rows))
        try:
            while chunk := await reading:
                if ending.is_set():
                    raise Interrupted
                reading = asyncio.create_task(asyncio.to_thread(_next, rows))
                await chunks.take(chunk)
        finally:
            await asyncio.wait({reading})


def _next(rows: Iterator[Row]) -> Sequence[Row]:
    return list(islice(rows, CHUNK))


async def _end(service: Service, task: str, status: str, problem: Mapping[str, Any] | None) -> None:
    given = {"import": task, "status": status, "problem": problem, "at": service.clock.real()}
    async with service.db.transaction(SYSTEM, job=ENTRYPOINT, body=None) as line:
        await line.execute(_settle.sql, *_settle.arguments(given))


def _shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as a text takes them."""
    return {name: "、".join(value) if isinstance(value, list) else value for name, value in params.items()}
