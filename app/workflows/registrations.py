"""Registration of graduates: five fields equal to the school's roster, a proven phone, a password (domain.md §2).

Whatever does not fit has one answer, `registration-refused`, after the same statements and the same hash; the school is
told what differs. Refused by name is only what says nothing of a person: the policy of the cohort, a school that there
is not, a code that is wrong.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import DateTime, LargeBinary, SmallInteger, Text, and_, func, literal, literal_column, select, true

from app.change import Change, Row, Update, fresh_id
from app.db import PUBLIC, AlreadyExists, Read, Result, Stale, asked
from app.errors import Busy, FieldError, Forbidden, Invalid, Reason, RegistrationRefused
from app.models import Account, Graduate, Person, Phone, Policy, RosterEntry, School
from app.models.base import table_of
from app.schemas.auth import PhoneCodePurpose, RegistrationDraft
from app.security import passwords
from app.service import Service
from app.words import RegistrationMode
from app.workflows import phone_codes, registration_attempts
from app.workflows.desk import Answer, as_json

_ATTEMPTS: Final = 4
_PURPOSE: Final = "registration"
_COMPARED: Final = ("name", "level", "cohort")
"""Compared with the rows that the school's roster has of the person; the other two of the five fields find them."""

schools, policies, persons, phones = table_of(School), table_of(Policy), table_of(Person), table_of(Phone)
entries, graduates, accounts = table_of(RosterEntry), table_of(Graduate), table_of(Account)
_holder = phones.alias("holder")


def _ground() -> Read:
    """What is known of the school, the cohort, the phone and the person; the person's rows in the school's roster."""
    level, cohort = asked("level", Text()), asked("cohort", SmallInteger())
    policy = (
        select(policies.c.document["registration"].as_string().label("mode"))
        .where(policies.c.cohort == cohort, policies.c.effective_from <= asked("at", DateTime(timezone=True)))
        .order_by(policies.c.version.desc())
        .limit(1)
        .lateral("policy")
    )
    shown = ("id", "name", "level", "cohort", "department_id")
    pairs = [part for name in shown for part in (literal(name), entries.c[name])]
    row = func.jsonb_build_object(*pairs, literal("major"), entries.c.details["major"])
    rows = select(func.coalesce(func.jsonb_agg(row), literal_column("'[]'::jsonb"))).where(
        entries.c.source == "school", entries.c.school_id == schools.c.body_id, entries.c.person_id == persons.c.id
    )
    programme = (graduates.c.person_id == persons.c.id, graduates.c.school_id == schools.c.body_id)
    mine = (accounts.c.kind == "graduate", accounts.c.person_id == persons.c.id, accounts.c.level == level)
    return Read(
        select(
            schools.c.body_id.label("school_id"),
            schools.c.name.label("school_name"),
            policy.c.mode,
            persons.c.id.label("person_id"),
            phones.c.bidx.label("own_phone"),
            _holder.c.person_id.label("holder_id"),
            graduates.c.id.label("graduate_id"),
            accounts.c.id.label("account_id"),
            accounts.c.password_hash,
            rows.scalar_subquery().label("entries"),
        )
        .select_from(schools)
        .outerjoin(policy, true())
        .outerjoin(persons, persons.c.id_bidx == asked("id_bidx", LargeBinary()))
        .outerjoin(phones, phones.c.person_id == persons.c.id)
        .outerjoin(_holder, _holder.c.bidx == asked("phone_bidx", LargeBinary()))
        .outerjoin(graduates, and_(*programme, graduates.c.level == level, graduates.c.cohort == cohort))
        .outerjoin(accounts, and_(*mine))
        .where(schools.c.code == asked("school_code", Text())),
        door=PUBLIC,
    )


_GROUND: Final = _ground()


