"""Brings records into a situation by the API's own moves, and names the cast of a world."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.world import PASSWORD, TERMS, Somebody, World

REASON = "双方协商一致，同意解除就业协议。"
BODIES: dict[str, dict[str, Any]] = {
    "edit": {"terms": TERMS | {"salary_monthly": 9000}},
    "extend": {"valid_days": 20},
    "accept": {"terms_version": 1, "password": PASSWORD},
    "reject": {"reason": "not_eligible"},
}
"""What each action needs beyond its name, so that only person and situation decide."""
TRACE = """
    select (select count(*) from app.trail where record_id = $1) as steps,
           (select string_agg((version, status)::text, ' ' order by id) from app.invitations where graduate_id = $2)
             as invitations,
           (select string_agg((version, status, decision, stage, turn)::text, ' ' order by id) from app.placements
             where graduate_id = $2) as placements,
           (select string_agg((version, status, decision)::text, ' ' order by id) from app.terminations
             where graduate_id = $2) as terminations,
           (select string_agg((version, status)::text, ' ' order by id) from app.objections where graduate_id = $2)
             as objections,
           (select string_agg((id, decision)::text, ' ' order by id) from app.reviews where graduate_id = $2)
             as reviews,
           (select count(*) from app.messages where to_graduate_id = $2) as messages
"""
"""What there is of a record and of its graduate."""


@dataclass
class Given:
    """One graduate, one employer, everybody around them, and what lies between them."""

    world: World
    cast: dict[str, Somebody] = field(default_factory=dict)

    @classmethod
    async def everybody(cls, world: World, *, left: bool = False) -> "Given":
        """The cast of this world; `left`: the graduate has left school."""
        other_school = await world.body("school", f"x{world.serial}", "另一所大学")
        cast = {
            "graduate": await world.graduate(leave_on="2020-06-30" if left else None),
            "other graduate": await world.graduate(name="李小红"),
            "employer": await world.employer(),
            "other employer": await world.employer(),
            "department": await world.staff("department"),
            "department reader": await world.staff("department", "reader"),
            "school": await world.staff("school"),
            "other school": await world.staff("school", body=other_school),
            "county": await world.staff("county"),
            "city": await world.staff("city", "reader"),
            "provincial_bureau": await world.staff("provincial_bureau"),
            "provincial_education": await world.staff("provincial_education"),
        }
        return cls(world, cast)

    async def new_graduate(self, *, left: bool = False) -> None:
        """Another graduate takes the part, with nothing behind them."""
        self.cast["graduate"] = await self.world.graduate(leave_on="2020-06-30" if left else None)

    async def invitation(self, situation: str) -> str:
        """The path of an invitation in this situation."""
        graduate, employer = self.cast["graduate"], self.cast["employer"]
        sent = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS})
        assert sent.status_code == 201, sent.text
        path = sent.headers["Location"]
        match situation:
            case "lapsed":
                await self.world.line.execute(
                    "update app.invitations set valid_until = $2 where id = $1",
                    path.rpartition("/")[2],
                    self.world.service.clock.now() - timedelta(seconds=1),
                )
            case "accepted":
                await graduate.move(path, "accept", **BODIES["accept"])
            case "declined":
                await graduate.move(path, "decline")
            case "withdrawn":
                await employer.move(path, "withdraw")
            case "superseded":
                other = await self.cast["other employer"].post(
                    "/v1/invitations", {"to": graduate.facts, "terms": TERMS}
                )
                await graduate.move(other.headers["Location"], "accept", **BODIES["accept"])
        return path

    async def agreement(self, situation: str, stage: str | None) -> str:
        """The path of an agreement in this situation; stage county needs a graduate who has left."""
        accepted = await self.cast["graduate"].move(await self.invitation("sent"), "accept", **BODIES["accept"])
        path = f"/v1/agreements/{accepted.json()['created'][0]['id']}"
        if (situation, stage) in (("submitted", "school"), ("approved", None), ("terminated", None)):
            await self.cast["department"].move(path, "approve")
        if situation in ("approved", "terminated"):
            await self.cast["school"].move(path, "approve")
        if situation == "rejected":
            await self.cast["department"].move(path, "reject", **BODIES["reject"])
        if situation == "terminated":
            await self.cast["employer"].move(await self.asked(path, "graduate"), "agree")
        return path

    async def asked(self, agreement: str, who: str) -> str:
        """The path of a termination that this side has asked for."""
        placement = agreement.rpartition("/")[2]
        draft = {"placement_id": placement, "type": "mutual", "reason": REASON}
        asked = await self.cast[who].post("/v1/terminations", draft)
        assert asked.status_code == 201, asked.text
        return asked.headers["Location"]

    async def termination(self, situation: str, asker: str | None) -> str:
        """The path of a termination in this situation."""
        asker = asker or "graduate"
        other = "employer" if asker == "graduate" else "graduate"
        path = await self.asked(await self.agreement("approved", None), asker)
        match situation:
            case "agreed":
                await self.cast[other].move(path, "agree")
            case "refused":
                await self.cast[other].move(path, "refuse")
            case "withdrawn":
                await self.cast[asker].move(path, "withdraw")
        return path

    async def trace(self, path: str) -> Any:
        """Everything that a refused move must leave as it was."""
        return await self.world.line.fetchrow(TRACE, path.rpartition("/")[2], self.cast["graduate"].graduate)
