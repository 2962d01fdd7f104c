"""Brings an employer's registration into a situation by the API's own moves, and names the cast of a world."""

from dataclasses import dataclass, field
from typing import Any

from tests.employers.registrant import OUTSIDE, Registrant, county_of, licence_of
from tests.world import Somebody, World


@dataclass
class Given:
    """One employer and its operator, and everybody around."""

    world: World
    region: str
    cast: dict[str, Somebody] = field(default_factory=dict)
    licence: str = ""
    who: Registrant | None = None

    @classmethod
    async def everybody(cls, world: World) -> "Given":
        """The cast of this world, with the bureau of a real county."""
        region, bureau = await county_of(world)
        await world.line.execute("update app.bodies set parent_id = $2 where id = $1", bureau, world.bodies["city"])
        desk = await world.body("support", f"s{world.serial}", "客服")
        cast = {
            "other operator": await world.employer(),
            "county": await world.staff("county", body=bureau),
            "county reader": await world.staff("county", "reader", body=bureau),
            "other county": await world.staff("county"),
            "city": await world.staff("city", "reader"),
            "provincial_bureau": await world.staff("provincial_bureau"),
            "provincial_education": await world.staff("provincial_education"),
            "school": await world.staff("school"),
            "department": await world.staff("department"),
            "graduate": await world.graduate(),
            "support": await world.staff("support", body=desk),
        }
        return cls(world, region, cast)

    async def employer(self, situation: str, stage: str | None) -> str:
        """The path of an employer in this situation, its licence attached."""
        self.who = Registrant.new(OUTSIDE if stage == "province" else self.region)
        made = await self.who.register(self.world)
        assert made.status_code == 201, made.text
        path = made.headers["Location"]
        self.cast["operator"] = operator = await self.who.signed_in(self.world, path.rpartition("/")[2])
        self.licence = await licence_of(operator)
        await operator.move(path, "attach", licence_file_id=self.licence)
        decisions = {"draft": "return", "approved": "approve", "rejected": "reject"}
        if action := decisions.get(situation):
            moved = await self.cast["county"].move(path, action, **self.body(action))
            assert moved.status_code == 201, moved.text
        return path

    def body(self, action: str) -> dict[str, Any]:
        """What an action needs beyond its name, so that only person and situation decide."""
        assert self.who
        details = {name: value for name, value in self.who.employer.items() if name != "credit_code"}
        return {
            "edit": {"employer": details | {"address": "泺源大街1号"}},
            "attach": {"licence_file_id": self.licence},
            "reject": {"reason": "unit_not_found"},
            "return": {"comment": "请更正单位地址。"},
        }.get(action, {})

    async def trace(self, path: str) -> tuple[Any, ...]:
        """Everything that a refused move must leave as it was."""
        record, line = path.rpartition("/")[2], self.world.line
        return (
            await line.fetchval("select count(*) from app.trail where record_id = $1", record),
            await line.fetchrow(
                "select e.*, b.name as called from app.employers e join app.bodies b using (id) where id = $1", record
            ),
            await line.fetch("select * from app.reviews where record_id = $1 order by id", record),
            await line.fetchval("select count(*) from app.messages where record_id = $1", record),
            await line.fetchval("select count(*) from app.events where record_id = $1", record),
        )
