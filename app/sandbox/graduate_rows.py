"""The graduates of the sandbox as rows: persons, both rosters; phone, graduate and account of those who registered."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.change import fresh_id
from app.models import Account, Graduate, Person, Phone, RosterEntry
from app.models.base import Base
from app.sandbox.hands import SETTLED, Bodies, Hands, recorded
from app.sandbox.population import MAJORS, YEARS, Student, department_code, students
from app.words.identity import gender

TABLES: Final[tuple[type[Base], ...]] = (Person, Phone, RosterEntry, Graduate, Account)
Rows = dict[type[Base], list[Mapping[str, Any]]]


class GraduateRows:
    """Writes the rows of every student."""

    def __init__(self, hands: Hands, there: Bodies) -> None:
        self._hands, self._there = hands, there
        self._rows: Rows = {table: [] for table in TABLES}

    def everybody(self) -> Rows:
        """All rows, by table, in an order that foreign keys allow."""
        for student in students():
            self._add(student)
        return self._rows

    def _add(self, student: Student) -> None:
        person, entry = fresh_id(), fresh_id()
        place = {
            "school_id": self._there.id("school", student.school_code),
            "department_id": self._there.id("department", department_code(student.school_code, student.department)),
        }
        self._rows[Person].append(self._person(person, student))
        self._rows[RosterEntry].append(_entry(entry, "school", person, student) | place)
        if student.in_provincial:
            other = _entry(fresh_id(), "provincial", person, student)
            self._rows[RosterEntry].append(other | place | {"department_id": None})
        if student.registered:
            self._rows[Phone].append(self._phone(person, student))
            self._rows[Graduate].append(self._graduate(person, entry, place["school_id"], student) | place)
            self._rows[Account].append(self._account(person, student))

    def _person(self, person: str, student: Student) -> Mapping[str, Any]:
        return {
            "id": person,
            "id_bidx": self._hands.index("id_number", student.id_number),
            "id_sealed": self._hands.seal(student.id_number, table="persons", column="id_sealed", row=person),
            "created_at": SETTLED,
        }

    def _phone(self, person: str, student: Student) -> Mapping[str, Any]:
        return {
            "bidx": self._hands.index("phone", student.phone),
            "sealed": self._hands.seal(student.phone, table="phones", column="sealed", row=person),
            "person_id": person,
            "proven_at": SETTLED,
        }

    def _graduate(self, person: str, entry: str, school: str, student: Student) -> dict[str, Any]:
        index = self._hands.index("id_number", student.id_number)
        five = (student.name, index, student.level.value, str(student.cohort), school)
        verified = student.verified and student.in_provincial
        return {
            **recorded(fresh_id()),
            "person_id": person,
            "roster_entry_id": entry,
            "name": student.name,
            "level": student.level.value,
            "cohort": student.cohort,
            "major": MAJORS[student.department][1],
            "verified_at": SETTLED if verified else None,
            "verified_hash": self._hands.digest("identity", *five) if verified else None,
        }

    def _account(self, person: str, student: Student) -> Mapping[str, Any]:
        return {
            "id": fresh_id(),
            "kind": "graduate",
            "person_id": person,
            "level": student.level.value,
            "display_name": student.name,
            "roles": [],
            "password_hash": self._hands.password_hash,
            "created_at": SETTLED,
        }


def _entry(entry: str, source: str, person: str, student: Student) -> dict[str, Any]:
    return {
        **recorded(entry),
        "source": source,
        "person_id": person,
        "name": student.name,
        "level": student.level.value,
        "cohort": student.cohort,
        "completed": True,
        "details": _details(student),
        "extra": {},
    }


def _details(student: Student) -> Mapping[str, Any]:
    """The other mandatory fields of the roster."""
    code, major = MAJORS[student.department]
    years = YEARS[student.level]
    enrolled = student.cohort - years
    return {
        "candidate_number": f"{enrolled % 100}37{student.number:010d}",
        "gender": gender(student.id_number),
        "ethnicity": "01",
        "political_status": "03",
        "education_level": student.level.education_code,
        "major_code": code,
        "major": major,
        "training_mode": "1",
        "home_region": student.id_number[:6],
        "duration": str(years),
        "enrolled_on": date(enrolled, 9, 1),
        "graduated_on": date(student.cohort, 6, 30),
        "teacher_training": "2",
        "hardship": student.hardship,
        "class_name": f"{major[:2]}{enrolled % 100}01",
        "student_number": f"{enrolled}{student.number:06d}",
    }
