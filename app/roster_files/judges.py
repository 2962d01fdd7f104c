"""What judges the fields of a roster."""

from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from typing import Final

from pydantic import TypeAdapter

from app import words
from app.sheets.judges import Judge, coded, word
from app.sheets.spelling import answer, day, month_or_day, narrow, postcode, years
from app.words.identity import id_number, mobile_number
from app.words.text import person_name

BLOCK_DIGITS: Final = 5
"""The first digits of a mobile number, by which alone the numbering plan tells whether somebody can have it."""
MOBILE_DIGITS: Final = 11


def judge_of(field: str, today: date) -> Judge:
    """The judge of a field; no ID number states a birth after `today`."""
    return partial(id_number, today=today) if field == "id_number" else _judges()[field]


@cache
def _judges() -> Mapping[str, Judge]:
    return {
        "candidate_number": word(words.CandidateNumber, narrow),
        "name": person_name,
        "gender": coded(words.Gender, "gender"),
        "ethnicity": coded(words.Ethnicity, "ethnicity"),
        "political_status": coded(words.PoliticalStatus, "political_status"),
        "school_code": word(words.AnySchoolCode, narrow),
        "branch": word(words.Branch),
        "education_level": coded(words.EducationLevel, "education_level"),
        "major_code": word(words.MajorCode, narrow),
        "major": word(words.Major),
        "major_direction": word(words.MajorDirection),
        "training_mode": coded(words.TrainingMode, "training_mode"),
        "commissioning_unit": word(words.CommissioningUnit),
        "home_region": word(words.HomeRegion, narrow),
        "urban_rural": word(words.UrbanRural),
        "duration": word(words.Duration, years),
        "enrolled_on": word(words.EnrolledOn, month_or_day),
        "graduated_on": word(words.GraduatedOn, _of_a_cohort),
        "teacher_training": coded(words.TeacherTraining, "teacher_training"),
        "hardship": coded(words.Hardship, "hardship"),
        "department": word(words.DepartmentName),
        "class_name": word(words.ClassName),
        "student_number": word(words.StudentNumber, narrow),
        "birth_date": word(words.BirthDate, day),
        "archive_before": word(words.ArchiveBefore),
        "police_station": word(words.PoliceStation),
        "household_moved": word(words.HouseholdMoved, answer),
        "archive_moved": word(words.ArchiveMoved, answer),
        "phone": _mobile,
        "email": word(words.Email, narrow),
        "address": word(words.Address),
        "postcode": word(words.Postcode, postcode),
        "marital_status": word(words.MaritalStatus),
        "health": word(words.Health),
        "activated": word(words.Activated, answer),
        "password_hash": word(words.ImportedHash, narrow),
    }


def _of_a_cohort(text: str) -> date:
    """A day of graduation; refused when its year is no cohort's."""
    graduated_on = month_or_day(text)
    _cohorts().validate_python(graduated_on.year)
    return graduated_on


@cache
def _cohorts() -> TypeAdapter[int]:
    return TypeAdapter(words.Cohort)


def _mobile(text: str) -> str:
    """A mobile number; the common spelling is judged by its block, for the full check takes 40 µs."""
    if len(text) != MOBILE_DIGITS or not (text.isascii() and text.isdigit()):
        return mobile_number(text)
    _judge_block(text[:BLOCK_DIGITS])
    return text


@cache
def _judge_block(digits: str) -> None:
    mobile_number(digits.ljust(MOBILE_DIGITS, "0"))
