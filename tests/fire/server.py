"""The real API in a process of its own, as it is or with a guarantee taken out, for tests that need real sockets.

Such a process is forked from one that has imported the service and done nothing else: importing it takes seconds.
"""

import asyncio
import multiprocessing
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from app import logs, main, starting
from app.change import Change
from app.db import REQUEST, Database, Door
from app.settings import Settings

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
BACKLOG = 256
MOMENT = 0.05


class Hesitant(Database):
    """Takes its time between look and write, so that every rival has looked before the first one writes."""

    async def apply(self, change: Change, door: Door = REQUEST, **given: Any) -> None:
        """Write a change, a moment later."""
        await asyncio.sleep(MOMENT)
        await super().apply(change, door, **given)


class Unguarded(Hesitant):
    """The naive way: reads, then writes over whatever is there by now."""

    async def apply(self, change: Change, door: Door = REQUEST, **given: Any) -> None:
        """Write a change whose updates ask for the row's id and for nothing else."""
        loose = tuple(replace(one, where={"id": one.where["id"]}) for one in change.updates)
        await super().apply(replace(change, updates=loose), door, **given)


VARIANTS = {"as built": Database, "hesitant": Hesitant, "unguarded": Unguarded}


@contextmanager
def api(url: str, log: Path, variant: str = "as built") -> Iterator[str]:
    """The address of an API on the database at `url`, for as long as the block runs; `log` is what it says."""
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        child = PROCESSES.Process(target=serve, args=(url, listening, log, variant))
        child.start()
    try:  # our copy of the socket is closed: requests wait while the child starts, and fail once it is dead
        yield address
    finally:
        child.terminate()
        child.join(20)


def serve(url: str, listening: socket.socket, log: Path, variant: str) -> None:
    """Serve on this socket until told to stop."""
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    logs.configure()
    starting.Database = VARIANTS[variant]
    settings = Settings(environment="sandbox", session_requests_per_second=10_000)  # one person races for a crowd
    config = uvicorn.Config(main.create_app(settings, url), log_config=None, access_log=False)
    uvicorn.Server(config).run([listening])
