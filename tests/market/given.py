"""Brings jobs and applications for them into a situation by the API's own moves, and names the cast of a world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from app.workflows.reviewing import local_day
from tests.world import TERMS as OFFER
from tests.world import Somebody, World

POST: dict[str, Any] = {
    "title": "后端开发工程师",
    "occupation_category": "13",
    "description": "负责省级业务系统的后端开发，熟悉 Python 与 PostgreSQL。",
    "regions": ["370102"],
    "nature": "full_time",
    "headcount": 3,
    "salary_from": 7000,
    "salary_to": 12000,
    "level": "bachelor",
    "majors": ["计算机科学与技术"],
    "contact_name": "李老师",
    "contact_email": "hr@example.com",
    "end_on": "2099-06-30",
}
OUTSIDE = "310110"
WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "submitted": (("employer", "submit"),),
    "approved": (("employer", "submit"), ("reviewer", "approve")),
    "expired": (("employer", "submit"), ("reviewer", "approve")),
    "rejected": (("employer", "submit"), ("reviewer", "reject")),
    "closed": (("employer", "submit"), ("reviewer", "approve"), ("employer", "close")),
    "taken_down": (("employer", "submit"), ("reviewer", "approve"), ("reviewer", "take_down")),
}
BODIES: dict[str, dict[str, Any]] = {
    "edit": {"terms": POST | {"title": "数据库工程师"}},
    "edit its end": {"terms": POST | {"end_on": "2099-07-31", "headcount": 5}},
    "reject": {"reason": "suspected_false"},
    "take_down": {"reason": "suspected_false"},
    "return": {"comment": "请补充岗位职责。"},
    "decline": {"reason": "岗位已招满。"},
}
"""What each action needs beyond its name, so that only person and situation decide."""


@dataclass
class Given:
    """One employer with its posts, graduates, and everybody around."""

    world: World
    cast: dict[str, Somebody] = field(default_factory=dict)

    @classmethod
    async def everybody(cls, world: World) -> "Given":
        """The cast of this world."""
        desk = await world.body("support", f"m{world.serial}", "客服")
        other = await world.body("county", f"o{world.serial}", "另一区县人社局", world.bodies["city"])
        cast = {
            "employer": await world.employer(),
            "other employer": await world.employer(),
            "graduate": await world.graduate(verified=False),
            "other graduate": await world.graduate(name="李小红"),
            "county": await world.staff("county"),
            "county reader": await world.staff("county", "reader"),
            "other county": await world.staff("county", body=other),
            "city": await world.staff("city", "reader"),
            "provincial_bureau": await world.staff("provincial_bureau"),
            "provincial_education": await world.staff("provincial_education"),
            "school": await world.staff("school"),
            "support": await world.staff("support", body=desk),
        }
        return cls(world, cast)

    async def job(self, situation: str = "approved", stage: str | None = None, **terms: Any) -> str:
        """The path of a job in this situation."""
        region = OUTSIDE if stage == "province" else self.world.region
        employer = self.cast["employer"]
        await self.world.line.execute(
            "update app.employers set registered_region = $2 where id = $1", employer.body, region
        )
        made = await employer.post("/v1/jobs", {"terms": POST | terms})
        assert made.status_code == 201, made.text
        path = made.headers["Location"]
        reviewer = self.cast["provincial_bureau" if stage == "province" else "county"]
        for who, action in WAYS[situation]:
            person = reviewer if who == "reviewer" else employer
            answer = await person.move(path, action, **BODIES.get(action, {}))
            assert answer.status_code == 201, (who, action, answer.text)
        if situation == "expired":
            await self.expire(path)
        return path

    async def expire(self, path: str) -> None:
        """Its last day was yesterday."""
        yesterday = local_day(self.world.service.clock.now()) - timedelta(days=1)
        await self.world.line.execute(
            "update app.jobs set end_on = $2 where id = $1", path.rpartition("/")[2], yesterday
        )

    async def applied(self, job: str, who: str = "graduate", **more: Any) -> httpx.Response:
        """The answer to an application for this job."""
        draft = {"job_id": job.rpartition("/")[2], "fields": ["name", "school_name", "major"]} | more
        return await self.cast[who].post("/v1/job-applications", draft)

    async def application(self, situation: str = "sent", **more: Any) -> str:
        """The path of an application in this situation, for a job of its own."""
        sent = await self.applied(await self.job(), **more)
        assert sent.status_code == 201, sent.text
        path = sent.headers["Location"]
        if situation != "sent":
            action = {"viewed": "view", "declined": "decline", "invited": "invite", "withdrawn": "withdraw"}[situation]
            moved = await self.act("graduate" if action == "withdraw" else "employer", path, action)
            assert moved.status_code == 201, moved.text
        return path

    async def act(self, who: str, path: str, action: str, version: int | None = None) -> httpx.Response:
        """Do this with an application; inviting is an invitation that names it."""
        if action == "invite":
            return await self.invited(who, path)
        return await self.cast[who].move(path, action.split(maxsplit=1)[0], version, **BODIES.get(action, {}))

    async def invited(self, who: str, application: str) -> httpx.Response:
        """The answer to an invitation from this application."""
        to = {"job_application_id": application.rpartition("/")[2]}
        return await self.cast[who].post("/v1/invitations", {"to": to, "terms": OFFER})

    async def trace(self, path: str) -> tuple[Any, ...]:
        """Everything that a refused move must leave as it was."""
        record, line = path.rpartition("/")[2], self.world.line
        return (
            await line.fetch("select * from app.jobs where id = $1", record),
            await line.fetch("select * from app.job_applications where id = $1", record),
            await line.fetchval("select count(*) from app.trail where record_id = $1", record),
            await line.fetch("select * from app.reviews where record_id = $1 order by id", record),
            await line.fetchval("select count(*) from app.messages where record_id = $1", record),
            await line.fetchval("select count(*) from app.events where record_id = $1", record),
            await line.fetchval(
                "select count(*) from app.invitations where graduate_id = $1", self.cast["graduate"].graduate
            ),
        )
