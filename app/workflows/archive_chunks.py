"""Chunks of archive records on their way in, each in a transaction of its own (see `archive_rows` for a row)."""

from collections.abc import Mapping, Sequence

import asyncpg

from app.db import SYSTEM, Result, run
from app.policies import THE_SYSTEM
from app.service import Service
from app.sheets import RowError, SheetRow
from app.workflows.archive_facts import BUREAUS, IMPORTER, OWNERS, RECORDED
from app.workflows.archive_imports import desk
from app.workflows.archive_rows import Row, Rows
from app.workflows.engine import Now
from app.workflows.imports.reporting import REPORT, told


class Chunks:
    """Takes the chunks of one import, in the order of the file."""

    def __init__(self, service: Service, one: Result, total: int | None) -> None:
        """`one` is the import as the table has it, and who asked; `total` the rows of the file, if known."""
        self._service, self._import, self._total, self._position = service, one, total, one.position
        self._rehearsed: dict[str, Now] = {}
        """In a dry run: the dispatches as they would be by now, by number."""

    async def take(self, chunk: Sequence[Row]) -> None:
        """Take a chunk; rows that are reported on already are passed over.

        `Stale` or `AlreadyExists` if another worker is at it, or somebody recorded meanwhile what it records: nothing
        of the chunk is written, and the next attempt judges it anew.
        """
        one = self._import
        fresh = [row for row in chunk if row.number > self._position]
        judged = chunk if one.dry_run else fresh  # a rehearsal goes by what the rows before would have written
        if not judged:
            return
        async with self._service.db.transaction(SYSTEM, job=desk.entrypoint, body=one.body_id) as line:
            await line.execute("set local plan_cache_mode = force_custom_plan")  # a kept plan is one for fewer rows
            rows = await self._looked_up(line, [row for row in judged if isinstance(row, SheetRow)])
            outcomes, refused = rows.judge(judged)
            if one.dry_run:
                self._rehearsed |= rows.recorded
            else:
                await rows.write(line, desk.entrypoint)
            if fresh:
                await self._report(line, fresh, outcomes, refused)
        self._position = max(self._position, chunk[-1].number)

    async def _looked_up(self, line: asyncpg.Connection, rows: Sequence[SheetRow]) -> Rows:
        """These rows' desk, with everything that judging them needs."""
        one, index = self._import, self._service.blind_index
        [importer] = await run(line, IMPORTER, body=one.body_id, account=one.account_id)
        named = [
            {
                "number": row.number,
                "id_bidx": index.of("id_number", str(row.values["id_number"])),
                **{name: row.values[name] for name in ("name", "level", "cohort")},
            }
            for row in rows
        ]
        regions = {row.values.get(name) for row in rows for name in ("unit_region", "receiver_region")} - {None}
        owners = await run(line, OWNERS, rows=named, kind=importer.kind, body=one.body_id)
        recorded = await run(line, RECORDED, numbers=[*{row.values["number"] for row in rows}], body=one.body_id)
        bureaus = await run(line, BUREAUS, regions=[*regions])
        acting = {"account_id": one.account_id, "body_id": one.body_id, "kind": importer.kind, "roles": importer.roles}
        return Rows(
            self._service,
            THE_SYSTEM._replace(**acting),
            {"recorder_name": importer.name, "recorder_kind": importer.kind},
            {row.row: row for row in owners},
            {row.region: row for row in bureaus},
            {row.number: Now(row) for row in recorded} | self._rehearsed,
        )

    async def _report(
        self,
        line: asyncpg.Connection,
        fresh: Sequence[Row],
        outcomes: Mapping[int, str],
        refused: Mapping[int, Sequence[RowError]],
    ) -> None:
        numbers = [row.number for row in fresh]
        await run(
            line,
            REPORT,
            rows=[{"number": one, "outcome": outcomes[one]} for one in numbers if one in outcomes],
            refused=told((one, refused[one]) for one in numbers if one in refused),
            position=self._position,
            last=numbers[-1],
            done=len(numbers),
            total=self._total,
            at=self._service.clock.real(),
            **{"import": self._import.id},
        )
