"""The floor's lines to PostgreSQL: a stack of connections, and statements with their values in order."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from app.db import connect
from app.statements import Prepared

SIZE: Final = 10


class Lines:
    """Ten connections; the one used last is lent first."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: asyncio.LifoQueue[asyncpg.Connection] = asyncio.LifoQueue()

    async def open(self) -> None:
        """Connect."""
        for _ in range(SIZE):
            self._idle.put_nowait(await connect(self._url, role="employment_app"))

    async def close(self) -> None:
        """Disconnect."""
        while not self._idle.empty():
            await self._idle.get_nowait().close()

    async def run(self, statement: Prepared, values: Mapping[str, Any]) -> list[asyncpg.Record]:
        """Run a statement."""
        line = await self._idle.get()
        try:
            return await line.fetch(statement.sql, *statement.arguments(values))
        finally:
            self._idle.put_nowait(line)
