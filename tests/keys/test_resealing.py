"""Sealing anew: nothing stays under the former key, everything opens, and no write of others is lost meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import asyncpg
import pytest

from app.db import Prepared, Statement
from app.models import Base
from app.outbox import Interrupted
from app.security.sealing import Sealer
from app.service import Service
from app.settings import Settings
from app.starting import start, stop
from app.workflows.keys import resealing
from app.workflows.keys.sealed_columns import SEALED, SealedColumn
from tests.keys.conftest import CURRENT, FORMER, rotated
from tests.working import until, working

pytestmark = pytest.mark.slow


async def key_ids(line: asyncpg.Connection) -> dict[str, set[str]]:
    """The ids of the keys in use, by `table.column`, as the owner of the tables sees them."""
    found: dict[str, set[str]] = {}
    for one in SEALED:
        rows = await line.fetch(f"select {one.cell.name} from app.{one.table.name} where {one.cell.name} is not null")  # noqa: S608
        found[one.name] = {Sealer.key_id(row[0]) for row in rows}
    return found


async def opened(line: asyncpg.Connection, sealer: Sealer) -> dict[str, dict[str, str]]:
    """Every value in clear, by `table.column` and the cell it is sealed for."""
    found: dict[str, dict[str, str]] = {}
    for one in SEALED:
        rows = await line.fetch(f"select * from app.{one.table.name} where {one.cell.name} is not null")  # noqa: S608
        texts = found.setdefault(one.name, {})
        for row in rows:
            named = {f"row_{name}": row[name] for name in one.cell.info["sealed_for"]}
            place = one.place(named)
            texts[place["row"]] = sealer.open(row[one.cell.name], **place)
    return found


async def done(service: Service, task: str) -> None:
    await resealing.carry_on(service, {"task": task}, asyncio.Event())


def test_what_is_called_sealed_is_declared_sealed() -> None:
    """A column that is named as sealed and not declared would be forgotten; one declared names columns that exist."""
    named = {
        f"{table.name}.{cell.name}"
        for table in Base.metadata.sorted_tables
        for cell in table.columns
        if cell.name.endswith("sealed")
    }
    assert named <= {one.name for one in SEALED}
    assert all(name in one.table.c for one in SEALED for name in one.cell.info["sealed_for"])


async def test_everything_is_sealed_anew_and_the_former_key_can_go(
    rotating: Service, line: asyncpg.Connection, settings: Settings, url: str
) -> None:
    before, used = await opened(line, rotating.sealer), await key_ids(line)
    assert used == {name: {FORMER} for name in used}, "each sealed column has rows in this test"
    versions = await line.fetchval("select sum(version) from app.employers")
    task = await resealing.begin(rotating)
    await done(rotating, task)
    assert set().union(*(await key_ids(line)).values()) == {CURRENT}
    keys, _ = rotated(settings).sealing
    alone = Sealer({CURRENT: keys[CURRENT]}, CURRENT)
    assert await opened(line, alone) == before
    told = await line.fetchrow("select status, done, total, problem from app.tasks where id = $1", task)
    total = sum(map(len, before.values()))
    assert tuple(told) == ("succeeded", total, total, None)
    assert await line.fetchval("select sum(version) from app.employers") == versions, "no record has changed"
    assert (await resealing.in_use(rotating)).keys() == {CURRENT}


async def test_the_worker_does_it_and_the_bureau_sees_its_progress(rotating: Service, line: asyncpg.Connection) -> None:
    task = await resealing.begin(rotating)
    assert await resealing.begin(rotating) == task, "one at a time"
    async with working(rotating):
        await until(lambda: line.fetchval("select status = 'succeeded' from app.tasks where id = $1", task), 60)
    bureau = await line.fetchval("select id from app.bodies where kind = 'provincial_bureau'")
    assert await line.fetchval("select body_id from app.tasks where id = $1", task) == bureau


async def test_an_interrupted_walk_is_taken_up_where_it_stopped(rotating: Service, line: asyncpg.Connection) -> None:
    task = await resealing.begin(rotating)
    ending = asyncio.Event()
    running = asyncio.create_task(resealing.carry_on(rotating, {"task": task}, ending))
    await until(lambda: line.fetchval("select done > 500 from app.tasks where id = $1", task), 60)
    ending.set()
    with pytest.raises(Interrupted):
        await running
    so_far = await line.fetchval("select done from app.tasks where id = $1", task)
    assert await resealing.remaining(rotating) > 0
    await done(rotating, task)
    total = await line.fetchrow("select done, total from app.tasks where id = $1", task)
    assert total[0] == total[1] > so_far
    assert await resealing.remaining(rotating) == 0


async def test_a_value_that_does_not_open_is_named_and_stops_nothing_else(
    rotating: Service, line: asyncpg.Connection
) -> None:
    broken = await line.fetchval(
        "update app.employers set contact_phone_sealed = $1 where id = (select min(id::text)::uuid from app.employers)"
        " returning id",
        b"-",
    )
    assert broken
    task = await resealing.begin(rotating)
    await done(rotating, task)
    told = await line.fetchrow("select status, problem from app.tasks where id = $1", task)
    assert told["status"] == "failed"
    assert '"values-not-opened"' in told["problem"]
    assert await resealing.remaining(rotating) == 1
    assert (await resealing.in_use(rotating))["?"] == {"employers.contact_phone_sealed": 1}


# -- under load --------------------------------------------------------------------------------------------------------


class Writers:
    """Others at work: each writes new phones into rows of its own choice, and remembers the last one of each row."""

    def __init__(self, url: str, sealer: Sealer, *hands: int, of: int) -> None:
        """Each of these hands has every `of`-th row to itself."""
        self._url, self._sealer, self._hands, self._of = url, sealer, hands, of
        self._stop = asyncio.Event()
        self.last: dict[str, str] = {}
        self.writes = 0

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """For as long as the block lasts."""
        tasks = [asyncio.create_task(self._write(hand)) for hand in self._hands]
        try:
            yield
        finally:
            self._stop.set()
            await asyncio.gather(*tasks)

    async def _write(self, hand: int) -> None:
        line, chance = await asyncpg.connect(self._url), Random(hand)
        persons = [str(row[0]) for row in await line.fetch("select person_id from app.phones order by 1")]
        mine = persons[hand :: self._of]
        while not self._stop.is_set():
            person, phone = chance.choice(mine), f"137{chance.randrange(10**8):08d}"
            sealed = self._sealer.seal(phone, table="phones", column="sealed", row=person)
            await line.execute("update app.phones set sealed = $2 where person_id = $1", person, sealed)
            self.last[person], self.writes = phone, self.writes + 1
        await line.close()


async def lost(line: asyncpg.Connection, writers: Writers, sealer: Sealer) -> int:
    """How many rows do not have what was written to them last."""
    now = (await opened(line, sealer))["phones.sealed"]
    return sum(now[person] != phone for person, phone in writers.last.items())


@pytest.fixture
def hesitant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading a chunk and writing it, others have time."""
    run = resealing.run

    async def slowly(line: asyncpg.Connection, statement: Prepared, **values: Any) -> Any:
        found = await run(line, statement, **values)
        if "head" in values and found and "limit" in values:
            await asyncio.sleep(0.01)
        return found

    monkeypatch.setattr(resealing, "run", slowly)


