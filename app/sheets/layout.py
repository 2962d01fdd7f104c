"""What may stand in a kind of file: its columns, what judges their fields, what a row must say as a whole."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.sheets.judges import Judge
from app.sheets.rows import Cell, SheetRefused, Value

SHOWN_CHARACTERS: Final = 50
"""Of an unknown header."""

Values = Mapping[str, Value]


class Part(StrEnum):
    """What a column says of its field."""

    VALUE = "value"
    CODE = "code"
    NAME = "name"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout; a field in codes has two, its code and the code's name."""

    header: str
    field: str
    """The field's name in the API; empty when there is none."""
    part: Part
    table: str
    """The code table of the field; empty when it is not in codes."""
    is_required: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The headers it goes by, compared without regard to width, spaces and case."""
        if self.part is Part.UNUSED:
            return (self.header,)
        return self.header, f"{self.field}_name" if self.part is Part.NAME else self.field


def columns_of(file: Path) -> tuple[Column, ...]:
    """The columns that a table of the data folder lists, in its order."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Column(row["header"], row["field"], Part(row["part"]), row["table"], row["need"] == "required")
            for row in csv.DictReader(lines)
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A column in a file."""

    at: int
    """Counted from 0."""
    title: str
    """Its header as the file has it."""
    column: Column


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a kind of file, and its checks."""

    columns: tuple[Column, ...]
    judge_of: Callable[[str, date], Judge]
    """The judge of a field; no ID number states a birth after the day."""
    broken: Callable[[Values], Iterable[tuple[str, str]]]
    """The field and the code of each rule over several fields that a row breaks."""
    consequences: Callable[[Values], Values]
    """What a row that passed its checks says besides."""

    def placed(self, header: Sequence[Cell]) -> list[Placed]:
        """The columns of a file by its header row."""
        return placed(self.columns, header)


def placed(columns: Sequence[Column], header: Sequence[Cell]) -> list[Placed]:
    """Which columns a header row has, and where; a cell without text heads none.

    A header that isn't known refuses the file: it may be a column misspelt, and no column is skipped silently.
    """
    titles = {at: str(cell).strip() for at, cell in enumerate(header)}
    known = {plain(name): column for column in columns for name in column.names}
    found = [Placed(at, title, known[plain(title)]) for at, title in titles.items() if plain(title) in known]
    if not found:
        raise SheetRefused("header-missing")  # and not by what stands there: it may be a person
    if unknown := [title[:SHOWN_CHARACTERS] for title in titles.values() if title and plain(title) not in known]:
        raise SheetRefused("unknown-column", columns=unknown)
    counted = Counter(place.column.header for place in found)
    if twice := [title for title, times in counted.items() if times > 1]:
        raise SheetRefused("duplicate-column", columns=twice)
    given = {place.column.field for place in found if place.column.part is not Part.UNUSED}
    if missing := [column for column in columns if column.is_required and column.field not in given]:
        raise SheetRefused(
            "missing-column", columns=[column.header for column in missing if column.part is not Part.NAME]
        )
    return found


def plain(title: str) -> str:
    """A header or a name as it is compared: without regard to width, spaces and case."""
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())
