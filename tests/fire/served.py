"""A world served in this process, by an application whose settings and database are the test's choice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

from app import main
from app.settings import Settings
from tests.fire.ground import Arena


@asynccontextmanager
async def served(url: str, **settings: Any) -> AsyncIterator[Arena]:
    """A world in the migrated database at `url`."""
    chosen = Settings(environment="sandbox", **settings)
    app = main.create_app(chosen, url)
    app.state.service = service = await main.start(chosen, url)
    line = await asyncpg.connect(url)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        world = await Arena.made(service, client, line)
        world.url = url
        yield world
    await main.stop(service)
    await line.close()
