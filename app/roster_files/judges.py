"""What judges the text of a field: the field's word, the same that the API uses, after the roster's spelling."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from typing import Annotated, Any, Final, cast

from pydantic import TypeAdapter

from app import words
from app.codes import tables
from app.roster_files.rows import Value
from app.roster_files.spelling import answer, code, day, in_unicode, month_or_day, narrow, postcode, years
from app.words.identity import id_number, mobile_number
from app.words.text import LINE, length, person_name

Judge = Callable[[str], Value]
"""Takes the trimmed text of a cell to the value kept, or raises `PydanticCustomError` or `ValidationError`."""

Unused = Annotated[str, length(1000), LINE]
BLOCK_DIGITS: Final = 5
"""The first digits of a mobile number, by which alone the numbering plan tells whether somebody can have it."""
MOBILE_DIGITS: Final = 11


def judge_of(field: str, today: date) -> Judge:
    """The judge of a field; no ID number states a birth after `today`."""
    return partial(id_number, today=today) if field == "id_number" else _judges()[field]


def unused(text: str) -> str:
    """A cell of a column that is known and not used."""
    return str(_unused().validate_python(in_unicode(text)))


@cache
def _judges() -> Mapping[str, Judge]:
    return {
        "candidate_number": _word(words.CandidateNumber, narrow),
        "name": person_name,
        "gender": _coded(words.Gender, "gender"),
        "ethnicity": _coded(words.Ethnicity, "ethnicity"),
        "political_status": _coded(words.PoliticalStatus, "political_status"),
        "school_code": _word(words.AnySchoolCode, narrow),
        "branch": _word(words.Branch),
        "education_level": _coded(words.EducationLevel, "education_level"),
        "major_code": _word(words.MajorCode, narrow),
        "major": _word(words.Major),
        "major_direction": _word(words.MajorDirection),
        "training_mode": _coded(words.TrainingMode, "training_mode"),
        "commissioning_unit": _word(words.CommissioningUnit),
        "home_region": _word(words.HomeRegion, narrow),
        "urban_rural": _word(words.UrbanRural),
        "duration": _word(words.Duration, years),
        "enrolled_on": _word(words.EnrolledOn, month_or_day),
        "graduated_on": _word(words.GraduatedOn, _of_a_cohort),
        "teacher_training": _coded(words.TeacherTraining, "teacher_training"),
        "hardship": _coded(words.Hardship, "hardship"),
        "department": _word(words.DepartmentName),
        "class_name": _word(words.ClassName),
        "student_number": _word(words.StudentNumber, narrow),
        "birth_date": _word(words.BirthDate, day),
        "archive_before": _word(words.ArchiveBefore),
        "police_station": _word(words.PoliceStation),
        "household_moved": _word(words.HouseholdMoved, answer),
        "archive_moved": _word(words.ArchiveMoved, answer),
        "phone": _mobile,
        "email": _word(words.Email, narrow),
        "address": _word(words.Address),
        "postcode": _word(words.Postcode, postcode),
        "marital_status": _word(words.MaritalStatus),
        "health": _word(words.Health),
        "activated": _word(words.Activated, answer),
        "password_hash": _word(words.ImportedHash, narrow),
    }


def _word(word: object, spelt: Callable[[str], object] = in_unicode) -> Judge:
    judge = TypeAdapter[Value](cast("Any", word)).validator.validate_python  # an annotated type is no type to mypy
    return lambda text: judge(spelt(text))


def _coded(word: object, table: str) -> Judge:
    return _word(word, partial(code, table=tables()[table]))


def _of_a_cohort(text: str) -> date:
    """A day of graduation; refused when its year is no cohort's."""
    graduated_on = month_or_day(text)
    _cohorts().validate_python(graduated_on.year)
    return graduated_on


@cache
def _cohorts() -> TypeAdapter[int]:
    return TypeAdapter(words.Cohort)


@cache
def _unused() -> TypeAdapter[str]:
    return TypeAdapter(Unused)


def _mobile(text: str) -> str:
    """A mobile number; the common spelling is judged by its block, for the full check takes 40 µs."""
    if len(text) != MOBILE_DIGITS or not (text.isascii() and text.isdigit()):
        return mobile_number(text)
    _judge_block(text[:BLOCK_DIGITS])
    return text


@cache
def _judge_block(digits: str) -> None:
    mobile_number(digits.ljust(MOBILE_DIGITS, "0"))
