"""Rosters with whole rows in them, and corrections brought into a situation by the API's own moves."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.change import fresh_id
from app.words.identity import birth_date, gender
from tests.world import COHORT, Somebody, World

REASON = "身份证和学籍档案上的姓名均为此名。"


def details(id_number: str) -> dict[str, Any]:
    """What a roster says of a graduate, as whole as the checks ask."""
    return {
        "candidate_number": "23370102110001", "gender": gender(id_number), "ethnicity": "01", "political_status": "03",
        "education_level": "31", "major_code": "080901", "major": "计算机科学与技术", "training_mode": "1",
        "home_region": "370102", "duration": "4", "enrolled_on": "2023-09-01", "graduated_on": f"{COHORT}-06-30",
        "teacher_training": "2", "hardship": "0", "class_name": "计科2301", "student_number": "2023010101",
        "birth_date": birth_date(id_number).isoformat(),
    }  # fmt: skip


async def in_both_rosters(world: World, graduate: Somebody, *, provincial_name: str | None = None) -> dict[str, str]:
    """Whole entries of the graduate; their ids by source."""
    row = await world.line.fetchrow("select * from app.graduates where id = $1", graduate.graduate)
    stated = json.dumps(details(graduate.facts["id_number"]))
    other = fresh_id()
    await world.line.execute("update app.roster_entries set details = $2 where id = $1", row["roster_entry_id"], stated)
    await world.line.execute(
        "insert into app.roster_entries (id, version, created_at, updated_at, source, school_id, person_id, name,"
        " level, cohort, completed, details, extra)"
        " values ($1, 1, now(), now(), 'provincial', $2, $3, $4, $5, $6, true, $7, '{}')",
        other, row["school_id"], row["person_id"], provincial_name or row["name"], row["level"], row["cohort"], stated,
    )  # fmt: skip
    return {"school": str(row["roster_entry_id"]), "provincial": other}


async def ask(who: Somebody, entry: str, **changes: Any) -> httpx.Response:
    """Ask for a correction."""
    return await who.post("/v1/roster-corrections", {"entry_id": entry, "changes": changes, "reason": REASON})


@dataclass
class Corrections:
    """A graduate in both rosters, and everybody who may or may not correct them."""

    world: World
    cast: dict[str, Somebody] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def made(cls, world: World) -> "Corrections":
        """The cast of a world."""
        other_school = await world.body("school", fresh_id()[-12:], "另一所大学")
        graduate = await world.graduate()
        cast = {
            "graduate": graduate,
            "other graduate": await world.graduate(name="李小红"),
            "employer": await world.employer(),
            "department": await world.staff("department"),
            "school": await world.staff("school"),
            "school reader": await world.staff("school", "reader"),
            "other school": await world.staff("school", body=other_school),
            "county": await world.staff("county"),
            "city": await world.staff("city", "reader"),
            "provincial_bureau": await world.staff("provincial_bureau"),
            "provincial_education": await world.staff("provincial_education"),
        }
        return cls(world, cast, await in_both_rosters(world, graduate))

    async def correction(self, source: str, situation: str, stage: str | None) -> str:
        """The path of a correction of the name in this situation."""
        asked = await ask(self.cast["graduate"], self.entries[source], name="王晓明")
        assert asked.status_code == 201, asked.text
        path = asked.headers["Location"]
        match situation:
            case "terminated":
                moves = [("graduate", "withdraw")]
            case "rejected":
                moves = [("school", "reject")]
            case "approved":
                moves = [("school", "approve"), ("provincial_education", "approve")]
            case _:
                moves = [("school", "approve")] if stage == "province" else []
        for who, action in moves if source == "provincial" else moves[:1]:
            moved = await self.move(who, path, action)
            assert moved.status_code == 201, moved.text
        return path

    async def move(self, who: str, path: str, action: str) -> httpx.Response:
        """A move at the version that the record has."""
        version = await self.world.line.fetchval(
            "select version from app.roster_corrections where id = $1", path.rpartition("/")[2]
        )
        body = {"reason": "proof_mismatch"} if action == "reject" else {}
        return await self.cast[who].move(path, action, version, **body)

    async def trace(self, path: str) -> tuple[Any, ...]:
        """Everything that a refused move must leave as it was."""
        line, record = self.world.line, path.rpartition("/")[2]
        return (
            await line.fetchrow("select * from app.roster_corrections where id = $1", record),
            await line.fetchval("select count(*) from app.trail where record_id = $1", record),
            await line.fetch(
                "select * from app.roster_entries where id = any($1) order by id", [*self.entries.values()]
            ),
            await line.fetch("select * from app.graduates where id = $1", self.cast["graduate"].graduate),
            await line.fetch("select id, decision from app.reviews where record_id = $1 order by id", record),
        )
