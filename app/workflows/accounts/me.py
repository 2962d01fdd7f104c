"""Who the caller is, in one statement."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, true

from app.db import Read, Result, actor
from app.models import Account, Body, Graduate, Person, Phone
from app.models.base import table_of
from app.policies import NO_STAFF, STEP_UP, Actor, is_enrolling, proved_lately
from app.security import masks
from app.service import Caller, Service
from app.workflows.accounts.phones import number
from app.workflows.facts import in_force, its_settings, leaving, school_settings
from app.workflows.looking import Answer, as_json, greet
from app.workflows.rosters.roster_persons import shown_id_number

accounts, graduates, persons, phones = table_of(Account), table_of(Graduate), table_of(Person), table_of(Phone)
bodies = table_of(Body)
GRADUATE: Final = ("name", "level", "cohort", "major", "verified_at", "archive_query_only", "confirmed_at")
_school, _department = bodies.alias("school"), bodies.alias("department")


def _me() -> Read:
    policy = in_force(graduates.c.cohort)
    return Read(
        select(
            accounts.c.id,
            accounts.c.display_name,
            accounts.c.enrol_until,
            accounts.c.recovery_codes,
            bodies.c.id.label("body_id"),
            bodies.c.code.label("body_code"),
            bodies.c.name.label("body_name"),
            graduates.c.id.label("graduate_id"),
            *(graduates.c[name] for name in GRADUATE),
            _school.c.id.label("school_id"),
            _school.c.name.label("school_name"),
            _department.c.id.label("department_id"),
            _department.c.name.label("department_name"),
            persons.c.id.label("person_id"),
            persons.c.id_sealed,
            phones.c.sealed.label("phone_sealed"),
            leaving(graduates, policy.c.document),
        )
        .select_from(accounts)
        .outerjoin(bodies, bodies.c.id == accounts.c.body_id)
        .outerjoin(graduates, graduates.c.id == actor.c.graduate_id)
        .outerjoin(_school, _school.c.id == graduates.c.school_id)
        .outerjoin(_department, _department.c.id == graduates.c.department_id)
        .outerjoin(persons, persons.c.id == accounts.c.person_id)
        .outerjoin(phones, phones.c.person_id == accounts.c.person_id)
        .outerjoin(school_settings, its_settings(graduates))
        .outerjoin(policy, true())
        .where(accounts.c.id == actor.c.account_id)
    )


ME: Final = _me()


async def me(caller: Caller) -> Answer:
    """The caller: account, session, body or graduate."""
    who, (row,) = await greet(caller, ME)
    body = row.body_id and {"id": row.body_id, "code": row.body_code, "name": row.body_name}
    told = {
        "account_id": row.id,
        "kind": who.kind,
        "display_name": row.display_name,
        "roles": [] if row.graduate_id else who.roles,
        "session": {"id": who.session_id, "amr": who.amr, "auth_at": who.auth_at},
        "body": body,
        "graduate": row.graduate_id and _graduate(caller.service, row),
        "second_factor": None if who.kind in NO_STAFF else _second_factor(who, row, caller.service.clock.real()),
    }
    return Answer(as_json(told))


def _second_factor(who: Actor, row: Result, real: datetime) -> dict[str, Any]:
    """How far the person is with it, and until when it stands in for a step-up."""
    return {
        "enrolled": not is_enrolling(who),
        "enrol_until": row.enrol_until,
        "recovery_codes_left": len(row.recovery_codes),
        "step_up_until": who.auth_at + STEP_UP if who.auth_at and proved_lately(who, real) else None,
    }


def _graduate(service: Service, row: Result) -> dict[str, Any]:
    """The graduate, with the personal values masked."""
    phone = row.phone_sealed and number(service, row.phone_sealed, row.person_id)
    return {
        "id": row.graduate_id,
        **{name: row[name] for name in (*GRADUATE, "leave_on")},
        "school": {"id": row.school_id, "name": row.school_name},
        "department": row.department_id and {"id": row.department_id, "name": row.department_name},
        "id_number": shown_id_number(service, row),
        "phone": phone and masks.phone(phone),
    }
