"""Settles the sandbox: founds the province and lets its people and employers in. A second run changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import asyncpg

from app import codes, province
from app.change import fresh_id
from app.models import Account, Body, Employer, Graduate, Person, Phone, Review, RosterEntry, SchoolSettings
from app.models.base import table_of
from app.province import add_missing
from app.sandbox.personas import PASSWORD, STAFF
from app.sandbox.population import DEPARTMENTS, MAJORS, SCHOOLS, Firm, Student, firms, students
from app.service import Service
from app.words.identity import gender

SETTLED: Final = datetime(2026, 9, 1, tzinfo=UTC)
"""When everybody came."""
_EDUCATION: Final = {"bachelor": "31", "master": "11", "doctorate": "01"}

Rows = Iterable[Mapping[str, Any]]


async def settle(service: Service, url: str) -> None:
    """Let everybody in, unless they are there: in one transaction, as the owner of the tables."""
    line = await asyncpg.connect(url)
    try:
        await province.found(line, SETTLED)
        if not await line.fetchval("select true from app.accounts where username = $1", STAFF[-1].username):
            async with line.transaction():
                await _move_in(_Settlers(service, await service.passwords.hash(PASSWORD)), line)
    finally:
        await line.close()


async def _move_in(settlers: "_Settlers", line: asyncpg.Connection) -> None:
    there = await line.fetch("select id::text, kind, code, name, parent_id::text from app.bodies")
    bodies = {(row["kind"], row["code"]): row["id"] for row in there}
    departments = [*settlers.departments(bodies)]
    await add_missing(line, table_of(Body), departments)
    bodies |= {(row["kind"], row["code"]): row["id"] for row in departments}
    await add_missing(line, table_of(SchoolSettings), [*settlers.settings(bodies)])
    for table, rows in settlers.graduates(bodies).items():
        await add_missing(line, table_of(table), rows)
    named = {row["id"]: row for row in there}
    for table, rows in settlers.employers(bodies, named).items():
        await add_missing(line, table_of(table), rows)
    await add_missing(line, table_of(Account), [*settlers.staff(bodies)])


class _Settlers:
    """The rows of everybody."""

    def __init__(self, service: Service, password_hash: str) -> None:
        self._seal, self._index = service.sealer.seal, service.blind_index.of
        self._digest, self._password_hash = service.fingerprint.of, password_hash

    def departments(self, bodies: Mapping[tuple[str, str], str]) -> Iterator[Mapping[str, Any]]:
        """The departments of the schools that have graduates here."""
        for school in SCHOOLS:
            for name in DEPARTMENTS:
                yield {
                    "id": fresh_id(),
                    "kind": "department",
                    "code": f"{school}-{name}",
                    "name": name,
                    "parent_id": bodies["school", school],
                    "region": None,
                    "created_at": SETTLED,
                }

    def settings(self, bodies: Mapping[tuple[str, str], str]) -> Iterator[Mapping[str, Any]]:
        """What those schools decided for the present cohort."""
        for school in SCHOOLS:
            yield {
                "school_id": bodies["school", school],
                "cohort": 2027,
                "review_chain": ["department", "school"],
                "termination_chain": ["school"],
                "leave_on": None,
                "version": 1,
                "updated_at": SETTLED,
            }

    def graduates(self, bodies: Mapping[tuple[str, str], str]) -> dict[type[Any], list[Mapping[str, Any]]]:
        """Persons, their phones, both rosters, and of those who registered the graduate and the account."""
        rows: dict[type[Any], list[Mapping[str, Any]]] = {
            table: [] for table in (Person, Phone, RosterEntry, Graduate, Account)
        }
        for student in students():
            person, entry = fresh_id(), fresh_id()
            school, department = (
                bodies["school", student.school_code],
                bodies["department", f"{student.school_code}-{student.department}"],
            )
            rows[Person].append(self._person(person, student))
            rows[RosterEntry].append(self._entry(entry, "school", person, school, department, student))
            if student.in_provincial:
                rows[RosterEntry].append(self._entry(fresh_id(), "provincial", person, school, None, student))
            if student.registered:
                rows[Phone].append(self._phone(person, student))
                rows[Graduate].append(self._graduate(person, entry, school, department, student))
                rows[Account].append(self._account(person, student))
        return rows

    def _person(self, person: str, student: Student) -> Mapping[str, Any]:
        return {
            "id": person,
            "id_bidx": self._index("id_number", student.id_number),
            "id_sealed": self._seal(student.id_number, table="persons", column="id_sealed", row=person),
            "created_at": SETTLED,
        }

    def _phone(self, person: str, student: Student) -> Mapping[str, Any]:
        return {
            "bidx": self._index("phone", student.phone),
            "sealed": self._seal(student.phone, table="phones", column="sealed", row=person),
            "person_id": person,
            "proven_at": SETTLED,
        }

    def _entry(
        self, entry: str, source: str, person: str, school: str, department: str | None, student: Student
    ) -> Mapping[str, Any]:
        code, major = MAJORS[student.department]
        return {
            **_recorded(entry),
            "source": source,
            "school_id": school,
            "department_id": department,
            "person_id": person,
            "name": student.name,
            "level": student.level.value,
            "cohort": student.cohort,
            "completed": True,
            "details": {
                "candidate_number": f"{student.cohort % 100}37{student.number:010d}",
                "gender": gender(student.id_number),
                "ethnicity": "01",
                "political_status": "03",
                "education_level": _EDUCATION[student.level.value],
                "major_code": code,
                "major": major,
                "training_mode": "1",
                "home_region": student.id_number[:6],
                "duration": "4",
                "enrolled_on": date(student.cohort - 4, 9, 1),
                "graduated_on": date(student.cohort, 6, 30),
                "teacher_training": "2",
                "hardship": "0",
                "department": student.department,
                "class_name": f"{major[:2]}{(student.cohort - 4) % 100}01",
                "student_number": f"{student.cohort - 4}{student.number:06d}",
            },
            "extra": {},
        }

    def _graduate(self, person: str, entry: str, school: str, department: str, student: Student) -> Mapping[str, Any]:
        five = (
            student.name,
            self._index("id_number", student.id_number),
            student.level.value,
            str(student.cohort),
            school,
        )
        verified = student.verified and student.in_provincial
        return {
            **_recorded(fresh_id()),
            "person_id": person,
            "roster_entry_id": entry,
            "school_id": school,
            "department_id": department,
            "name": student.name,
            "level": student.level.value,
            "cohort": student.cohort,
            "major": MAJORS[student.department][1],
            "verified_at": SETTLED if verified else None,
            "verified_hash": self._digest("identity", *five) if verified else None,
        }

    def _account(self, person: str, student: Student) -> Mapping[str, Any]:
        return {
            "id": fresh_id(),
            "kind": "graduate",
            "person_id": person,
            "level": student.level.value,
            "display_name": student.name,
            "roles": [],
            "password_hash": self._password_hash,
            "created_at": SETTLED,
        }

    def employers(
        self, bodies: Mapping[tuple[str, str], str], named: Mapping[str, asyncpg.Record]
    ) -> dict[type[Any], list[Mapping[str, Any]]]:
        """Employers with an operator each; those not yet approved wait in a bureau's queue."""
        rows: dict[type[Any], list[Mapping[str, Any]]] = {table: [] for table in (Body, Employer, Account, Review)}
        province_bureau = bodies["provincial_bureau", codes.PROVINCE]
        for firm in firms():
            body, county = fresh_id(), bodies.get(("county", firm.region))
            reviewer = named[county or province_bureau]
            stage = "county" if county else "province"
            chain = [{"stage": stage, "body_id": reviewer["id"], "body_name": reviewer["name"]}]
            seen_by = {"county_id": county, "city_id": reviewer["parent_id"] if county else None}
            rows[Body].append(_body(body, firm))
            rows[Employer].append({**self._employer(body, firm, stage, chain), **seen_by})
            rows[Account].append(self._operator(body, firm))
            if not firm.approved:
                rows[Review].append({**_waiting(body, firm, stage, reviewer["id"]), **seen_by})
        return rows

    def _employer(self, body: str, firm: Firm, stage: str, chain: list[Any]) -> Mapping[str, Any]:
        return {
            **_recorded(body),
            "status": "reviewed" if firm.approved else "submitted",
            "decision": "approved" if firm.approved else None,
            "stage": None if firm.approved else stage,
            "chain": chain,
            "turn": 0,
            "submitted_at": SETTLED,
            "decided_at": SETTLED if firm.approved else None,
            "credit_code": firm.credit_code,
            "name": firm.name,
            "nature": firm.nature,
            "industry": firm.industry,
            "registered_region": firm.region,
            "region": firm.region,
            "address": f"示例路{firm.number + 1}号",
            "contact_name": "李经理",
            "contact_phone_sealed": self._seal(firm.phone, table="employers", column="contact_phone_sealed", row=body),
            "details": {},
            "standing": "active",
        }

    def _operator(self, body: str, firm: Firm) -> Mapping[str, Any]:
        account = fresh_id()
        return {
            "id": account,
            "kind": "employer",
            "body_id": body,
            "display_name": "李经理",
            "phone_bidx": self._index("phone", firm.phone),
            "phone_sealed": self._seal(firm.phone, table="accounts", column="phone_sealed", row=account),
            "roles": ["administrator"],
            "password_hash": self._password_hash,
            "created_at": SETTLED,
        }

    def staff(self, bodies: Mapping[tuple[str, str], str]) -> Iterator[Mapping[str, Any]]:
        """One member of the staff of each kind of body, with an authenticator."""
        for one in STAFF:
            account = fresh_id()
            yield {
                "id": account,
                "kind": "staff",
                "body_id": bodies[one.kind, one.code],
                "username": one.username,
                "display_name": one.persona.replace("_", " ").title(),
                "roles": list(one.roles),
                "password_hash": self._password_hash,
                "totp_sealed": self._seal(one.totp_secret, table="accounts", column="totp_sealed", row=account),
                "created_at": SETTLED,
            }


def _recorded(record: str) -> Mapping[str, Any]:
    return {"id": record, "version": 1, "created_at": SETTLED, "updated_at": SETTLED}


def _body(body: str, firm: Firm) -> Mapping[str, Any]:
    return {"id": body, "kind": "employer", "code": firm.credit_code, "name": firm.name, "created_at": SETTLED}


def _waiting(body: str, firm: Firm, stage: str, reviewer: str) -> Mapping[str, Any]:
    return {
        "id": fresh_id(),
        "record_kind": "employer",
        "record_id": body,
        "turn": 0,
        "stage": stage,
        "body_id": reviewer,
        "subject": {"name": firm.name, "credit_code": firm.credit_code},
        "opened_at": SETTLED,
        "due_on": date(2026, 9, 4),
        "employer_id": body,
    }
