"""What a registration is judged on, in one statement: school, cohort, phone, and the person behind the ID number."""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    SmallInteger,
    Text,
    and_,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from app.db import PUBLIC, Read, Result, asked
from app.errors import FieldError, Forbidden, Invalid, Reason
from app.models import Account, Graduate, Person, Phone, PhoneClaim, RosterEntry, School
from app.models.base import table_of
from app.schemas.auth import RegistrationDraft
from app.service import Service
from app.words import RegistrationMode
from app.words.policies import WindowedService
from app.workflows.facts import in_force, timetable_in
from app.workflows.windows import closed

PURPOSE: Final = "registration"

schools, persons, phones = table_of(School), table_of(Person), table_of(Phone)
entries, graduates, accounts = table_of(RosterEntry), table_of(Graduate), table_of(Account)
claims = table_of(PhoneClaim)
_holder = phones.alias("holder")


_HERE: Final = "37"
"""The province, as its codes begin (GB/T 2260)."""
_OF_THE_PROVINCE: Final = func.substr(schools.c.identifier, 3, 2) == _HERE
"""A school's identifier has its province after two digits for the kind of school."""


def _roster() -> ColumnElement[bool]:
    """The roster to compare with: the school's; for a school elsewhere the provincial one, of whose home is here."""
    home = entries.c.details["home_region"].as_string()
    return or_(
        and_(_OF_THE_PROVINCE, entries.c.source == "school"),
        and_(not_(_OF_THE_PROVINCE), entries.c.source == "provincial", home.startswith(_HERE)),
    )


def _ground() -> Read:
    """What is known of the school, the cohort, the phone and the person, with their rows in the roster that counts."""
    level, cohort = asked("level", Text()), asked("cohort", SmallInteger())
    policy = in_force(cohort)
    shown = ("id", "name", "level", "cohort", "department_id")
    pairs = [part for name in shown for part in (literal(name), entries.c[name])]
    row = func.jsonb_build_object(*pairs, literal("major"), entries.c.details["major"])
    rows = select(func.coalesce(func.jsonb_agg(row), literal_column("'[]'::jsonb"))).where(
        entries.c.school_id == schools.c.body_id, entries.c.person_id == persons.c.id, _roster()
    )
    number = asked("phone_bidx", LargeBinary())
    of_either = or_(claims.c.bidx == number, claims.c.person_id == persons.c.id)
    claimed = select(claims.c.id).where(claims.c.status == "open", of_either).correlate(persons).exists()
    programme = (graduates.c.person_id == persons.c.id, graduates.c.school_id == schools.c.body_id)
    mine = (accounts.c.kind == "graduate", accounts.c.person_id == persons.c.id, accounts.c.level == level)
    return Read(
        select(
            schools.c.body_id.label("school_id"),
            schools.c.name.label("school_name"),
            policy.c.document["registration"].as_string().label("mode"),
            timetable_in(policy),
            _OF_THE_PROVINCE.label("of_the_province"),
            persons.c.id.label("person_id"),
            phones.c.bidx.label("own_phone"),
            _holder.c.person_id.label("holder_id"),
            claimed.label("phone_claimed"),
            graduates.c.id.label("graduate_id"),
            accounts.c.id.label("account_id"),
            accounts.c.password_hash,
            rows.scalar_subquery().label("entries"),
        )
        .select_from(schools)
        .outerjoin(policy, true())
        .outerjoin(persons, persons.c.id_bidx == asked("id_bidx", LargeBinary()))
        .outerjoin(phones, phones.c.person_id == persons.c.id)
        .outerjoin(_holder, _holder.c.bidx == number)
        .outerjoin(graduates, and_(*programme, graduates.c.level == level, graduates.c.cohort == cohort))
        .outerjoin(accounts, and_(*mine))
        .where(schools.c.code == asked("school_code", Text())),
        door=PUBLIC,
    )


_GROUND: Final = _ground()


async def look(service: Service, given: RegistrationDraft) -> Result:
    """The ground, if the school is one of ours and the cohort registers by itself."""
    index = service.blind_index.of
    (found,) = await service.db.rows(
        _GROUND,
        {
            "purpose": PURPOSE,
            "at": service.clock.now(),
            "school_code": given.school_code,
            "level": given.level.value,
            "cohort": given.cohort,
            "id_bidx": index("id_number", given.id_number),
            "phone_bidx": index("phone", given.phone),
        },
    )
    if found.school_id is None:
        raise Invalid(errors=[FieldError("/body/school_code", "unknown-code")])
    if found.mode is None:
        raise _closed("cohort-not-open", "wait-for-the-opening")
    if found.mode == RegistrationMode.PROVISIONED:
        raise _closed("cohort-provisioned", "sign-in-instead")
    if reason := closed(found.timetable, service.clock.now(), WindowedService.REGISTRATION):
        raise Forbidden(reason.code, reason=reason)
    return found


def _closed(code: str, how: str) -> Forbidden:
    return Forbidden(code, reason=Reason(code, who="you", how=how, pointer="/cohort"))
