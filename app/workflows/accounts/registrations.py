"""Registration of graduates: five fields equal to the school's roster, a proven phone, a password (domain.md §2).

Whatever does not fit has one answer, `registration-refused`, after the same statements and the same hash; the school is
told what differs. Where somebody else holds the phone and nothing differs, it is claimed with the refusal (phones.py).
Refused by name is only what says nothing of a person: the policy of the cohort, a school that there is not, a code that
is wrong.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.change import Change, Row, Update, fresh_id
from app.db import PUBLIC, AlreadyExists, Result, Stale
from app.errors import Busy, RegistrationRefused
from app.models import Account, Graduate, Phone
from app.models.base import table_of
from app.schemas.auth import PhoneCodePurpose, RegistrationDraft
from app.service import Service
from app.workflows.accounts import new_passwords, phone_codes, registration_attempts
from app.workflows.accounts.phones import claim as claim_phone
from app.workflows.accounts.registration_ground import PURPOSE, look
from app.workflows.looking import Answer, as_json

_ATTEMPTS: Final = 4
_COMPARED: Final = ("name", "level", "cohort")
"""Compared with the rows that the school's roster has of the person; the other two of the five fields find them."""

phones, graduates, accounts = table_of(Phone), table_of(Graduate), table_of(Account)


async def register(service: Service, given: RegistrationDraft) -> Answer:
    """An active account, or a refusal: 422 (password, school, code), 403 (cohort), 409 `registration-refused`."""
    new_passwords.judge(service, given.password, given.phone, given.id_number, given.name)
    found = await look(service, given)
    await phone_codes.prove(service, PhoneCodePurpose.REGISTRATION, given.phone, given.code)
    for _ in range(_ATTEMPTS):
        try:
            return await _decide(service, given, found)
        except (Stale, AlreadyExists):  # somebody registered the same person or phone at the same moment
            found = await look(service, given)
    raise Busy("rows-busy", retry_after=1)


async def _decide(service: Service, given: RegistrationDraft, found: Result) -> Answer:
    """Write the account, or the attempt and refuse."""
    proof = await _proof(service, given.password, found.password_hash)
    differing = _differing(found, given)
    exists = found.graduate_id is not None and found.password_hash is not None
    if differing or exists or proof is None:
        kept = registration_attempts.kept(service, given, found.school_id, differing, found.graduate_id)
        if differing == ["phone"] and not (exists or found.own_phone or found.phone_claimed):
            kept = kept.and_also(Change.of(claim_phone(service, found.person_id, given.phone)))
        await service.db.apply(kept, PUBLIC, purpose=PURPOSE)
        raise RegistrationRefused
    graduate, account = found.graduate_id or fresh_id(), found.account_id or fresh_id()
    pieces = _activated(service, given, found, graduate, account, proof)
    await service.db.apply(Change.of(pieces), PUBLIC, purpose=PURPOSE)
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
                "archive_query_only": not found.of_the_province,
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
