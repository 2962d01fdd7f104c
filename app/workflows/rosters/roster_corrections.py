"""The correction of a roster entry by its owner: a school for its own roster, the province for the provincial one.

The entry's graduate follows: name, department, major and cohort are the school's to say. Where one of the five fields
is another one than was verified, the verification falls (model.md, Persons and registration). ID number and level are
what a graduate signs in with: they change only while nobody is registered.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import LargeBinary, Text, Uuid, cast, func, literal, select

from app.change import Change, Row, Update
from app.db import SYSTEM, AlreadyExists, Read, Stale, asked
from app.errors import Busy, Conflict, FieldError, Forbidden, Invalid, NotFound, Reason, RuleNotMet, VersionRequired
from app.errors import Stale as StaleVersion
from app.models import Body
from app.models.base import table_of
from app.policies import Actor
from app.roster_files.layout import columns
from app.roster_files.row_rules import broken, consequences
from app.schemas.roster_entry import Details, RosterEntryPatch
from app.service import Caller, Service
from app.words import StaffRole
from app.words.identity import birth_date
from app.workflows.desk import Answer, look
from app.workflows.rosters.roster_departments import new_department
from app.workflows.rosters.roster_entries import answer, entries, graduates, one, persons, view
from app.workflows.rosters.roster_imports import OWNERS
from app.workflows.rosters.roster_persons import id_number_of, new_person, phone_of, sealed_phone
from app.workflows.rosters.roster_trail import correction_of

Said = Mapping[str, Any]
"""What an entry says, by the names of the API; what it doesn't say is absent."""

_ATTEMPTS: Final = 4
_MADE_MEANWHILE: Final = {"uq_persons_id_bidx", "uq_bodies_kind_code"}
_REQUIRED: Final = {column.field for column in columns() if column.is_required}
_DATES: Final = ("birth_date", "enrolled_on", "graduated_on")
_COLUMNS: Final = ("name", "level", "cohort", "completed")
_FIVE: Final = {"name", "id_number", "level", "cohort"}
"""Of the five fields that are compared; the fifth, the school, is nobody's to correct."""

bodies = table_of(Body)
_parts = Read(
    select(literal(1).label("here")),
    select(persons.c.id.label("person_id")).where(persons.c.id_bidx == asked("bidx", LargeBinary())),
    select(func.min(cast(bodies.c.id, Text)).label("department_id")).where(
        bodies.c.kind == "department",
        bodies.c.parent_id == asked("school", Uuid(as_uuid=False)),
        bodies.c.name == asked("department", Text()),
    ),
    door=SYSTEM,
)
"""A person may be known to others than the caller, whose eyes they do not come before by this."""


async def correct(caller: Caller, entry: str, patch: RosterEntryPatch, version: int | None) -> Answer:
    """Correct an entry on the version that the caller saw. Nothing that differs: nothing is written."""
    for _ in range(_ATTEMPTS):
        who, found = await look(caller, view.one, record=entry)
        if not found:
            raise NotFound
        row = _permitted(who, found[0], version)
        before = _said(caller.service, row)
        after = _corrected(before, patch, caller.service.clock.today())
        differing = {name for name in {**before, **after} if before.get(name) != after.get(name)}
        if not differing:
            return answer(caller.service, row)
        if row.source == "school" and row.graduate_id and differing & {"id_number", "level"}:
            raise RuleNotMet([Reason("graduate-registered", who="support", how="ask-the-support")])
        try:
            change = await _change(caller, who, row, before, after)
            await caller.db.apply(change, session=caller.session)
        except Stale:
            continue
        except AlreadyExists as error:
            if error.rule in _MADE_MEANWHILE:
                continue
            raise Conflict("roster-entry-exists") from error
        return await one(caller, entry)
    raise Busy("rows-busy", retry_after=1)


