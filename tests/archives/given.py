"""Dispatches that stand somewhere, and the people who keep and read them."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from tests.world import Somebody, World

NUMBERS = count(1)
REASON = "报到证编号录入有误，需作废后重新登记。"
LEG = {
    "sender": "测试大学档案馆",
    "receiver": "历下区人才中心",
    "receiver_region": None,
    "address": None,
    "carrier": "机要通信",
    "tracking_number": "JY20250705001",
    "moved_on": "2025-07-05",
    "state": "sent",
}
BODIES = {"forward": LEG, "void": {"reason": REASON}}
KINDS = ("department", "school", "county", "city", "provincial_bureau")


def draft(graduate: Somebody, **changes: Any) -> dict[str, Any]:
    """A dispatch of the graduate's file, with a number of its own."""
    return {
        **graduate.facts,
        "number": f"2026{next(NUMBERS):08d}",
        "type": "1",
        "unit_name": "山东测试科技有限公司",
        "unit_region": "370102",
        "dispatched_on": "2025-06-30",
        **changes,
    }


@dataclass
class Archives:
    """A graduate, everybody who may have to do with their file, and a stranger."""

    world: World
    cast: dict[str, Somebody]

    @classmethod
    async def made(cls, world: World) -> "Archives":
        """All signed in."""
        cast = {"graduate": await world.graduate(), "another": await world.graduate()}
        cast |= {kind: await world.staff(kind) for kind in KINDS}
        return cls(world, cast)

    async def dispatch(self, situation: str, who: str = "school") -> str:
        """The path of a dispatch in this situation, recorded by somebody."""
        answer = await self.cast[who].post("/v1/archives", draft(self.cast["graduate"]))
        assert answer.status_code == 201, answer.text
        path = answer.headers["Location"]
        if situation == "voided":
            assert (await self.move(who, path, "void", 1)).status_code == 201
        return path

    async def move(self, who: str, path: str, action: str, version: int) -> httpx.Response:
        """Try a move with a good body."""
        return await self.cast[who].move(path, action, version, **BODIES[action])

    async def trace(self, path: str) -> tuple[Any, ...]:
        """All that a move may leave behind."""
        record, line = path.rpartition("/")[2], self.world.line
        return (
            await line.fetchrow("select * from app.dispatches where id = $1", record),
            await line.fetchval("select count(*) from app.archive_movements where dispatch_id = $1", record),
            await line.fetchval("select count(*) from app.trail where record_id = $1", record),
            await line.fetchval("select count(*) from app.messages where record_id = $1", record),
        )


async def every_move_of_archives(world: World) -> None:
    """Record, forward, void."""
    given = await Archives.made(world)
    path = await given.dispatch("recorded")
    for version, action in enumerate(("forward", "void"), start=1):
        assert (await given.move("school", path, action, version)).is_success
