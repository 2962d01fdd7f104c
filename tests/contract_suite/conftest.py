"""One server for the cases of all operations."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.devdb import Cluster
from app.settings import Settings
from app.starting import start, stop
from tests.contract_suite.arena import Arena
from tests.databases import founded
from tests.fire.server import api


@pytest.fixture(scope="module")
async def arena(cluster: Cluster, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    """An arena whose clock and records belong to nobody else."""
    url = await founded(cluster, "contract")
    log: Path = tmp_path_factory.mktemp("contract") / "server.log"
    line, service = await asyncpg.connect(url), await start(settings, url)
    with api(url, log) as address:
        yield await Arena.made(service, address, line)
    await stop(service)
    await line.close()
    assert "request-broke" not in await asyncio.to_thread(log.read_text, "utf-8")
