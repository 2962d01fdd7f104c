"""A sandbox settled as `make run` does it, in a database of its own, and a client upon it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app import migrating, sandbox
from app.devdb import Cluster
from app.main import create_app
from app.service import Service
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged


@pytest.fixture(scope="session")
def sandbox_url(cluster: Cluster, settings: Settings) -> str:
    """A migrated database that was settled."""

    async def create() -> None:
        line = await asyncpg.connect(cluster.url("postgres"))
        await line.execute("create database sandbox")
        await line.close()

    async def settle() -> None:
        service = await start(settings, url)
        await sandbox.settle(service, url)
        await stop(service)

    asyncio.run(create())
    url = cluster.url("sandbox")
    migrating.upgrade(url)
    asyncio.run(settle())
    return url


@pytest.fixture(scope="session")
async def settled(settings: Settings, sandbox_url: str) -> AsyncIterator[Service]:
    """A service on it."""
    running = await start(settings, sandbox_url)
    yield running
    await stop(running)


@pytest.fixture(scope="session")
async def visitor(settings: Settings, sandbox_url: str, settled: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has not signed in; the contract judges every answer."""
    app = create_app(settings, sandbox_url)
    app.state.service = settled
    async with judged(app) as client:
        yield client


@pytest.fixture
async def line(sandbox_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A line to the sandbox's database, as its owner."""
    one = await asyncpg.connect(sandbox_url)
    yield one
    await one.close()
