"""The stage: a province with 200,000 agreements, filled by COPY, its trail and its reviewers' sessions included.

Half of the agreements wait for their department. Triggers and foreign keys rest meanwhile: what is copied is right.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, Final

import asyncpg

from app.calendar import seed_rows
from app.change import fresh_id
from app.models import (
    Account,
    Body,
    BureauOfRegion,
    CalendarDay,
    Challenge,
    Employer,
    Graduate,
    Invitation,
    Person,
    Phone,
    Placement,
    Policy,
    Region,
    Review,
    School,
    SchoolSettings,
    Session,
    TrailEntry,
)
from app.models.base import Base, table_of
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint
from app.security.tokens import Tokens
from app.settings import Settings

SCHOOLS: Final = 20
DEPARTMENTS: Final = 10
AGREEMENTS: Final = 1000
"""Of each department."""
SESSIONS: Final = 2
"""Of each department's reviewer."""
GRADUATES: Final = 4000
"""Who have an invitation to accept, and may sign in."""
COHORT: Final = 2027
REGION: Final = "370102"
PASSWORD: Final = "青山-2027-lv-绿水"  # noqa: S105 (protects nothing)
CAPTCHA: Final = "ACDEF"
TERMS: Final = {
    "position": "后端开发工程师",
    "occupation_category": "13",
    "salary_monthly": 8000,
    "work_region": REGION,
    "work_address": "济南市历下区经十路17703号",
    "report_on": "2027-07-05",
    "establishment": False,
    "archive_mode": "home",
}
EMPLOYER: Final = {
    "name": "山东测试科技有限公司",
    "credit_code": "91370100MA6838WPG0",
    "nature": "39",
    "industry": "34",
    "registered_region": REGION,
    "region": REGION,
    "address": "经十路1号",
}
POLICY: Final = {"registration": "self", "leave_on": "2099-06-30", "review_due_days": 3, "answer_due_days": 10}


@dataclass
class Stage:
    """Who and what the load asks about."""

    reviewers: list[tuple[str, list[str]]] = field(default_factory=list)
    """An access token of a department's reviewer, and the agreements that wait for the department."""
    invitations: list[tuple[str, str]] = field(default_factory=list)
    """A graduate's access token and their invitation."""
    employer: str = ""
    """Whose posts are on the market."""
    phones: list[tuple[str, str]] = field(default_factory=list)
    """A graduate's phone, and a captcha that waits for `CAPTCHA`."""


async def filled(url: str, settings: Settings) -> Stage:
    """Fill the migrated database at `url`."""
    line = await asyncpg.connect(url)
    await line.execute("set session_replication_role = replica")
    passwords = Passwords(workers=1, queue=1)
    hashed = await passwords.hash(PASSWORD)
    passwords.close()
    filling = _Filling(line, settings, hashed)
    await filling.found()
    for place in product(range(SCHOOLS), range(DEPARTMENTS)):
        await filling.department(*place)
    await filling.graduates()
    await line.execute("vacuum analyze")
    await line.close()
    return filling.stage


