"""Phones of contacts that were written before they were sealed: `reseal` seals them, and loses no write meanwhile."""

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from app.db import Prepared
from app.models import Review
from app.service import Service
from app.workflows.keys import resealing
from app.workflows.keys.sealing_plain import PlainPart
from app.workflows.sealed_parts import AMENDED, DETAILS, PARTS, Sealing
from tests.fire.test_row_level_security import add
from tests.keys.conftest import CONTACT, CURRENT, DIFF
from tests.keys.test_resealing import _changed, done

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
async def plain(rotating: Service, line: asyncpg.Connection) -> None:
    """Every part as the release before wrote it, and what the queue showed of the amendment."""
    for part in PARTS:
        change = f"update app.{part.table.name} set {part.name} = $1, {part.beside.name} = null"  # noqa: S608 (a part's)
        whole = json.dumps(DIFF if part is AMENDED else CONTACT)
        await line.execute(f"{change} where {part.beside.name} is not null", whole)
    amendment = await line.fetchval("select id from app.amendments")
    body = await line.fetchval("select id from app.bodies")
    subject = json.dumps({"kind": "labor_contract", "diff": DIFF})
    turn = {"record_kind": "amendment", "record_id": amendment, "subject": subject, "body_id": body}
    await add(SimpleNamespace(line=line), Review, **turn)  # type: ignore[arg-type]


async def whole(service: Service, line: asyncpg.Connection, part: Sealing[Any]) -> Any:
    """The part of the one row that has it, opened."""
    chosen = f"select id::text, {part.name}, {part.beside.name} from app.{part.table.name}"  # noqa: S608 (a part's)
    row: Mapping[str, Any] = await line.fetchrow(f"{chosen} where {part.beside.name} is not null")
    return part.whole(service.sealer, {**row, part.name: json.loads(row[part.name])})


async def test_what_is_plain_counts_as_no_key_and_is_sealed(rotating: Service, line: asyncpg.Connection) -> None:
    named = {f"{part.table.name}.{part.name}": 1 for part in PARTS}
    assert (await resealing.in_use(rotating))["?"] == named
    task = await resealing.begin(rotating)
    await done(rotating, task)
    assert await line.fetchval("select status from app.tasks where id = $1", task) == "succeeded"
    assert (await resealing.in_use(rotating)).keys() == {CURRENT}
    for part in PARTS:
        assert await whole(rotating, line, part) == (DIFF if part is AMENDED else CONTACT)
        text = await line.fetchval(f"select string_agg(t::text, '') from app.{part.table.name} t")  # noqa: S608 (a part's)
        assert "135****000" in text
        assert "1350000000" not in text
    shown = json.loads(await line.fetchval("select subject from app.reviews where record_kind = 'amendment'"))
    assert shown == {"kind": "labor_contract", "diff": AMENDED.seen(DIFF)}


class Naive(PlainPart):
    """Reads without a lock."""

    @property
    def take(self) -> Any:  # type: ignore[override]
        """Without the lock."""
        return _changed(super().take, "FOR NO KEY UPDATE SKIP LOCKED", "")


@pytest.mark.parametrize("naive", [False, True])
async def test_a_write_that_comes_between_is_lost_by_the_naive_way_alone(
    rotating: Service,
    line: asyncpg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    naive: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """A process of the release before writes, in clear, between the reading of a chunk and its writing."""
    (one,) = (Naive(part) if naive else PlainPart(part) for part in PARTS if part is DETAILS)
    take = one.take
    monkeypatch.setattr(resealing, "_STEPS", ((one, take, one.put, one.count),))
    run, others = resealing.run, await asyncpg.connect(url)
    writing: list[asyncio.Task[Any]] = []

    async def with_somebody(line: asyncpg.Connection, statement: Prepared, **values: Any) -> Any:
        found = await run(line, statement, **values)
        if statement is take and found and not writing:
            change = "update app.placements set details = $1, details_sealed = null where id = $2"
            later = json.dumps(CONTACT | {"archive_phone": "13500000009"})
            writing.append(asyncio.create_task(others.execute(change, later, found[0].id)))
            await asyncio.sleep(0.2)
        return found

    monkeypatch.setattr(resealing, "run", with_somebody)
    await done(rotating, await resealing.begin(rotating))
    await writing[0]
    await others.close()
    await done(rotating, await resealing.begin(rotating))
    kept = (await whole(rotating, line, DETAILS))["archive_phone"]
    assert kept == ("13500000001" if naive else "13500000009")
