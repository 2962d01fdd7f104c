"""The job behind an import: reads the file in chunks and takes each in a transaction of its own.

The report moves with the rows, so whoever takes the job up again goes on where the last one stopped.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Uuid, select

from app.db import SYSTEM, Read, Result, asked
from app.outbox import Interrupted
from app.service import Service
from app.sheets import RowErrors, Sheet, SheetRefused, SheetRow
from app.workflows.imports.desk import imports
from app.workflows.promised_tasks import fail, succeed
from app.workflows.tasks import tasks

CHUNK: Final = 500

Row = SheetRow | RowErrors

_import = Read(
    select(*imports.c, tasks.c.status, tasks.c.account_id)
    .join_from(imports, tasks, tasks.c.id == imports.c.id)
    .where(imports.c.id == asked("task", Uuid(as_uuid=False))),
    door=SYSTEM,
)


class Open(Protocol):
    """Opens a file of the kind."""

    def __call__(self, path: Path, *, today: Any) -> Sheet:
        """Raises `SheetRefused` for what is wrong with the whole file."""


class Chunks(Protocol):
    """Takes the chunks of one import, in the order of the file."""

    async def take(self, chunk: Sequence[Row]) -> None:
        """Take a chunk; rows that are reported on already are passed over. `Stale` if another worker is at it."""


@dataclass(frozen=True, slots=True)
class Loading:
    """How imports of one kind are carried out."""

    entrypoint: str
    open: Open
    chunks: Callable[[Service, Result, int | None], Chunks]
    """Made of the import as the table has it, with the account that asked, and the rows of the file, if known."""

    async def run(self, service: Service, payload: Mapping[str, Any], ending: asyncio.Event) -> None:
        """Carry the import on to its end. Raises `Interrupted` between two chunks when `ending` is set."""
        [one] = await service.db.rows(_import, {"job": self.entrypoint, "body": None, "task": payload["task"]})
        if one.status in ("succeeded", "failed"):
            return
        try:
            async with service.storage.at_hand(one.file_id) as path:
                await self._read(service, one, ending, path)
        except SheetRefused as refusal:
            await fail(service, self.entrypoint, one.id, refusal.code, refusal.params)
        else:
            await succeed(service, self.entrypoint, one.id)

    async def _read(self, service: Service, one: Result, ending: asyncio.Event, path: Path) -> None:
        """Everything of the file that is not yet reported on."""
        file = await asyncio.to_thread(self.open, path, today=service.clock.today())
        with closing(file):
            rows = iter(file)
            chunks = self.chunks(service, one, file.total)
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