async def test_no_write_is_lost_while_it_goes_on_and_nothing_old_is_left(
    rotating: Service, line: asyncpg.Connection, settings: Settings, url: str, hesitant: None
) -> None:
    late = await start(settings, url)
    await stop(late)
    writers, stragglers = Writers(url, rotating.sealer, 0, 1, of=3), Writers(url, late.sealer, 2, of=3)
    task = await resealing.begin(rotating)
    async with writers.at_work():
        async with stragglers.at_work():
            running = asyncio.create_task(done(rotating, task))
            await asyncio.sleep(0.3)
        await running
    assert writers.writes > 100
    assert stragglers.writes > 100
    assert await lost(line, writers, rotating.sealer) == await lost(line, stragglers, rotating.sealer) == 0
    assert set().union(*(await key_ids(line)).values()) == {CURRENT}


class Naive(SealedColumn):
    """Reads without a lock, and writes whatever is there by now."""

    def take(self, *beside: Any, old: bool = False) -> Any:
        """Without the lock."""
        return _changed(super().take(*beside, old=old), "FOR NO KEY UPDATE SKIP LOCKED", "")

    def put(self, cell: Any) -> Any:
        """Without looking."""
        held = f" AND app.{self.table.name}.{self.cell.name} = given.held"
        return _changed(super().put(cell), held, "")


def _changed(statement: Statement, old: str, new: str) -> Prepared:
    assert old in statement.sql, statement.sql
    made = Prepared(statement.sql.replace(old, new), statement.names)
    made.row = statement.row
    return made


@pytest.mark.parametrize("naive", [False, True])
async def test_the_naive_way_loses_writes_and_ours_does_not(
    rotating: Service,
    line: asyncpg.Connection,
    url: str,
    hesitant: None,
    monkeypatch: pytest.MonkeyPatch,
    naive: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    (phones,) = (one for one in SEALED if one.name == "phones.sealed")
    one = Naive(phones.cell) if naive else phones
    steps = ((one, one.take(old=True), one.put(one.cell), one.count),)
    monkeypatch.setattr(resealing, "_STEPS", steps)
    writers = Writers(url, rotating.sealer, 0, 1, 2, 3, of=4)
    async with writers.at_work():
        await done(rotating, await resealing.begin(rotating))
    assert (await lost(line, writers, rotating.sealer) > 0) is naive
