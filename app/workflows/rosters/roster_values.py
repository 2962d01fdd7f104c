"""What an entry of a roster says, what it is to say, and the rows that make it say so, whoever decided it.

The entry's graduate follows: name, department, major and cohort are the school's to say. Where one of the five fields
is another one than was verified, the verification falls (model.md, Persons and registration).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.change import Row, Update
from app.policies import Actor
from app.roster_files.layout import columns
from app.roster_files.row_rules import broken, consequences
from app.schemas.roster_entry import Details
from app.service import Service
from app.words.identity import birth_date
from app.workflows import rerouting
from app.workflows.rosters.roster_entries import entries, graduates
from app.workflows.rosters.roster_persons import id_number_of, phone_of, sealed_phone
from app.workflows.rosters.roster_trail import correction_of

Said = Mapping[str, Any]
"""What an entry says, by the names of the API; what it doesn't say is absent."""
Fault = tuple[str, str]
"""A field, and the code of what is wrong with it."""

_REQUIRED: Final = {column.field for column in columns() if column.is_required}
_DATES: Final = ("birth_date", "enrolled_on", "graduated_on")
_COLUMNS: Final = ("name", "level", "cohort", "completed")
_FIVE: Final = {"name", "id_number", "level", "cohort"}
"""Of the five fields that are compared; the fifth, the school, is nobody's to correct."""


def said(service: Service, row: Any) -> Said:
    """What the entry says now."""
    dates = {name: date.fromisoformat(row.details[name]) for name in _DATES if name in row.details}
    stated = {
        **row.details,
        **dates,
        **{name: getattr(row, name) for name in _COLUMNS},
        "id_number": id_number_of(service, row.person_id, row.id_sealed),
        "department": row.department_name,
        "phone": phone_of(service, row.person_id, row.phone_sealed),
    }
    return {name: value for name, value in stated.items() if value is not None}


def corrected(before: Said, given: Said, today: date) -> tuple[Said, list[Fault]]:
    """What the entry is to say, and every field that cannot be so. A null empties a field."""
    after = {name: value for name, value in {**before, **given}.items() if value is not None}
    wrong = [(name, "cannot-be-cleared") for name, value in given.items() if value is None and name in _REQUIRED]
    wrong += broken(after)
    if birth_date(after["id_number"]) > today:
        wrong.append(("id_number", "id-number-future"))
    return (after, wrong) if wrong else ({**after, **consequences(after)}, [])


def differing(before: Said, after: Said) -> set[str]:
    """The fields that are to say something else."""
    return {name for name in {**before, **after} if before.get(name) != after.get(name)}


def written(
    service: Service, who: Actor, row: Any, before: Said, after: Said, *, person: str, department: str | None
) -> Iterator[Update | Row]:
    """The entry as it is to be, its graduate after it, and what the correction leaves behind."""
    values = {
        **{name: after[name] for name in _COLUMNS},
        "person_id": person,
        "department_id": department,
        **sealed_phone(service, person, after.get("phone")),
        "details": {name: value for name, value in after.items() if name in Details.model_fields},
        "updated_at": service.clock.real(),
    }
    yield Update(entries, {"id": row.id, "version": row.version}, values)
    yield from _followed(row, values, after, verified=not differing(before, after) & _FIVE)
    yield from correction_of(service, who, row, before, after)


def _followed(row: Any, values: Mapping[str, Any], after: Said, *, verified: bool) -> Iterator[Update | Row]:
    """The graduate after the entry, if there is something to follow in; to another department with what is open."""
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
    if row.source == "school" and values["department_id"] != row.department_id:
        yield rerouting.of_graduate(row.graduate_id)
