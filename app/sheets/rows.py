"""What comes out of a sheet: checked rows, rows with errors, or the refusal of the whole file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Value = str | date | int | None
"""A checked cell; None empties the field. Yes and no are bool."""
Param = str | int | list[str]
Cell = str | float
"""A cell as read; a float is a number of 16 digits or more, the last of which the spreadsheet has lost."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell, or with the row when `column` is None. It never repeats what the cell says."""

    column: str | None
    """The column's header, as in the file."""
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that passed every check."""

    number: int
    """The row's number in the file as a person sees it: the header is 1."""
    values: dict[str, Value]
    """What the row says, by field, and what follows from it by its layout. An absent field keeps."""
    extra: dict[str, str]
    """Known columns that are not used, by header. An absent one keeps, an empty text empties."""


@dataclass(frozen=True, slots=True)
class RowErrors:
    """A row that cannot be taken, and everything that is wrong with it."""

    number: int
    errors: list[RowError]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as read: its cells, or why it could not be read."""

    number: int
    cells: Sequence[Cell] | RowError


class SheetRefused(Exception):
    """The file as a whole cannot be taken: the reason's code, and what helps to put the file right."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
