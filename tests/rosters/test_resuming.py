"""An import that is interrupted, killed or taken up twice ends as if nothing had happened."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import worker
from app.db import Stale
from app.errors import Busy
from app.service import Service
from app.settings import Settings
from app.workflows.rosters import roster_loading
from tests.rosters.given import as_csv, begin, counts, rows_of
from tests.working import ended, until, working
from tests.world import Somebody, World

MANY = 1600
ROOT = Path(__file__).parents[2]


async def position(world: World, one: str) -> int:
    """How far an import is."""
    return int(await world.line.fetchval("select position from app.imports where id = $1", one))


async def is_whole(world: World, school: Somebody, one: str) -> None:
    """Each row was added once and reported once."""
    assert counts((await school.get(f"/v1/rosters/imports/{one}")).json()) == (MANY, 0, 0, 0)
    rows = await world.line.fetchrow(
        "select count(*), min(number), max(number) from app.import_rows where import_id = $1", one
    )
    assert tuple(rows) == (MANY, 2, MANY + 1)
    entries = "select count(*), count(distinct name), max(version) from app.roster_entries where school_id = $1"
    assert tuple(await world.line.fetchrow(entries, school.body)) == (MANY, MANY, 1)


async def test_an_import_goes_on_where_its_worker_stopped(world: World) -> None:
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, MANY)))
    async with working(world.service):
        await until(lambda: position(world, one))
    stopped = await position(world, one)
    assert 0 < stopped <= MANY
    assert (await school.get(f"/v1/tasks/{one}")).json()["status"] == "running"
    async with working(world.service):
        task = await ended(school, f"/v1/tasks/{one}")
    assert (task["status"], task["progress"]) == ("succeeded", {"done": MANY, "total": MANY})
    await is_whole(world, school, one)


async def test_an_import_goes_on_where_its_worker_was_cancelled(world: World) -> None:
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, MANY)))
    running = asyncio.create_task(worker.work(world.service, stop=asyncio.Event()))
    await until(lambda: position(world, one))
    running.cancel()
    await asyncio.wait({running})
    assert await position(world, one) <= MANY
    async with working(world.service):
        assert (await ended(school, f"/v1/tasks/{one}"))["status"] == "succeeded"
    await is_whole(world, school, one)


@pytest.mark.slow
async def test_an_import_goes_on_where_its_worker_was_killed(
    world: World, database_url: str, settings: Settings
) -> None:
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, MANY)))
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database_url, "DATA_DIR": str(settings.data_dir)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app", "work", cwd=ROOT, env=environment)
    try:
        await until(lambda: position(world, one), seconds=30)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert 0 < await position(world, one) <= MANY
    async with working(world.service, lease=timedelta(seconds=1)):
        assert (await ended(school, f"/v1/tasks/{one}"))["status"] == "succeeded"
    await is_whole(world, school, one)


async def test_two_workers_on_one_import_do_its_rows_once(world: World, service: Service) -> None:
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, MANY)))
    calm = asyncio.Event()
    both = await asyncio.gather(
        *(roster_loading.loading.run(service, {"task": one}, calm) for _ in range(2)), return_exceptions=True
    )
    assert [type(result) for result in both if result is not None] in ([], [Stale], [Busy])
    await is_whole(world, school, one)
    await roster_loading.loading.run(service, {"task": one}, calm)
    await is_whole(world, school, one)


@pytest.mark.usefixtures("impatient")
async def test_an_import_outlives_its_database_line(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, MANY)))
    async with working(service):
        await until(lambda: position(world, one))
        await world.line.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query like '%judged%' and pid <> pg_backend_pid()"
        )
        assert (await _ended(school, one))["status"] == "succeeded"
    await is_whole(world, school, one)


async def _ended(school: Somebody, one: str) -> dict[str, Any]:
    """The task, asked for again where the line was lost."""
    while True:
        answer = await school.get(f"/v1/tasks/{one}")
        if answer.status_code == 200 and answer.json()["status"] in ("succeeded", "failed"):
            return dict(answer.json())
        await asyncio.sleep(0.05)


@pytest.mark.usefixtures("impatient")
async def test_a_task_that_fails_for_good_says_so(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ATTEMPTS", 2)
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, 1)))
    file = await world.line.fetchval("select file_id from app.imports where id = $1", one)
    await service.storage.remove([str(file)])
    async with working(service):
        task = await ended(school, f"/v1/tasks/{one}")
    assert (task["status"], task["problem"]["code"]) == ("failed", "task-failed")
