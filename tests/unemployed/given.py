"""Brings registrations of unemployed graduates into a situation by the API's own moves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from app.words.unemployed import ContactChannel
from tests.agreements.given import Given
from tests.employers.registrant import county_of
from tests.world import Somebody, World

PATH = "/v1/unemployed-registrations"
OUTSIDE = "310101"
SEEKING = {"situation": "unemployed", "residence_address": "经十路1号", "service_needs": ["guidance", "referral"]}


async def declared(given: Given) -> str:
    """The path of a registration of the graduate of this cast, wherever they live."""
    answer = await given.cast["graduate"].post(PATH, {**SEEKING, "residence_region": OUTSIDE})
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


@dataclass
class Cases:
    """A cast around one graduate, and two counties with their bureaus."""

    given: Given
    here: str
    there: str

    @classmethod
    async def made(cls, world: World) -> Self:
        """A cast of this world's own."""
        return await cls.around(await Given.everybody(world))

    @classmethod
    async def around(cls, given: Given) -> Self:
        """The cast with bureaus: `county` follows up here, `other county` there."""
        world = given.world
        here, bureau = await county_of(world)
        world.serial += 1
        there, other = await county_of(world)
        world.serial -= 1
        city = given.cast["city"].body
        await world.line.execute("update app.bodies set parent_id = $1 where id = $2", city, bureau)
        given.cast |= {
            "county": await world.staff("county", body=bureau),
            "county reader": await world.staff("county", "reader", body=bureau),
            "other county": await world.staff("county", body=other),
        }
        return cls(given, here, there)

    def __getitem__(self, who: str) -> Somebody:
        return self.given.cast[who]

    def declaration(self, **other: Any) -> dict[str, Any]:
        """A declaration of who looks for work here, with other values where given."""
        return {**SEEKING, "residence_region": self.here, **other}

    async def declared(self, **other: Any) -> str:
        """The path of a new registration."""
        answer = await self["graduate"].post(PATH, self.declaration(**other))
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def body(self, action: str) -> dict[str, Any]:
        """What an action needs beyond its name."""
        today = self.given.world.service.clock.today()
        contact = {"contacted_on": f"{today}", "channel": ContactChannel.PHONE, "result": "no_answer"}
        return {
            "redeclare": self.declaration(situation="no_intention"),
            "log_contact": {**contact, "next_on": f"{today + timedelta(days=7)}"},
            "give_service": {"service": "guidance"},
            "use_policy": {"policy": "internship_subsidy"},
            "relocate": {"residence_region": self.there, "residence_address": "人民路2号"},
        }.get(action, {})

    async def moved(self, path: str, who: str, action: str, **more: Any) -> dict[str, Any]:
        """The answer of a move that is carried out."""
        answer = await self[who].move(path, action, **self.body(action) | more)
        assert answer.status_code == 201, (who, action, answer.text)
        told: dict[str, Any] = answer.json()
        return told
