"""A database of its own: everybody lists everything here, and other tests leave rows that no list would be glad of."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app import migrating
from app.devdb import Cluster
from app.main import create_app
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged
from tests.world import World, found_the_province


@pytest.fixture(scope="module")
async def permissions_url(cluster: Cluster) -> str:
    """A migrated database with the province founded in it."""
    line = await asyncpg.connect(cluster.url("postgres"))
    await line.execute("create database permissions")
    await line.close()
    url = cluster.url("permissions")
    await asyncio.to_thread(migrating.upgrade, url)
    await found_the_province(url)
    return url


@pytest.fixture
async def world(settings: Settings, permissions_url: str) -> AsyncIterator[World]:
    """A world upon it; the contract judges every answer."""
    service, app = await start(settings, permissions_url), create_app(settings, permissions_url)
    app.state.service = service
    line = await asyncpg.connect(permissions_url)
    async with judged(app) as client:
        yield await World.made(service, client, line)
    await line.close()
    await stop(service)
