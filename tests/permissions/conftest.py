"""A database of its own: everybody lists everything here, and other tests leave rows that no list would be glad of."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.devdb import Cluster
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged
from tests.databases import founded
from tests.world import World


@pytest.fixture(scope="module")
async def permissions_url(cluster: Cluster) -> str:
    """A migrated database with the province founded in it."""
    return await founded(cluster, "permissions")


@pytest.fixture
async def world(settings: Settings, permissions_url: str) -> AsyncIterator[World]:
    """A world upon it; the contract judges every answer."""
    service, line = await start(settings, permissions_url), await asyncpg.connect(permissions_url)
    async with judged(service, permissions_url) as client:
        yield await World.made(service, client, line)
    await line.close()
    await stop(service)
