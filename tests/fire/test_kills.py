"""kill -9 of every process of PostgreSQL under load: what was acknowledged is there, and nothing is half there."""

import asyncio

import asyncpg
import pytest

from tests.fire.ground import Ground, Tell
from tests.fire.load import Load, Promises
from tests.fire.state import broken_rules

pytestmark = pytest.mark.slow

CLIENTS = 16
BETWEEN_KILLS = 200
DOWN = 0.3
FORGETFUL = """
    do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$
"""


async def found(url: str, promises: Promises) -> tuple[list[str], set[str]]:
    """Which acknowledged moves are missing, as a step or as the answer kept for a key; and what is half there."""
    line = await asyncpg.connect(url)
    rows = await line.fetch(
        "select p.record, p.version, p.action"
        "  from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[])"
        "    as p (record, version, action, account, key)"
        "  left join app.trail t on t.record_id = p.record and t.seq = p.version and t.action = p.action"
        "  left join app.remembered r on r.account_id = p.account and r.key = p.key"
        " where t.id is null or r.key is null",
        *zip(*promises.kept, strict=True),
    )
    broken = await broken_rules(line)
    await line.close()
    return [f"{row['action']} {row['record']} version {row['version']}" for row in rows], broken


async def test_no_kill_loses_or_halves_an_acknowledged_move(ground: Ground, trials: int, tell: Tell) -> None:
    kills = max(1, trials // 10)
    async with ground.arena() as arena:
        async with Load(arena, CLIENTS) as load:
            for _ in range(kills):
                await load.until(BETWEEN_KILLS)
                await ground.kill()
                await asyncio.sleep(DOWN)
                await ground.start()
            await load.until(BETWEEN_KILLS)
        promises, (missing, broken) = load.promises, await found(arena.url, load.promises)
    tell(f"{kills} kills: {len(promises.kept)} acknowledged, {len(missing)} lost, {len(broken)} half-applied;"
         f" answers {dict(promises.answers)}; outcomes that were unknown {dict(promises.settled)}")  # fmt: skip
    assert missing == []
    assert broken == set()
    assert promises.faults == []
    assert {answer.partition(" ")[0] for answer in promises.answers} == {"201", "503"}


async def test_the_same_look_notices_a_database_that_answers_before_it_has_written(ground: Ground, tell: Tell) -> None:
    async with ground.arena(FORGETFUL) as arena:
        async with Load(arena, CLIENTS) as load:
            await load.until(BETWEEN_KILLS)
            await ground.kill()
            load.stop.set()
            await ground.start()
        missing, _ = await found(arena.url, load.promises)
    tell(f"forgetful: {len(load.promises.kept)} acknowledged, {len(missing)} lost")
    assert missing
