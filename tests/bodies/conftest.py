"""A province founded as in production, in a database of its own, and a client upon it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from app import province
from app.devdb import Cluster
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged
from tests.databases import migrated

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="session")
def founded_url(cluster: Cluster) -> str:
    """A migrated database in which the province was founded."""

    async def found() -> None:
        line = await asyncpg.connect(url)
        await province.found(line, AT)
        await line.close()

    url = asyncio.run(migrated(cluster, "founded"))
    asyncio.run(found())
    return url


@pytest.fixture
async def founded(founded_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A line to that database, in a transaction that is undone."""
    line = await asyncpg.connect(founded_url)
    undone = line.transaction()
    await undone.start()
    yield line
    await undone.rollback()
    await line.close()


@pytest.fixture(scope="session")
async def anyone(settings: Settings, founded_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has not signed in; the contract judges every answer."""
    service = await start(settings, founded_url)
    async with judged(service, founded_url) as client:
        yield client
    await stop(service)
