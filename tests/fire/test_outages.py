"""A database that is down, slow or full is a 503 with Retry-After, never a bare 500; when it is back, so are we."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from app import starting
from app.change import fresh_id
from app.db import Database, Result, Statement
from app.errors import Unavailable
from tests.agreements.given import BODIES, Given
from tests.fire.ground import Arena, Ground
from tests.fire.served import served

pytestmark = pytest.mark.slow

TO_DO = "/v1/me/todo"
END_LINES = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'graduate-employment' and datname = current_database()
"""


@asynccontextmanager
async def locked(world: Arena, *tables: str) -> AsyncIterator[None]:
    """Nobody else can read these tables meanwhile."""
    line = await asyncpg.connect(world.url)
    async with line.transaction():
        await line.execute(f"lock table {', '.join(f'app.{table}' for table in tables)} in access exclusive mode")
        yield
    await line.close()


def refusal(answer: httpx.Response) -> tuple[int, str, bool]:
    """Status, code, and whether it says when to come again."""
    return answer.status_code, answer.json()["code"], int(answer.headers.get("retry-after", "0")) > 0


async def test_a_database_that_is_down_is_a_503_and_one_that_is_back_is_used_again(ground: Ground) -> None:
    async with served(await ground.database()) as world:
        given = await Given.everybody(world)
        graduate, invitation = given.cast["graduate"], await given.invitation("sent")
        await ground.kill()
        try:
            read = await graduate.get(invitation)
            written = await graduate.move(invitation, "accept", 1, **BODIES["accept"])
        finally:
            await ground.start()
        assert refusal(read) == refusal(written) == (503, "database-down", True)
        assert (await graduate.move(invitation, "accept", 1, **BODIES["accept"])).status_code == 201


async def test_when_every_line_is_taken_the_next_request_is_refused_soon(ground: Ground) -> None:
    async with served(await ground.database(), pool_size=2, pool_wait_seconds=0.2) as world:
        graduate = await world.graduate()
        async with locked(world, "sessions"):
            answers = await asyncio.gather(*(graduate.get(TO_DO) for _ in range(6)))
        codes = sorted(refusal(answer) for answer in answers)
        assert codes == [(503, "pool-empty", True)] * 4 + [(503, "rows-busy", True)] * 2
        assert (await graduate.get(TO_DO)).status_code == 200


async def test_a_statement_that_takes_too_long_is_a_503(ground: Ground) -> None:
    async with served(await ground.database(), statement_timeout_ms=200, lock_timeout_ms=5000) as world:
        graduate = await world.graduate()
        async with locked(world, "sessions"):
            assert refusal(await graduate.get(TO_DO)) == (503, "statement-timeout", True)
        assert (await graduate.get(TO_DO)).status_code == 200


async def test_a_move_that_waits_too_long_for_a_row_is_a_503_and_has_done_nothing(ground: Ground) -> None:
    async with served(await ground.database(), lock_timeout_ms=200) as world:
        given = await Given.everybody(world)
        invitation, employer = await given.invitation("sent"), given.cast["employer"]
        other = await asyncpg.connect(world.url)
        async with other.transaction():
            await other.execute("select from app.invitations for update")
            assert refusal(await employer.move(invitation, "withdraw", 1)) == (503, "rows-busy", True)
        await other.close()
        assert (await employer.get(invitation)).json()["version"] == 1


async def test_lines_that_the_server_has_ended_are_not_used_again(ground: Ground) -> None:
    async with served(await ground.database(), pool_size=1, pool_wait_seconds=10) as world:
        graduate = await world.graduate()
        for _ in range(5):
            async with locked(world, "sessions"):
                asked = [asyncio.create_task(graduate.get(TO_DO)) for _ in range(3)]
                await asyncio.sleep(0.1)
                await world.line.execute(END_LINES)
            first, *others = [await one for one in asked]
            assert refusal(first) == (503, "database-down", True)
            assert [one.status_code for one in others] == [200, 200]


class Deaf(Database):
    """Does not hear what came of a write that the server has committed."""

    hears = True

    async def write(self, statement: Statement, values: Any) -> list[Result]:
        """Write."""
        rows = await super().write(statement, values)
        if not self.hears:
            raise Unavailable("outcome-unknown", retry_after=1)
        return rows


async def test_an_outcome_that_is_unknown_is_settled_by_repeating_the_key(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "Database", Deaf)
    async with served(await ground.database()) as world:
        given = await Given.everybody(world)
        invitation, employer, key = await given.invitation("sent"), given.cast["employer"], fresh_id()

        async def withdraw() -> httpx.Response:
            path = f"{invitation}/transitions"
            return await employer.post(path, {"action": "withdraw"}, If_Match='"1"', Idempotency_Key=key)

        world.service.db.hears = False
        assert refusal(await withdraw()) == (503, "outcome-unknown", True)
        world.service.db.hears = True
        again, once_more = await withdraw(), await withdraw()
        assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
        assert again.content == once_more.content
        assert (await employer.get(invitation)).json()["version"] == again.json()["change"]["version"] == 2
