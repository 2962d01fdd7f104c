"""Blind indexes computed anew under another key: offline, in one transaction (docs/operations.md).

Which column is the index of what, the models declare (`models.base.index_of`). An index is computed from the sealed
value beside it; one that is right already is passed over, so running it again does no harm.
"""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import Column, delete

from app.db import SYSTEM, Statement, run
from app.models import OneTimeCode
from app.models.base import table_of
from app.service import Service
from app.workflows.keys.resealing import PATIENCE
from app.workflows.keys.sealed_columns import CHUNK, SEALED, SealedColumn

_INDEXES: Final[Sequence[tuple[SealedColumn, Column[Any], Statement, Statement]]] = tuple(
    (one, cell, one.take(cell.label("index")), one.put(cell))  # type: ignore[arg-type]
    for one in SEALED
    for cell in one.table.columns
    if cell.info.get("index_of", ("",))[0] == one.cell.name
)
_CODES_FALL: Final = Statement(delete(table_of(OneTimeCode)))
"""Codes on their way are found by the phone's index; whoever waits for one asks again."""


async def reindex(service: Service) -> int:
    """Compute every blind index under the present key; how many were others. `SealBroken` undoes all of it."""
    changed = 0
    async with service.db.transaction(SYSTEM, job="reindex", body=None) as line:
        await line.execute(PATIENCE)
        for one, cell, take, put in _INDEXES:
            await line.execute(f"lock table {one.table.fullname} in access exclusive mode")
            changed += await _walk(service, line, one, cell, take, put)
        await run(line, _CODES_FALL)
    return changed


async def _walk(
    service: Service,
    line: asyncpg.Connection,
    one: SealedColumn,
    cell: Column[Any],
    take: Statement,
    put: Statement,
) -> int:
    changed, place, kind = 0, one.first, cell.info["index_of"][1]
    while found := await run(line, take, limit=CHUNK, **place):
        others = []
        for row in found:
            index = service.blind_index.of(kind, service.sealer.open(row["sealed"], **one.place(row)))
            if index != row["index"]:
                others.append({**one.key(row), "held": row["sealed"], "new": index})
        await run(line, put, rows=others)
        changed, place = changed + len(others), one.after(found[-1])
    return changed
