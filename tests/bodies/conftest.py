"""A province founded as in production, in a database of its own, and a client upon it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from app import migrating, province
from app.devdb import Cluster
from app.main import create_app
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="session")
def founded_url(cluster: Cluster) -> str:
    """A migrated database in which the province was founded."""

    async def create() -> None:
        line = await asyncpg.connect(cluster.url("postgres"))
        await line.execute("create database founded")
        await line.close()

    async def found() -> None:
        line = await asyncpg.connect(cluster.url("founded"))
        await province.found(line, AT)
        await line.close()

    asyncio.run(create())
    url = cluster.url("founded")
    migrating.upgrade(url)
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
    app = create_app(settings, founded_url)
    app.state.service = await start(settings, founded_url)
    async with judged(app) as client:
        yield client
    await stop(app.state.service)
