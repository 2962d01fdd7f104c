"""The floor of `make bench` runs the API's own writes: a ratio to another statement would mean nothing."""

import pytest

from app.change import Change
from app.db import Database, Result
from app.writes import shape, write_statement
from benchmarks.floor import entering, moving
from tests.accounts.people import enrolled, register, sign_in
from tests.agreements.given import Given
from tests.world import World


async def test_the_floor_writes_what_the_api_writes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written = set()

    async def seen(self: Database, change: Change, *door: object, **given: object) -> Result:
        written.add(write_statement(shape(change, *door)).sql)
        return await applied(self, change, *door, **given)

    applied = Database.apply
    monkeypatch.setattr(Database, "apply", seen)
    await (await Given.everybody(world)).agreement("submitted", "school")
    who = await enrolled(world)
    assert (await register(world, who)).status_code == 201
    signed_in = await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)
    assert signed_in.status_code == 201
    ours = (moving.APPROVE, moving.ACCEPT, entering.COUNT, entering.BEGIN)
    assert {one.sql for one in ours} <= written
