"""What really goes over a line to PostgreSQL: every statement, BEGIN and COMMIT included, as asyncpg logs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from asyncpg.connection import LoggedQuery

from app.main import create_app
from app.service import Service
from app.settings import Settings
from app.starting import start, stop


@dataclass
class Sent:
    """The statements sent while a block ran."""

    texts: list[str] = field(default_factory=list)
    counted: int = 0
    """By the service itself."""

    def __len__(self) -> int:
        return len(self.texts)


@asynccontextmanager
async def listening(service: Service) -> AsyncIterator[Sent]:
    """The statements that this service's lines send. They must be idle, and none be opened meanwhile."""
    sent = Sent()

    def heard(query: LoggedQuery) -> None:
        sent.texts.append(query.query)

    lines, before = tuple(service.db._idle), service.db.trips
    for line in lines:
        line.add_query_logger(heard)
    yield sent
    await asyncio.sleep(0)  # asyncpg tells its loggers in the loop's next turn
    sent.counted = service.db.trips - before
    for line in lines:
        line.remove_query_logger(heard)


@asynccontextmanager
async def started(settings: Settings, url: str, *, lines: int = 1) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """A service that has just started, with few lines, and a client of its API."""
    small = settings.model_copy(update={"pool_size": lines})
    service = await start(small, url)
    app = create_app(small, url)
    app.state.service = service
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            yield service, client
    finally:
        await stop(service)
