"""On a hundred thousand posts a search reads a few of them, whether a word is common, rare, or nowhere."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from app.devdb import Cluster
from app.workflows.market import job_search
from benchmarks.posts import publish
from tests.databases import founded
from tests.fire.ground import Arena, Tell
from tests.fire.served import served, session_of
from tests.fire.test_plans import literal
from tests.world import Somebody

pytestmark = pytest.mark.slow

POSTS = 100_000
BUFFERS = 3000
"""Blocks at most: the newest 1,000 posts, one each, and the candidates of the search index."""
ASKED: tuple[dict[str, Any], ...] = (
    {}, {"q": "工程"}, {"q": "护"}, {"q": "园林学徒"}, {"q": "无有此词"}, {"q": "无"},
    {"region": "310110", "q": "学徒"}, {"region": "370602", "q": "化工 教师 独立"},
    {"level": "junior_college", "salary_from": 20000},
)  # fmt: skip


@pytest.fixture(scope="module")
async def market(cluster: Cluster) -> AsyncIterator[tuple[Arena, Somebody]]:
    """A market in a database of its own, and a graduate on it."""
    line, url = await asyncpg.connect(cluster.url("postgres")), await founded(cluster, "market")
    async with served(url) as world:
        await publish(world.line, str((await world.employer()).body), 1, POSTS)
        yield world, await world.graduate()
    await line.execute("drop database market")
    await line.close()


async def read(world: Arena, who: Somebody, asked: dict[str, Any], *before: str) -> tuple[int, int, int]:
    """Blocks read, posts found, and sequential scans of the posts, by the search with its generic plan."""
    page, line = job_search.PAGE, world.line
    given = {"session": session_of(world, who), "record": None, "at": datetime.now(UTC)}
    arguments = ", ".join(literal(one) for one in page.arguments({**given, **job_search.values(50, None, asked)}))
    scans = "select seq_scan from pg_stat_xact_user_tables where relname = 'jobs'"
    transaction = line.transaction()
    await transaction.start()
    for change in before:
        await line.execute(change)
    await line.execute("set local plan_cache_mode = force_generic_plan; set local role employment_app;"
                       " set local search_path = app; set local jit = off")  # fmt: skip
    await line.execute(f"prepare one as {page.sql}")
    for _ in range(2):  # the second time, the catalog is in the caches and no longer counts
        earlier = await line.fetchval(scans)
        (top,) = json.loads(await line.fetchval(f"explain (analyze, buffers, format json) execute one ({arguments})"))
        scanned = await line.fetchval(scans) - earlier
    await line.execute("deallocate one")
    await transaction.rollback()
    plan = top["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], int(plan["Actual Rows"]), scanned


async def test_a_search_reads_few_posts_and_never_all(market: tuple[Arena, Somebody], tell: Tell) -> None:
    for asked in ASKED:
        buffers, found, scanned = await read(*market, asked)
        tell(f"{asked}: {buffers} blocks, {found} posts")
        assert (buffers <= BUFFERS, scanned) == (True, 0), (asked, buffers, scanned)


async def test_without_the_search_index_a_rare_word_reads_them_all(market: tuple[Arena, Somebody], tell: Tell) -> None:
    """The negative control."""
    buffers, _, scanned = await read(*market, {"q": "无有此词"}, "drop index app.ix_jobs_search")
    tell(f"without the index: {buffers} blocks")
    assert buffers > 5 * BUFFERS
    assert scanned > 0
