"""A sandbox settled as `make run` does it, in a database of its own, and a client upon it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app import sandbox
from app.devdb import Cluster
from app.service import Service
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged
from tests.databases import migrated


@pytest.fixture(scope="session")
def sandbox_url(cluster: Cluster, settings: Settings) -> str:
    """A migrated database that was settled."""

    async def settle() -> None:
        service = await start(settings, url)
        await sandbox.settle(service, url)
        await stop(service)

    url = asyncio.run(migrated(cluster, "sandbox"))
    asyncio.run(settle())
    return url


@pytest.fixture(scope="session")
async def settled(settings: Settings, sandbox_url: str) -> AsyncIterator[Service]:
    """A service on it."""
    running = await start(settings, sandbox_url)
    yield running
    await stop(running)


@pytest.fixture(scope="session")
async def visitor(sandbox_url: str, settled: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has not signed in; the contract judges every answer."""
    async with judged(settled, sandbox_url) as client:
        yield client


@pytest.fixture
async def line(sandbox_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A line to the sandbox's database, as its owner."""
    one = await asyncpg.connect(sandbox_url)
    yield one
    await one.close()
