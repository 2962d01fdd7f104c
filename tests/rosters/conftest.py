"""A second world, for what one body must not see or do of another's."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app.service import Service
from tests.world import World


@pytest.fixture
async def other_world(service: Service, client: httpx.AsyncClient, database_url: str) -> AsyncIterator[World]:
    """Another school with its people."""
    line = await asyncpg.connect(database_url)
    yield await World.made(service, client, line)
    await line.close()
