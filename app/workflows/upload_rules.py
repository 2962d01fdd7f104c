"""Who may upload what for which purpose, and how much in all: every door's rules in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.schemas.file import FilePurpose
from app.upload_safety.media_types import CSV, JPEG, PDF, PNG, XLSX

MIB: Final = 1 << 20
GIB: Final = 1 << 30
PRINTS: Final = frozenset({PDF, JPEG, PNG})
"""Pictures and PDFs, which are written anew before they are kept."""
SHEETS: Final = frozenset({CSV, XLSX})
"""Kept as they were sent: their rows are read, with their line numbers, by an import."""
PARTIES: Final = frozenset({"graduate", "employer", "school"})
BODIES: Final = frozenset({"department", "county", "provincial_bureau", "provincial_education"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may upload for a purpose, which types, and how many bytes a file may have."""

    kinds: frozenset[str]
    types: frozenset[str]
    most_bytes: int


RULES: Final[Mapping[FilePurpose, Rule]] = {
    FilePurpose.ROSTER: Rule(frozenset({"school", "provincial_education"}), SHEETS, 64 * MIB),
    FilePurpose.ARCHIVES: Rule(frozenset({"school", "county", "provincial_bureau"}), SHEETS, 16 * MIB),
    FilePurpose.LICENCE: Rule(frozenset({"employer"}), PRINTS, 10 * MIB),
    FilePurpose.APPOINTMENT_NOTICE: Rule(frozenset({"employer"}), PRINTS, 10 * MIB),
    FilePurpose.STAMPED_SCAN: Rule(PARTIES, PRINTS, 10 * MIB),
    FilePurpose.PROOF: Rule(PARTIES | BODIES, PRINTS, 10 * MIB),
    FilePurpose.PAYMENT_RESULTS: Rule(frozenset({"county", "provincial_bureau"}), SHEETS, 10 * MIB),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """How much an owner may upload on a day and have in all: files, and bytes as sent or as kept, whichever is more."""

    day_files: int
    day_bytes: int
    files: int
    bytes: int


GRADUATES: Final = Quota(day_files=40, day_bytes=200 * MIB, files=200, bytes=500 * MIB)
OFFICES: Final = Quota(day_files=2000, day_bytes=4 * GIB, files=200_000, bytes=400 * GIB)


def quota_of(kind: str) -> Quota:
    """What this kind of caller may have: a graduate for themself, everybody else together with their body."""
    return GRADUATES if kind == "graduate" else OFFICES
