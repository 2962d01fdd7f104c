"""A world for one test: a school with a department, a county bureau, employers, graduates, all signed in and real."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import asyncpg
import httpx

from app.calendar import seed_rows
from app.change import fresh_id
from app.security.passwords import Passwords
from app.service import Service
from app.words.identity import id_check_digit

PASSWORD = "青山-2027-lv-绿水"
COHORT = 2027
POLICY = {
    "registration": "self_registration",
    "leave_on": "2027-06-30",
    "invitation_days": 5,
    "review_due_days": 3,
    "answer_due_days": 10,
    "review_chain": ["department", "school"],
    "termination_chain": ["school"],
    "subsidy": {
        "categories": {
            "low_income": {"name": "城乡低保家庭", "amount_cny": 1000, "proof": "低保证明"},
            "student_loan": {"name": "国家助学贷款", "amount_cny": 600, "proof": "国家助学贷款合同"},
        },
        "reviewing_stage": "county",
        "publicity_days": 5,
    },
}
_serial = count(1)
LIGHT: dict[str, int] = {"memory_kib": 8, "time_cost": 1}
"""argon2id at its least: few tests are about what it costs to prove a password."""
_hashes: dict[str, str] = {}


async def found_the_province(url: str) -> None:
    """What every world shares: the provincial bodies, a policy, the calendar."""
    line = await asyncpg.connect(url)
    now = datetime.now(UTC)
    await line.execute("insert into app.regions values ('370000', '山东省', 'province', null)")
    for kind, name in (("provincial_bureau", "省人力资源和社会保障厅"), ("provincial_education", "省教育厅")):
        await line.execute(
            "insert into app.bodies (id, kind, code, name, created_at) values ($1, $2, '37', $3, $4)",
            fresh_id(), kind, name, now,
        )  # fmt: skip
    for cohort in (COHORT, 2022, 2018):
        registration = "provisioned" if cohort == 2018 else "self_registration"
        policy = POLICY | {"registration": registration, "leave_on": f"{cohort}-06-30"}
        policy |= {"dispatch_certificates": cohort <= 2022}
        await line.execute(
            "insert into app.policies (cohort, version, document, effective_from) values ($1, 1, $2, $3)",
            cohort, json.dumps(policy), datetime(2016, 1, 1, tzinfo=UTC),
        )  # fmt: skip
    await line.executemany(
        "insert into app.calendar_days (date, is_working, name) values ($1, $2, '')", list(seed_rows())
    )
    await line.execute(
        "insert into app.calendar_years select distinct extract(year from date), 1, '通知' from app.calendar_days"
    )
    await line.close()


LASTING = timedelta(hours=12)


SESSION = """
    insert into app.sessions (id, account_id, graduate_id, amr, auth_at, refresh_hash, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
STAFF = """
    with account as (
      insert into app.accounts (id, kind, body_id, username, display_name, roles, password_hash, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8))
    insert into app.sessions (id, account_id, amr, auth_at, refresh_hash, expires_at) values ($9, $1, $10, $8, $11, $12)
"""
GRADUATE = """
    with person as (insert into app.persons values ($1, $2, $3, $4)),
    entry as (
      insert into app.roster_entries (id, version, created_at, updated_at, source, school_id, department_id, person_id,
                                      name, level, cohort, completed, details, extra)
      values ($5, 1, $4, $4, 'school', $6, $7, $1, $8, 'bachelor', $9, true, '{}', '{}')),
    graduate as (
      insert into app.graduates (id, version, created_at, updated_at, person_id, roster_entry_id, school_id,
                                 department_id, name, level, cohort, major, leave_on, verified_at)
      values ($10, 1, $4, $4, $1, $5, $6, $7, $8, 'bachelor', $9, '计算机科学与技术', $11::text::date, $12)),
    account as (
      insert into app.accounts (id, kind, person_id, level, display_name, roles, password_hash, created_at)
      values ($13, 'graduate', $1, 'bachelor', $8, '{}', $14, $4))
    insert into app.sessions (id, account_id, graduate_id, amr, auth_at, refresh_hash, expires_at)
    values ($15, $13, $10, $16, $4, $17, $18)
"""


def id_number(serial: int, birth: str = "20040517") -> str:
    """A valid ID number that no other test has."""
    first = f"370102{birth}{serial % 1000:03d}"
    return first + id_check_digit(first)


@dataclass
class Somebody:
    """A signed-in person and a client that speaks for them."""

    client: httpx.AsyncClient
    token: str
    account: str
    body: str | None = None
    graduate: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET as this person."""
        return await self.client.get(path, headers=self.headers(more.pop("headers", {})), **more)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """POST as this person; header names with underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, json=body, headers=self.headers(named))

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """PATCH as this person."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.patch(path, json=body, headers=self.headers(named))

    async def move(self, path: str, action: str, version: int | None = None, **body: Any) -> httpx.Response:
        """Move the record at `path`, at this version or at the one it has now."""
        if version is None:
            version = (await self.get(path)).json().get("version", 1)
        return await self.post(f"{path}/transitions", {"action": action, **body}, If_Match=f'"{version}"')

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        """Who speaks."""
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more}


@dataclass
class World:
    """Everybody a test needs. Made by direct rows, so that a test of one procedure does not hang on another."""

    service: Service
    client: httpx.AsyncClient
    line: asyncpg.Connection
    serial: int = 0
    bodies: dict[str, str] = field(default_factory=dict)
    school_code: str = ""
    region: str = ""

    @classmethod
    async def made(cls, service: Service, client: httpx.AsyncClient, line: asyncpg.Connection) -> "World":
        """A new world."""
        serial = next(_serial)
        world = cls(service, client, line, serial, school_code=f"{50000 + serial}", region=f"{372000 + serial}")
        await line.execute("insert into app.regions values ($1, $2, 'county', '370000')", world.region, f"区县{serial}")
        for kind in ("provincial_bureau", "provincial_education"):
            world.bodies[kind] = str(await line.fetchval("select id from app.bodies where kind = $1", kind))
        world.bodies["city"] = await world.body("city", f"C{serial}", f"市{serial}", world.bodies["provincial_bureau"])
        world.bodies["county"] = await world.body("county", world.region, f"区县{serial}人社局", world.bodies["city"])
        world.bodies["school"] = await world.body("school", world.school_code, f"第{serial}大学")
        world.bodies["department"] = await world.body(
            "department", f"{world.school_code}-1", "计算机学院", world.bodies["school"]
        )
        await line.execute("insert into app.bureaus_of_regions values ($1, $2)", world.region, world.bodies["county"])
        await line.execute(
            "insert into app.schools values ($1, $2, $3, $4, '山东省', '济南市', '本科')",
            world.school_code, world.bodies["school"], f"41370{world.school_code}", f"第{serial}大学",
        )  # fmt: skip
        await world.settings(["department", "school"])
        return world

    async def body(self, kind: str, code: str, name: str, parent: str | None = None) -> str:
        """A body."""
        body = fresh_id()
        await self.line.execute(
            "insert into app.bodies (id, kind, code, name, parent_id, created_at) values ($1, $2, $3, $4, $5, now())",
            body, kind, code, name, parent,
        )  # fmt: skip
        return body

    async def bureau_of(self, region: str, bureau: str | None = None) -> str:
        """Have a real region be that bureau's, the one of this world's county if none is named; the region.

        Until another test says otherwise: regions are one for all worlds.
        """
        await self.line.execute(
            "insert into app.regions values ($1, $1, 'county', '370000') on conflict do nothing", region
        )
        await self.line.execute(
            "insert into app.bureaus_of_regions values ($1, $2) on conflict (region) do update set body_id = $2",
            region, bureau or self.bodies["county"],
        )  # fmt: skip
        return region

    async def settings(self, review_chain: list[str], leave_on: str | None = None) -> None:
        """What the school decides for its cohort."""
        await self.line.execute(
            "insert into app.school_settings values ($1, $2, $3, '{school}', $4::text::date, 1, now())"
            " on conflict (school_id, cohort) do update set review_chain = $3, leave_on = $4::text::date",
            self.bodies["school"], COHORT, review_chain, leave_on,
        )  # fmt: skip

    async def session(self, account: str, graduate: str | None = None, amr: tuple[str, ...] = ("pwd",)) -> str:
        """An access token of a new session."""
        session, now = fresh_id(), datetime.now(UTC)
        await self.line.execute(SESSION, session, account, graduate, list(amr), now, session.encode(), now + LASTING)
        return self.service.tokens.issue(session, account, now)

    async def staff(self, kind: str, *roles: str, body: str | None = None) -> Somebody:
        """A member of a body's staff, signed in with two factors."""
        account, at = fresh_id(), body or self.bodies[kind]
        session, now = fresh_id(), datetime.now(UTC)
        await self.line.execute(
            STAFF, account, "employer" if kind == "employer" else "staff", at, f"u{account}", f"{kind} {self.serial}",
            list(roles or ("reviewer", "administrator")), await self.hashed(), now,
            session, ["pwd", "otp"], session.encode(), now + LASTING,
        )  # fmt: skip
        return Somebody(self.client, self.service.tokens.issue(session, account, now), account, body=at)

    async def graduate(self, *, verified: bool = True, name: str = "王小明", leave_on: str | None = None) -> Somebody:
        """A registered graduate of this world's department."""
        number = id_number(self.serial + next(_serial), "20040517")
        number = await self._unused(number)
        person, entry, graduate, account = (fresh_id() for _ in range(4))
        seal, index = self.service.sealer.seal, self.service.blind_index.of
        now = datetime.now(UTC)
        session, hashed = fresh_id(), await self.hashed()
        await self.line.execute(
            GRADUATE,
            person, index("id_number", number), seal(number, table="persons", column="id_sealed", row=person), now,
            entry, self.bodies["school"], self.bodies["department"], name, COHORT,
            graduate, leave_on, now if verified else None,
            account, hashed, session, ["pwd"], session.encode(), now + LASTING,
        )  # fmt: skip
        token = self.service.tokens.issue(session, account, now)
        facts = {"name": name, "id_number": number, "level": "bachelor", "cohort": COHORT}
        return Somebody(self.client, token, account, graduate=graduate, facts=facts)

    async def _unused(self, number: str) -> str:
        """The number, or the next one that this database does not have."""
        while await self.line.fetchval(
            "select true from app.persons where id_bidx = $1", self.service.blind_index.of("id_number", number)
        ):
            number = id_number(next(_serial), f"200{next(_serial) % 9}0{1 + next(_serial) % 9}1{next(_serial) % 9}")
        return number

    async def employer(self, *, approved: bool = True, nature: str = "39") -> Somebody:
        """An employer registered in this world's county, and its operator."""
        code = f"9137{next(_serial):014d}"
        body, now = await self.body("employer", code, f"山东测试科技{next(_serial)}有限公司"), datetime.now(UTC)
        await self.line.execute(
            "insert into app.employers (id, version, created_at, updated_at, status, decision, stage, credit_code,"
            " name, nature, industry, registered_region, region, address, contact_name, contact_phone_sealed, details,"
            " county_id, city_id, standing)"
            " values ($1, 1, $2, $2, $3, $4, $5, $6, $7, $8, '34', $9, $9, '经十路1号', '李经理', $10, '{}', $11, $12,"
            " 'active')",
            body, now, "reviewed" if approved else "submitted", "approved" if approved else None,
            None if approved else "county", code, "山东测试科技有限公司", nature, self.region, b"-",
            self.bodies["county"], self.bodies["city"],
        )  # fmt: skip
        return await self.staff("employer", "administrator", body=body)

    async def hashed(self) -> str:
        """The hash of everybody's password."""
        if "one" not in _hashes:
            passwords = Passwords(workers=1, queue=0, **LIGHT)
            _hashes["one"] = await passwords.hash(PASSWORD)
            passwords.close()
        return _hashes["one"]


TERMS: dict[str, Any] = {
    "position": "后端开发工程师",
    "occupation_category": "13",
    "salary_monthly": 8000,
    "work_region": "370102",
    "work_address": "济南市历下区经十路17703号",
    "report_on": "2027-07-05",
    "archive_mode": "home",
}
