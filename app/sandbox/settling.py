"""Settles the sandbox: founds the province and lets its people and employers in. A second run changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

import asyncpg

from app import province
from app.change import fresh_id
from app.models import Account, Body, Policy, SchoolSettings
from app.models.base import table_of
from app.province import add_missing
from app.sandbox.announcements import announcements
from app.sandbox.employer_rows import EmployerRows
from app.sandbox.graduate_rows import GraduateRows
from app.sandbox.hands import SETTLED, Bodies, Hands
from app.sandbox.personas import PASSWORD, STAFF
from app.sandbox.population import DEPARTMENTS, PRESENT, SCHOOLS, department_code
from app.service import Service


async def settle(service: Service, url: str) -> None:
    """Let everybody in, unless they are there: in one transaction, as the owner of the tables."""
    line = await asyncpg.connect(url)
    try:
        await province.found(line, SETTLED)
        if not await line.fetchval("select true from app.accounts where username = $1", STAFF[-1].username):
            hands = Hands(service, await service.passwords.hash(PASSWORD))
            async with line.transaction():
                await _move_in(hands, line)
    finally:
        await line.close()


async def _move_in(hands: Hands, line: asyncpg.Connection) -> None:
    there = Bodies.of(await line.fetch("select id::text, kind, code, name, parent_id::text from app.bodies"))
    await add_missing(line, table_of(Policy), [*announcements()])
    departments = [*_departments(there)]
    await add_missing(line, table_of(Body), departments)
    there = there.with_more(departments)
    await add_missing(line, table_of(SchoolSettings), [*_settings(there)])
    for rows in (GraduateRows(hands, there).everybody(), EmployerRows(hands, there).everybody()):
        for model, some in rows.items():
            await add_missing(line, table_of(model), some)
    await add_missing(line, table_of(Account), [*_staff(hands, there)])


def _departments(there: Bodies) -> Iterator[Mapping[str, Any]]:
    """The departments of the schools that have graduates here."""
    for school in SCHOOLS:
        for name in DEPARTMENTS:
            yield {
                "id": fresh_id(),
                "kind": "department",
                "code": department_code(school, name),
                "name": name,
                "parent_id": there.id("school", school),
                "created_at": SETTLED,
            }


def _settings(there: Bodies) -> Iterator[Mapping[str, Any]]:
    """What those schools decided for the present cohort."""
    for school in SCHOOLS:
        yield {
            "school_id": there.id("school", school),
            "cohort": PRESENT,
            "review_chain": ["department", "school"],
            "termination_chain": ["school"],
            "version": 1,
            "updated_at": SETTLED,
        }


def _staff(hands: Hands, there: Bodies) -> Iterator[Mapping[str, Any]]:
    """One member of the staff of each kind of body, with an authenticator."""
    for one in STAFF:
        account = fresh_id()
        yield {
            "id": account,
            "kind": "staff",
            "body_id": there.id(one.kind, one.code),
            "username": one.username,
            "display_name": one.persona.replace("_", " ").title(),
            "roles": list(one.roles),
            "password_hash": hands.password_hash,
            "totp_sealed": hands.seal(one.totp_secret, table="accounts", column="totp_sealed", row=account),
            "created_at": SETTLED,
        }
