"""The correction of a roster entry by its owner: a school for its own roster, the province for the provincial one.

A graduate keeps their own contact data in the school's roster, and until they have confirmed it some other fields.
ID number and level are what a graduate signs in with: they change only while nobody is registered. What follows from a
correction is in `roster_values`.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import LargeBinary, Text, Uuid, cast, func, literal, select

from app.change import Change, Row
from app.db import SYSTEM, AlreadyExists, Read, Stale, asked
from app.errors import Busy, Conflict, FieldError, Forbidden, Invalid, NotFound, Reason, RuleNotMet, VersionRequired
from app.errors import Stale as StaleVersion
from app.models import Body
from app.models.base import table_of
from app.policies import Actor
from app.roster_files.layout import OpenTo, open_to
from app.schemas.roster_entry import RosterEntryPatch
from app.service import Caller, Service
from app.words import StaffRole
from app.workflows.looking import Answer, look
from app.workflows.rosters.roster_departments import new_department
from app.workflows.rosters.roster_entries import answer, one, persons, view
from app.workflows.rosters.roster_imports import OWNERS
from app.workflows.rosters.roster_persons import new_person
from app.workflows.rosters.roster_values import Said, corrected, differing, said, written

_ATTEMPTS: Final = 4
_MADE_MEANWHILE: Final = {"uq_persons_id_bidx", "uq_bodies_kind_code"}

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
        row = _permitted(who, found[0], patch, version)
        before = said(caller.service, row)
        after, wrong = corrected(before, patch.model_dump(exclude_unset=True), caller.service.clock.today())
        if wrong:
            raise Invalid(errors=[FieldError(f"/body/{name}", code) for name, code in wrong])
        fields = differing(before, after)
        if not fields:
            return answer(caller.service, row)
        if row.source == "school" and row.graduate_id and fields & {"id_number", "level"}:
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


def _permitted(who: Actor, row: Any, patch: RosterEntryPatch, version: int | None) -> Any:
    """The entry, if this person may correct these fields of it and saw it as it is."""
    theirs = row.source == "school" and who.graduate_id is not None and row.graduate_id == who.graduate_id
    if not theirs and (who.kind != OWNERS[row.source] or not who.is_a(StaffRole.ADMINISTRATOR)):
        raise Forbidden
    if version is None:
        raise VersionRequired
    if version != row.version:
        raise StaleVersion
    if theirs and (unmet := [*_locked(row, patch)]):
        raise RuleNotMet(unmet)
    return row


def _locked(row: Any, patch: RosterEntryPatch) -> Iterator[Reason]:
    """The fields that are not the graduate's to write (fields.md): for them they ask for a correction."""
    for name in patch.model_fields_set:
        open_ = open_to(name)
        if open_ is OpenTo.NOBODY or (open_ is OpenTo.CONFIRMING and row.confirmed_at is not None):
            yield Reason("field-locked", who="school", how="ask-for-a-correction", pointer=f"/{name}")


async def _change(caller: Caller, who: Actor, row: Any, before: Said, after: Said) -> Change:
    service = caller.service
    person, department = row.person_id, row.department_id
    made: tuple[Row, ...] = ()
    if before["id_number"] != after["id_number"] or before.get("department") != after.get("department"):
        person, department, made = await _found(service, row, after)
    pieces = written(service, who, row, before, after, person=person, department=department)
    return Change.of((*pieces, *made))


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