def _permitted(who: Actor, row: Any, version: int | None) -> Any:
    """The entry, if this person may correct it and saw it as it is."""
    if who.kind != OWNERS[row.source] or not who.is_a(StaffRole.ADMINISTRATOR):
        raise Forbidden
    if version is None:
        raise VersionRequired
    if version != row.version:
        raise StaleVersion
    return row


def _said(service: Service, row: Any) -> Said:
    dates = {name: date.fromisoformat(row.details[name]) for name in _DATES if name in row.details}
    said = {
        **row.details,
        **dates,
        **{name: row[name] for name in _COLUMNS},
        "id_number": id_number_of(service, row.person_id, row.id_sealed),
        "department": row.department_name,
        "phone": phone_of(service, row.person_id, row.phone_sealed),
    }
    return {name: value for name, value in said.items() if value is not None}


def _corrected(before: Said, patch: RosterEntryPatch, today: date) -> Said:
    """What the entry is to say; `Invalid` with every field that cannot be so."""
    given = patch.model_dump(exclude_unset=True)
    after = {name: value for name, value in {**before, **given}.items() if value is not None}
    wrong = [(name, "cannot-be-cleared") for name, value in given.items() if value is None and name in _REQUIRED]
    wrong += broken(after)
    if birth_date(after["id_number"]) > today:
        wrong.append(("id_number", "id-number-future"))
    if wrong:
        raise Invalid(errors=[FieldError(f"/body/{name}", code) for name, code in wrong])
    return {**after, **consequences(after)}


async def _change(caller: Caller, who: Actor, row: Any, before: Said, after: Said) -> Change:
    service = caller.service
    person, department = row.person_id, row.department_id
    made: tuple[Row, ...] = ()
    if before["id_number"] != after["id_number"] or before.get("department") != after.get("department"):
        person, department, made = await _found(service, row, after)
    differing = {name for name in _FIVE if before.get(name) != after.get(name)}
    values = {
        **{name: after[name] for name in _COLUMNS},
        "person_id": person,
        "department_id": department,
        **sealed_phone(service, person, after.get("phone")),
        "details": {name: value for name, value in after.items() if name in Details.model_fields},
        "updated_at": service.clock.real(),
    }
    return Change.of(
        (
            Update(entries, {"id": row.id, "version": row.version}, values),
            *_followed(row, values, after, verified=not differing),
            *made,
            *correction_of(service, who, row, before, after),
        )
    )


async def _found(service: Service, row: Any, after: Said) -> tuple[str, str, tuple[Row, ...]]:
    """The person and the department that the entry is to name, with the rows that make who is missing."""
    bidx, at = service.blind_index.of("id_number", after["id_number"]), service.clock.real()
    given = {"bidx": bidx, "school": row.school_id, "department": after.get("department")}
    [parts] = await service.db.rows(_parts, {"job": "roster_correction", "body": row.school_id, **given})
    person, department, made = parts.person_id, parts.department_id, []
    if person is None:
        fresh = new_person(service, after["id_number"], bidx)
        person = fresh["id"]
        made.append(Row(persons, {**fresh, "created_at": at}))
    if department is None and "department" in after:
        if row.source == "provincial":
            raise Invalid(errors=[FieldError("/body/department", "department-unknown")])
        new = new_department(row.school_id, row.school_code, after["department"])
        department = new["id"]
        made.append(Row(bodies, {**new, "kind": "department", "created_at": at}))
    return person, department, tuple(made)


def _followed(row: Any, values: Mapping[str, Any], after: Said, *, verified: bool) -> Iterator[Update]:
    """The graduate after the entry, if there is something to follow in."""
    if row.graduate_id is None:
        return
    new: dict[str, Any] = {}
    if not verified:
        new = {"verified_at": None, "verified_hash": None}
    if row.source == "school":
        new |= {name: values[name] for name in ("name", "cohort", "department_id")} | {"major": after["major"]}
    if new:
        held = {"id": row.graduate_id, "version": row.graduate_version}
        yield Update(graduates, held, {**new, "updated_at": values["updated_at"]})
