"""The trail can only be added to, and whoever gets round that is found out by the hashes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.agreements.given import Given
from tests.world import World

CHANGES = (
    "update app.trail set comment = 'otherwise' where record_id = $1",
    "delete from app.trail where record_id = $1",
    "truncate app.trail",
)


@asynccontextmanager
async def undone(line: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction that leaves no trace."""
    transaction = line.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


@pytest.fixture
async def record(world: World) -> str:
    """An agreement of four steps: opened, approved twice, ended."""
    given = await Given.everybody(world)
    return (await given.agreement("terminated", None)).rpartition("/")[2]


async def steps(world: World, record: str) -> list[int]:
    rows = await world.line.fetch("select seq from app.trail where record_id = $1 order by seq", record)
    return [row["seq"] for row in rows]


@pytest.mark.parametrize("role", ["employment_app", "postgres"], ids=["service", "owner"])
@pytest.mark.parametrize("change", CHANGES)
async def test_no_role_changes_removes_or_empties_steps(world: World, record: str, role: str, change: str) -> None:
    async with undone(world.line):
        await world.line.execute(f"set local role {role}")
        await world.line.execute("select app.begin_system('audit', null)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await world.line.execute(change, *([record] if "$1" in change else []))
    assert await steps(world, record) == [1, 2, 3, 4, 5]


TAMPERED = {
    "a step is changed": ("update app.trail t set comment = 'otherwise' where seq = 2", [2]),
    "a step is changed and hashed again": (
        """
        update app.trail t
           set comment = 'otherwise',
               hash = app.trail_digest((select hash from app.trail b where b.record_id = t.record_id and b.seq = 1),
                                       jsonb_populate_record(t, '{"comment": "otherwise"}'))
         where seq = 2""",
        [3],
    ),
    "a step is taken out": ("delete from app.trail t where seq = 2", [3]),
    "a step is put in": (
        """
        insert into app.trail
          select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'seq', 6, 'hash', null))).*
            from app.trail t
           where seq = 5""",
        [6],
    ),
    "two steps change places": ("update app.trail t set seq = 5 - seq where seq in (2, 3)", [2, 3, 4]),
}
"""What somebody with all rights may do, and at which steps it shows."""


@pytest.mark.parametrize(("change", "shows"), TAMPERED.values(), ids=TAMPERED)
async def test_a_tampered_step_is_found(world: World, record: str, change: str, shows: list[int]) -> None:
    broken = "select seq from app.broken_trail() where record_id = $1 order by seq"
    assert await world.line.fetch(broken, record) == []
    async with undone(world.line):
        await world.line.execute("set local session_replication_role = replica")  # no trigger fires
        await world.line.execute("drop index app.uq_trail_one_per_version")
        await world.line.execute(f"{change} and t.record_id = $1", record)
        assert [row["seq"] for row in await world.line.fetch(broken, record)] == shows
