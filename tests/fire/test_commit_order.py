"""Committed before the answer: when the first byte leaves, another connection sees the change."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from app import main, starting
from app.db import Database, Result, Statement
from app.settings import Settings
from tests.agreements.given import BODIES, REASON, Given
from tests.world import TERMS, World

ASGI = Callable[..., Awaitable[None]]
LATE = 0.05


class Witness:
    """Between application and server. Looks at the database from a line of its own whenever an answer begins."""

    def __init__(self, app: ASGI, line: asyncpg.Connection) -> None:
        self._app, self._line = app, line
        self.steps: list[int] = []
        """Steps that the trail had when each answer began."""
        self.open: list[int] = []
        """Transactions of the application that were still open then."""

    async def __call__(self, scope: Mapping[str, Any], receive: ASGI, send: ASGI) -> None:
        async def watching(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.steps.append(await self._line.fetchval("select count(*) from app.trail"))
                self.open.append(await self._line.fetchval(
                    "select count(*) from pg_stat_activity where application_name = 'graduate-employment'"
                    " and datname = current_database() and xact_start is not null"
                ))  # fmt: skip
            await send(message)

        await self._app(scope, receive, watching)


class CommitsLater(Database):
    """Commits after the answer, as a session does that a framework closes when the answer has left."""

    async def write(self, statement: Statement, values: Mapping[str, Any]) -> list[Result]:
        """Run the statement and return; the commit follows."""
        line = await self._take()
        transaction = line.transaction()
        await transaction.start()
        rows = await line.fetch(statement.sql, *statement.arguments(values), record_class=Result)

        async def finish() -> None:
            await asyncio.sleep(LATE)
            await transaction.commit()
            self._give(line)

        self.commit = asyncio.create_task(finish())
        return rows


@asynccontextmanager
async def witnessed(
    database_url: str, database: type[Database], patch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[World, Witness]]:
    """A world served through a witness, by an application whose database is of this kind."""
    patch.setattr(starting, "Database", database)
    settings = Settings(environment="sandbox", pool_size=4)
    app = main.create_app(settings, database_url)
    app.state.service = await starting.start(settings, database_url)
    lines = [await asyncpg.connect(database_url) for _ in range(2)]
    witness = Witness(app, lines[0])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(witness), base_url="http://test") as client:
        yield await World.made(app.state.service, client, lines[1]), witness
    await starting.stop(app.state.service)
    for line in lines:
        await line.close()


async def seen_moves(world: World, witness: Witness) -> list[tuple[str, bool]]:
    """Each move of an agreement's life, and whether all of its steps could be seen when its answer began."""
    cast = (await Given.everybody(world)).cast
    graduate, employer = cast["graduate"], cast["employer"]
    found: list[tuple[str, bool]] = []

    async def watch(name: str, asking: Awaitable[httpx.Response]) -> httpx.Response:
        answer = await asking
        assert answer.status_code == 201, answer.text
        seen = witness.steps[-1]
        await asyncio.sleep(2 * LATE)
        steps = await world.line.fetchval("select count(*) from app.trail")
        found.append((name, seen == steps and not witness.open[-1]))
        return answer

    sent = await watch("send", employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS}))
    accept = graduate.move(sent.headers["location"], "accept", 1, **BODIES["accept"])
    placement = (await watch("accept", accept)).json()["created"][0]["id"]
    for version, reviewer in enumerate(("department", "school"), 1):
        await watch("approve", cast[reviewer].move(f"/v1/agreements/{placement}", "approve", version))
    wish = {"placement_id": placement, "type": "mutual", "reason": REASON}
    asked = await watch("ask", employer.post("/v1/terminations", wish))
    await watch("agree", graduate.move(asked.headers["location"], "agree", 1))
    return found


MOVES = ("send", "accept", "approve", "approve", "ask", "agree")


async def test_every_move_is_committed_before_its_answer_begins(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with witnessed(database_url, Database, monkeypatch) as (world, witness):
        assert await seen_moves(world, witness) == [(move, True) for move in MOVES]


async def test_the_witness_notices_a_commit_that_comes_after_the_answer(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with witnessed(database_url, CommitsLater, monkeypatch) as (world, witness):
        assert await seen_moves(world, witness) == [(move, False) for move in MOVES]
