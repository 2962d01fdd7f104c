"""The columns of a roster file: the roster part of the national layout (columns 1 to 44) and two that schools add."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from app.roster_files.rows import Cell, RosterFileRefused

FILE: Final = Path(__file__).parents[1] / "data" / "roster_layout.csv"
SHOWN_CHARACTERS: Final = 50
"""Of an unknown header."""


class Part(StrEnum):
    """What a column says of its field."""

    VALUE = "value"
    CODE = "code"
    NAME = "name"
    UNUSED = "unused"


class OpenTo(StrEnum):
    """Until when a graduate may write a field of their own entry in the school's roster."""

    NOBODY = "locked"
    CONFIRMING = "until_confirmed"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the layout; a field in codes has two, its code and the code's name."""

    header: str
    field: str
    """The field's name in the API; empty when there is none."""
    part: Part
    table: str
    """The code table of the field; empty when it is not in codes."""
    is_required: bool
    open_to: OpenTo

    @property
    def names(self) -> tuple[str, ...]:
        """The headers it goes by, compared without regard to width, spaces and case."""
        if self.part is Part.UNUSED:
            return (self.header,)
        return self.header, f"{self.field}_name" if self.part is Part.NAME else self.field


@cache
def columns() -> tuple[Column, ...]:
    """All columns, in the order of the national layout."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Column(
                row["header"],
                row["field"],
                Part(row["part"]),
                row["table"],
                row["need"] == "required",
                OpenTo(row["edit"]),
            )
            for row in csv.DictReader(lines)
        )


def open_to(field: str) -> OpenTo:
    """Until when a graduate may write this field; what is no field of the layout, never."""
    return next((column.open_to for column in columns() if column.field == field), OpenTo.NOBODY)


@dataclass(frozen=True, slots=True)
class Placed:
    """A column in a file."""

    at: int
    """Counted from 0."""
    title: str
    """Its header as the file has it."""
    column: Column


def placed(header: Sequence[Cell]) -> list[Placed]:
    """The columns of a file by its header row; a cell without text heads none.

    A header that isn't known refuses the file: it may be a column misspelt, and no column is skipped silently.
    """
    titles = {at: str(cell).strip() for at, cell in enumerate(header)}
    known = _by_name()
    found = [Placed(at, title, known[plain(title)]) for at, title in titles.items() if plain(title) in known]
    if not found:
        raise RosterFileRefused("header-missing")  # and not by what stands there: it may be a person
    if unknown := [title[:SHOWN_CHARACTERS] for title in titles.values() if title and plain(title) not in known]:
        raise RosterFileRefused("unknown-column", columns=unknown)
    counted = Counter(place.column.header for place in found)
    if twice := [title for title, times in counted.items() if times > 1]:
        raise RosterFileRefused("duplicate-column", columns=twice)
    given = {place.column.field for place in found if place.column.part is not Part.UNUSED}
    if missing := [column for column in columns() if column.is_required and column.field not in given]:
        raise RosterFileRefused(
            "missing-column", columns=[column.header for column in missing if column.part is not Part.NAME]
        )
    return found


def plain(title: str) -> str:
    """A header or a name as it is compared: without regard to width, spaces and case."""
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())


@cache
def _by_name() -> Mapping[str, Column]:
    return {plain(name): column for column in columns() for name in column.names}