class _Filling:
    def __init__(self, line: asyncpg.Connection, settings: Settings, hashed: str) -> None:
        self.stage = Stage()
        self._line, self._hashed = line, hashed
        self._index, self._fingerprint = BlindIndex(settings.blind_index), Fingerprint(settings.hmac)
        self._tokens = Tokens(settings.signing, settings.public_url, settings.public_url, settings.access_token_seconds)
        self._at = datetime.now(UTC)
        self._recorded = {"version": 1, "created_at": self._at, "updated_at": self._at}
        self._employer, self._county = fresh_id(), fresh_id()
        self.stage.employer = self._employer
        self._schools = [(fresh_id(), f"{10000 + number}", f"第{number}大学") for number in range(SCHOOLS)]

    async def found(self) -> None:
        """What everybody shares: bodies, one employer, the policy, the calendar."""
        await self._copy(Region, [{"code": REGION, "name": "历下区", "level": "county"}])
        bodies = [
            {"id": fresh_id(), "kind": "provincial_bureau", "code": "37", "name": "省厅"},
            {"id": self._county, "kind": "county", "code": REGION, "name": "历下区人社局"},
            {"id": self._employer, "kind": "employer", "code": EMPLOYER["credit_code"], "name": EMPLOYER["name"]},
            *({"id": one, "kind": "school", "code": code, "name": name} for one, code, name in self._schools),
        ]
        await self._copy(Body, [{**one, "created_at": self._at} for one in bodies])
        await self._copy(BureauOfRegion, [{"region": REGION, "body_id": self._county}])
        about = {"authority": "山东省", "city": "济南市", "level": "本科"}
        await self._copy(
            School,
            [
                {"code": code, "body_id": one, "identifier": code, "name": name, **about}
                for one, code, name in self._schools
            ],
        )
        chains = {"review_chain": ["department", "school"], "termination_chain": ["school"]}
        settings = {"cohort": COHORT, "version": 1, "updated_at": self._at, **chains}
        await self._copy(SchoolSettings, [{"school_id": one, **settings} for one, _, _ in self._schools])
        document = {"cohort": COHORT, "version": 1, "effective_from": datetime(2020, 1, 1, tzinfo=UTC)}
        await self._copy(Policy, [{**document, "document": POLICY}])
        await self._copy(CalendarDay, [{"date": day, "is_working": works, "name": ""} for day, works in seed_rows()])
        approved = {"status": "reviewed", "decision": "approved", "standing": "active", "details": {}}
        contact = {"contact_name": "李经理", "contact_phone_sealed": b"-", "county_id": self._county}
        await self._copy(Employer, [{"id": self._employer, **self._recorded, **EMPLOYER, **approved, **contact}])

    async def department(self, school: int, number: int) -> None:
        """A department, its reviewer, and its agreements."""
        school_id, code, school_name = self._schools[school]
        body, account = fresh_id(), fresh_id()
        name = f"第{number}学院"
        department = {
            "id": body,
            "kind": "department",
            "code": f"{code}-{number}",
            "name": name,
            "parent_id": school_id,
        }
        await self._copy(Body, [{**department, "created_at": self._at}])
        staff = {"kind": "staff", "body_id": body, "username": account, "display_name": "审核员", "roles": ["reviewer"]}
        await self._copy(Account, [{"id": account, "created_at": self._at, **staff}])
        chain = [
            {"stage": "department", "body_id": body, "body_name": name},
            {"stage": "school", "body_id": school_id, "body_name": school_name},
        ]
        parties = {"department_id": body, "school_id": school_id, "employer_id": self._employer}
        placements, reviews, trail = [], [], []
        for place in range(AGREEMENTS):
            one, about = self._agreement(f"{school}{number}{place:05d}", school_name, {**parties, "chain": chain})
            if place % 2:
                decided = {
                    "status": "reviewed",
                    "decision": "approved",
                    "decided_at": self._at,
                    "approved_at": self._at,
                }
                placements.append({**one, **decided, "turn": 1})
            else:
                placements.append({**one, "status": "submitted", "stage": "department", "turn": 0})
                reviews.append(self._review(one, about, body))
            trail.append(self._step(one))
        await self._copy(Placement, placements)
        await self._copy(Review, reviews)
        await self._copy(TrailEntry, trail)
        waiting = [one["record_id"] for one in reviews]
        share = len(waiting) // SESSIONS
        for part, token in enumerate(await self._sessions([(account, None)] * SESSIONS)):
            self.stage.reviewers.append((token, waiting[part * share : (part + 1) * share]))

    async def graduates(self) -> None:
        """Graduates of the first school who are invited, and may sign in once each with a captcha of their own."""
        school_id, _, school_name = self._schools[0]
        network = self._fingerprint.of("network", "127.0.0.0/24")
        persons, phones, graduates, accounts, invitations, challenges, owners = [], [], [], [], [], [], []
        for number in range(GRADUATES):
            person, graduate, account, invitation, captcha = (fresh_id() for _ in range(5))
            phone = f"137{number:08d}"
            named = {"level": "bachelor", "cohort": COHORT, "school_id": school_id, "major": "计算机科学与技术"}
            persons.append({"id": person, "id_bidx": person.encode(), "id_sealed": b"-", "created_at": self._at})
            bidx = self._index.of("phone", phone)
            phones.append({"bidx": bidx, "sealed": b"-", "person_id": person, "proven_at": self._at})
            verified = {"name": "王小明", "person_id": person, "roster_entry_id": person, "verified_at": self._at}
            graduates.append({"id": graduate, **self._recorded, **named, **verified})
            holder = {
                "kind": "graduate",
                "person_id": person,
                "level": "bachelor",
                "display_name": "王小明",
                "roles": [],
            }
            accounts.append({"id": account, **holder, "password_hash": self._hashed, "created_at": self._at})
            offered = {
                "terms": TERMS,
                "terms_version": 1,
                "valid_until": self._at + timedelta(days=5),
                "status": "sent",
            }
            pair = {"graduate_id": graduate, "graduate_name": "王小明", "employer_id": self._employer}
            shown = {"employer": EMPLOYER, "school_name": school_name}
            invitations.append({"id": invitation, **self._recorded, **named, **offered, **pair, **shown})
            waits = {"kind": "image", "purpose": "login", "answer": CAPTCHA, "network": network}
            challenges.append({"id": captcha, **waits, "expires_at": self._at + timedelta(days=1)})
            owners.append((account, graduate))
            self.stage.phones.append((phone, captcha))
        for model, rows in (
            (Person, persons), (Phone, phones), (Graduate, graduates), (Account, accounts), (Invitation, invitations),
            (Challenge, challenges),
        ):  # fmt: skip
            await self._copy(model, rows)
        tokens = await self._sessions(owners)
        self.stage.invitations = [(token, one["id"]) for token, one in zip(tokens, invitations, strict=True)]

    def _agreement(self, number: str, school_name: str, more: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """An agreement's row, less its situation, and what the queue shows of it."""
        about = {"number": number, "graduate_name": "王小明", "school_name": school_name, "major": "计算机科学与技术"}
        unit = {f"unit_{name}": EMPLOYER[name] for name in ("name", "credit_code", "nature", "industry")}
        offered = {"details": TERMS, "region": REGION, "registered_region": REGION, "signed_on": self._at.date()}
        kind = {"kind": "online_agreement", "cohort": COHORT, "level": "bachelor", "graduate_id": fresh_id()}
        row = {"id": fresh_id(), **self._recorded, "submitted_at": self._at, **kind, **about, **unit, **offered, **more}
        return row, {
            **about,
            "unit_name": EMPLOYER["name"],
            **{name: TERMS[name] for name in ("position", "salary_monthly")},
        }

    def _review(self, agreement: dict[str, Any], subject: dict[str, Any], body: str) -> dict[str, Any]:
        parties = {name: agreement[name] for name in ("graduate_id", "employer_id", "department_id", "school_id")}
        turn = {"turn": 0, "stage": "department", "body_id": body, "cohort": COHORT, "subject": subject}
        times = {"opened_at": self._at, "due_on": date(2099, 1, 1)}
        return {"id": fresh_id(), "record_kind": "agreement", "record_id": agreement["id"], **turn, **times, **parties}

    def _step(self, agreement: dict[str, Any]) -> dict[str, Any]:
        times = {"at": self._at, "real_at": self._at}
        done = {"action": "open", "situation": "submitted", "stage": "department", "actor_kind": "graduate"}
        record = {"record_kind": "agreement", "record_id": agreement["id"], "seq": 1, "hash": b"-" * 32}
        return {"id": fresh_id(), **record, **done, **times}

    async def _sessions(self, owners: list[tuple[str, str | None]]) -> list[str]:
        """An access token of a new session for each (account, graduate)."""
        rows = [
            {
                "id": fresh_id(),
                "account_id": account,
                "graduate_id": graduate,
                "amr": ["pwd"] if graduate else ["pwd", "otp"],
                "auth_at": self._at,
                "expires_at": self._at + timedelta(days=1),
            }
            for account, graduate in owners
        ]
        await self._copy(Session, [{**one, "refresh_hash": str(one["id"]).encode()} for one in rows])
        return [self._tokens.issue(str(one["id"]), str(one["account_id"]), self._at) for one in rows]

    async def _copy(self, model: type[Base], rows: list[dict[str, Any]]) -> None:
        names = [*{name: None for row in rows for name in row}]
        records = [tuple(_plain(row.get(name)) for name in names) for row in rows]
        await self._line.copy_records_to_table(table_of(model).name, schema_name="app", columns=names, records=records)


def _plain(value: Any) -> Any:
    """Documents as text, for a line without codecs; lists of texts are arrays."""
    is_document = isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict))
    return json.dumps(value, ensure_ascii=False) if is_document else value
