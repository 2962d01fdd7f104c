"""One PostgreSQL and one migrated database for each worker; one service and one client on it.

Tests make real commits. Each lives in a world of its own: its own school, people and ids; nothing is undone.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import asyncpg
import httpx
import pytest
import structlog

from app import worker
from app.devdb import Cluster
from app.security.passwords import Passwords
from app.service import Service
from app.settings import Settings
from app.starting import start, stop
from tests.contract import judged
from tests.databases import founded
from tests.inspecting import Remembering
from tests.world import LIGHT, World

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ]
)
"""What a test logged is read when it has failed: its own way draws errors for seconds, while nothing else goes on."""


QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that are about something else than surviving a crash."""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of this worker's own."""
    with Cluster(tmp_path_factory.mktemp("postgresql"), pg_bin=Settings().pg_bin, settings=QUICK) as running:
        yield running


@pytest.fixture(scope="session")
def database_url(cluster: Cluster) -> str:
    """A migrated database with the province founded in it: regions, bureaus, policies, calendar."""
    return asyncio.run(founded(cluster, "employment"))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sandbox's, with few lines and a folder of its own."""
    return Settings(environment="sandbox", pool_size=4, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
async def service(settings: Settings, database_url: str) -> AsyncIterator[Service]:
    """A running service whose passwords cost little, and which inspects each file once."""
    running = await start(settings, database_url)
    running.passwords.close()
    running.passwords = Passwords(workers=2, queue=settings.password_queue, **LIGHT)
    running.inspector = Remembering()
    yield running
    await stop(running)


@pytest.fixture
def dear_passwords(service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Passwords]:
    """Passwords of that service that cost, in this test, what they cost everybody."""
    passwords = Passwords(workers=settings.password_workers, queue=settings.password_queue)
    monkeypatch.setattr(service, "passwords", passwords)
    yield passwords
    passwords.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker looks at once for what is to be tried again."""
    monkeypatch.setattr(worker, "FIRST_PAUSE", timedelta(milliseconds=20))
    monkeypatch.setattr(worker, "POLL", timedelta(milliseconds=50))


@pytest.fixture(scope="session")
async def client(database_url: str, service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application in this process; the contract judges every answer."""
    async with judged(service, database_url) as one:
        yield one


@pytest.fixture(scope="session")
async def lines(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """The superuser's lines, kept from test to test: each is prepared once."""
    async with asyncpg.create_pool(database_url, min_size=1) as pool:
        yield pool


@pytest.fixture
async def world(service: Service, client: httpx.AsyncClient, lines: asyncpg.Pool) -> AsyncIterator[World]:
    """A school, its people, its bureaus and employers, for this test alone.

    A worker of this test does not begin with what former ones have promised and left.
    """
    async with lines.acquire() as line:
        await line.execute("delete from app.pgqueuer")
        yield await World.made(service, client, line)