async def register(service: Service, given: RegistrationDraft) -> Answer:
    """An active account, or a refusal: 422 (password, school, code), 403 (cohort), 409 `registration-refused`."""
    if fault := passwords.rules(given.password, personal=(given.phone, given.id_number, given.name)):
        raise Invalid(errors=[FieldError("/body/password", fault)])
    found = await _look(service, given)
    await phone_codes.prove(service, PhoneCodePurpose.REGISTRATION, given.phone, given.code)
    for _ in range(_ATTEMPTS):
        try:
            return await _decide(service, given, found)
        except (Stale, AlreadyExists):  # somebody registered the same person or phone at the same moment
            found = await _look(service, given)
    raise Busy("rows-busy", retry_after=1)


async def _look(service: Service, given: RegistrationDraft) -> Result:
    """The ground, if the school is one of ours and the cohort registers by itself."""
    index = service.blind_index.of
    (found,) = await service.db.rows(
        _GROUND,
        {
            "purpose": _PURPOSE,
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
    return found


def _closed(code: str, how: str) -> Forbidden:
    return Forbidden(code, reason=Reason(code, who="you", how=how, pointer="/cohort"))


async def _decide(service: Service, given: RegistrationDraft, found: Result) -> Answer:
    """Write the account, or the attempt and refuse."""
    proof = await _proof(service, given.password, found.password_hash)
    differing = _differing(found, given)
    exists = found.graduate_id is not None and found.password_hash is not None
    if differing or exists or proof is None:
        kept = registration_attempts.kept(service, given, found.school_id, differing, found.graduate_id)
        await service.db.apply(kept, PUBLIC, purpose=_PURPOSE)
        raise RegistrationRefused
    graduate, account = found.graduate_id or fresh_id(), found.account_id or fresh_id()
    pieces = _activated(service, given, found, graduate, account, proof)
    await service.db.apply(Change.of(pieces), PUBLIC, purpose=_PURPOSE)
    told = {
        "account_id": account,
        "graduate_id": graduate,
        **{name: getattr(given, name) for name in _COMPARED},
        "school": {"id": found.school_id, "name": found.school_name},
    }
    return Answer(as_json(told), id=account)


async def _proof(service: Service, password: str, hash: str | None) -> str | None:
    """The hash for the account: a new one, or its own if this is its password (a later programme of the same level)."""
    if hash is None:
        return await service.passwords.hash(password)
    return hash if await service.passwords.verify(password, hash) else None


def _differing(found: Result, given: RegistrationDraft) -> list[str]:
    """What differs from the nearest row of the person in this school's roster; and the phone if it is not free."""
    nearest = min((_faults(entry, given) for entry in found.entries), key=len, default=["id_number"])
    free = found.holder_id is None and found.own_phone is None
    mine = found.holder_id is not None and found.holder_id == found.person_id
    return nearest if free or mine else [*nearest, "phone"]


def _faults(entry: Mapping[str, Any], given: RegistrationDraft) -> list[str]:
    return [name for name in _COMPARED if entry[name] != getattr(given, name)]


def _activated(
    service: Service, given: RegistrationDraft, found: Result, graduate: str, account: str, proof: str
) -> Iterator[Row | Update]:
    """What is missing of phone, graduate and account; what a school activated before is used, not made again."""
    person, now = found.person_id, service.clock.now()
    if found.own_phone is None:
        sealed = service.sealer.seal(given.phone, table="phones", column="sealed", row=person)
        index = service.blind_index.of("phone", given.phone)
        proven_at = service.clock.real()
        yield Row(phones, {"bidx": index, "sealed": sealed, "person_id": person, "proven_at": proven_at})
    if found.graduate_id is None:
        entry = next(one for one in found.entries if not _faults(one, given))
        yield Row(
            graduates,
            {
                "id": graduate,
                "version": 1,
                "created_at": now,
                "updated_at": now,
                "person_id": person,
                "roster_entry_id": entry["id"],
                "school_id": found.school_id,
                **{name: entry[name] for name in (*_COMPARED, "department_id", "major")},
            },
        )
    if found.account_id is None:
        yield Row(
            accounts,
            {
                "id": account,
                "kind": "graduate",
                "person_id": person,
                "level": given.level,
                "display_name": given.name,
                "roles": [],
                "password_hash": proof,
                "created_at": now,
            },
        )
    elif found.password_hash is None:
        yield Update(accounts, {"id": account, "password_hash": None}, {"password_hash": proof})
