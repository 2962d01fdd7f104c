"""What an operator does at a terminal, on the database that the settings name: each returns the lines to say."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import asyncpg

from app import province, starting
from app.service import Service
from app.settings import Settings
from app.workflows.accounts.first_administrator import appoint
from app.workflows.keys import reindexing, resealing

Answer = TypeVar("Answer")


def found(url: str) -> None:
    """Add the province's regions, bodies, policies and calendar; what is there stays as it is."""

    async def add() -> None:
        line = await asyncpg.connect(url)
        try:
            await province.found(line, datetime.now(UTC))
        finally:
            await line.close()

    asyncio.run(add())


def create_administrator(settings: Settings, url: str, body: str, username: str, reason: str | None) -> str:
    """The initial password of a new administrator; `body` is a kind, or `kind:code`. A refusal is raised."""
    kind, _, code = body.partition(":")
    return _with_service(settings, url, lambda service: appoint(service, kind, code or None, username, reason))


def reseal(settings: Settings, url: str, *, now: bool) -> str:
    """The task that seals everything anew: promised to the worker, or done here and `now`."""

    async def begin(service: Service) -> str:
        task = await resealing.begin(service)
        if now:
            await resealing.carry_on(service, {"task": task}, asyncio.Event())
        return task

    return _with_service(settings, url, begin)


def keys_in_use(settings: Settings, url: str) -> tuple[Sequence[str], bool]:
    """A line for each key and place with the number of values, and whether all are sealed with the current key."""
    used = _with_service(settings, url, resealing.in_use)
    lines = [f"{key}\t{place}\t{count}" for key, places in used.items() for place, count in places.items()]
    return lines, used.keys() <= {settings.sealing[1]}


def reindex(settings: Settings, url: str) -> int:
    """How many blind indexes were computed anew."""
    return _with_service(settings, url, reindexing.reindex)


def _with_service(settings: Settings, url: str, work: Callable[[Service], Awaitable[Answer]]) -> Answer:
    async def run() -> Answer:
        service = await starting.start(settings.model_copy(update={"pool_size": 1}), url)
        try:
            return await work(service)
        finally:
            await starting.stop(service)

    return asyncio.run(run())
