"""The check of one field: from its cell, or from the two cells of a code and its name, to the value kept."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Final, Literal

from app.codes import tables
from app.sheets.judges import Judge, unused
from app.sheets.layout import Column, plain
from app.sheets.rows import Cell, Value
from app.words.refusal import refuse

CLEAR: Final = "**CLEAR**"
"""Typed into a cell, it empties the field."""


class Kept(Enum):
    """The cell is empty: the field keeps what is there."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT
Checked = Value | Literal[Kept.KEPT]

_LOST: Final = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)


def check_of(column: Column, judge: Judge) -> Callable[[Cell], Checked]:
    """The check of a field with one column."""

    def check(cell: Cell) -> Checked:
        text = _text(cell, column.field)
        if text and text != CLEAR:
            return judge(text)
        if column.is_required:
            refuse("cannot-be-cleared" if text else "required", "The field is required.")
        return None if text else KEPT

    return check


def check_of_code(column: Column, judge: Judge) -> Callable[[tuple[Cell, Cell]], Checked]:
    """The check of a field given by its code, by the code's name, or by both.

    The code decides. A name the table doesn't know says nothing; one that belongs to another code is an error.
    """
    codes = _codes_by_name(column.table)

    def check(cells: tuple[Cell, Cell]) -> Checked:
        code, name = (_text(cell, column.field) for cell in cells)
        named = codes.get(plain(name))
        if not code and not name:
            refuse("required", "The field is required.")
        if not code:
            return named or refuse("unknown-name", "The table {table} has no such name.", table=column.table)
        value = judge(code)
        if named not in {None, value}:
            refuse("code-and-name-differ", "The name belongs to another code of the table {table}.", table=column.table)
        return value

    return check


def check_unused(cell: Cell) -> str | Literal[Kept.KEPT]:
    """The text of a cell that is known and not used; empty if it is to be emptied."""
    text = _text(cell, "")
    if text == CLEAR:
        return ""
    return unused(text) if text else KEPT


def _text(cell: Cell, field: str) -> str:
    """The trimmed text of a cell; refused if a spreadsheet made a number of it and lost its last digits."""
    if isinstance(cell, float) or ("+" in cell and _LOST.fullmatch(cell.strip())):
        if field == "id_number":
            refuse("id-number-was-a-number", "The spreadsheet kept the ID number as a number and lost its last digits.")
        refuse("digits-lost", "The spreadsheet kept the cell as a number and lost its last digits.")
    return cell.strip()


@cache
def _codes_by_name(table: str) -> Mapping[str, str]:
    return {plain(row.name): row.code for row in tables()[table]}
