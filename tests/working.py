"""A worker beside a test, as it runs in production, and a look at what it did."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from app import worker
from app.service import Service
from tests.world import Somebody


@asynccontextmanager
async def working(service: Service, **given: Any) -> AsyncIterator[asyncio.Task[None]]:
    """A worker for as long as the block lasts."""
    stop = asyncio.Event()
    running = asyncio.create_task(worker.work(service, stop=stop, **given))
    try:
        yield running
    finally:
        stop.set()
        await asyncio.wait({running})


async def until(done: Callable[[], Awaitable[Any]], seconds: float = 15) -> Any:
    """What `done` answers, as soon as it is true of something; fails after some seconds."""
    async with asyncio.timeout(seconds):
        while not (answer := await done()):  # noqa: ASYNC110 (another process may be the one that does it)
            await asyncio.sleep(0.02)
    return answer


async def ended(somebody: Somebody, task: str) -> dict[str, Any]:
    """The task at this path, once it has ended."""

    async def over() -> dict[str, Any] | None:
        found: dict[str, Any] = (await somebody.get(task)).json()
        return found if found["status"] in ("succeeded", "failed") else None

    found: dict[str, Any] = await until(over)
    return found
