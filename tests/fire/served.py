"""A world served in this process, by an application whose settings and database are the test's choice."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx

from app import main, starting
from app.settings import Settings
from tests.fire.ground import Arena
from tests.world import Somebody, World


@asynccontextmanager
async def served(url: str, **settings: Any) -> AsyncIterator[Arena]:
    """A world in the migrated database at `url`, on few lines: each is made ready when the database is back."""
    chosen = Settings(environment="sandbox", **{"pool_size": 2, **settings})
    app = main.create_app(chosen, url)
    async with AsyncExitStack() as stack:
        app.state.service = await starting.start(chosen, url)
        stack.push_async_callback(starting.stop, app.state.service)
        line = await asyncpg.connect(url)
        stack.push_async_callback(line.close)
        transport = httpx.ASGITransport(app)
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://test"))
        yield replace(await Arena.made(app.state.service, client, line), url=url)


def session_of(world: World, who: Somebody) -> str:
    """The session behind a person's token."""
    return world.service.tokens.read(who.token, datetime.now(UTC)).session_id
