"""Where tests under fire take place: a PostgreSQL that keeps what it promised, and worlds that a real API serves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import asyncpg
import httpx

from app import starting
from app.devdb import Cluster
from app.settings import Settings
from tests.databases import created, founded
from tests.fire.server import api
from tests.world import World

Tell = Callable[[object], None]
"""Prints what came of a test, in a full run."""

TEMPLATE = "template"
AT_ONCE = 64
IDLE = 2.0
"""Seconds after which a client hangs up; the server does so after 5, be it into the next request."""
LAZY = {"wal_writer_delay": "10s"}
"""What a commit does not flush itself stays in memory: a kill finds it there."""


class Ground:
    """One PostgreSQL with fsync on and a migrated database to copy. It can be killed and started while tests go on."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder, pg_bin=Settings().pg_bin, settings=LAZY)
        self.folder = folder
        self._thread = ThreadPoolExecutor(1)  # one for good: the server dies with the thread that started it
        self._names = (f"arena_{number}" for number in count(1))

    def open(self) -> None:
        """Start, and make the database that the others are copies of."""
        self._thread.submit(self.cluster.start).result()
        asyncio.run(founded(self.cluster, TEMPLATE))

    def close(self) -> None:
        """End for good; nobody needs the data any more."""
        self._thread.submit(self.cluster.kill).result()
        self._thread.shutdown()

    async def start(self) -> None:
        """Start again after `kill`."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self.cluster.start)

    async def kill(self) -> None:
        """SIGKILL to every process of PostgreSQL."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self.cluster.kill)

    async def database(self, *changes: str) -> str:
        """The address of a fresh copy, on which the statements `changes` have been run."""
        url = await created(self.cluster, next(self._names), TEMPLATE)
        line = await asyncpg.connect(url)
        for change in changes:
            await line.execute(change)
        await line.close()
        return url

    @asynccontextmanager
    async def arena(self, *changes: str, variant: str = "as built") -> AsyncIterator["Arena"]:
        """A world in a database of its own, served by an API in a process of its own."""
        url = await self.database(*changes)
        service = await starting.start(Settings(environment="sandbox", pool_size=2), url)
        line = await asyncpg.connect(url)
        log = self.folder / f"{url.partition('@/')[2].partition('?')[0]}.log"
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE, keepalive_expiry=IDLE)
        with api(url, log, variant) as address:
            async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
                yield replace(await Arena.made(service, client, line), url=url)
        await line.close()
        await starting.stop(service)


@dataclass
class Arena(World):
    """A world in a database of its own."""

    url: str = ""
    """Of its database, as the superuser."""

    async def another(self) -> "Arena":
        """A new world in the same database, served by the same API."""
        return replace(await Arena.made(self.service, self.client, self.line), url=self.url)
