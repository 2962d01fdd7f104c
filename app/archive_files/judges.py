"""What judges the fields of an archive record."""

from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from typing import Final

from app import words
from app.sheets.judges import Judge, coded, word
from app.sheets.spelling import day, narrow
from app.words import archives
from app.words.identity import id_number
from app.words.text import person_name

_STATES: Final = {"已转出": "sent", "已接收": "received", "已退回": "returned"}


def judge_of(field: str, today: date) -> Judge:
    """The judge of a field; no ID number states a birth after `today`."""
    return partial(id_number, today=today) if field == "id_number" else _judges()[field]


@cache
def _judges() -> Mapping[str, Judge]:
    return {
        "name": person_name,
        "education_level": coded(words.EducationLevel, "education_level"),
        "cohort": word(words.Cohort, _year),
        "number": word(archives.DispatchNumber, narrow),
        "type": coded(archives.DispatchType, "dispatch_certificate_type"),
        "unit_name": word(words.EmployerName),
        "unit_region": word(words.Region, narrow),
        "dispatched_on": word(archives.DispatchedOn, day),
        "sender": word(archives.ArchiveSender),
        "receiver": word(words.ArchiveReceiver),
        "receiver_region": word(words.Region, narrow),
        "address": word(words.Address),
        "carrier": word(archives.Carrier),
        "tracking_number": word(archives.TrackingNumber, narrow),
        "moved_on": word(archives.MovedOn, day),
        "state": word(archives.MovementState, _state),
    }


def _year(text: str) -> str:
    """A cohort, perhaps as 2025届."""
    return narrow(text).removesuffix("届")


def _state(text: str) -> str:
    """The state of a leg, in Chinese or in the API's word."""
    return _STATES.get(text, narrow(text))
