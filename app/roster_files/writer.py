"""Writes a roster in the layout that is read: for the sandbox, for tests, for whoever wants an example."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from app.codes import tables
from app.roster_files.layout import columns
from app.sheets import Column, Part
from app.sheets.field_checks import CLEAR
from app.sheets.rows import Value


def write_csv(path: Path, rows: Iterable[Mapping[str, Value]], *, encoding: str = "utf-8-sig") -> None:
    """Write every column of the layout with its Chinese header; `rows` hold values by field, as they are read.

    An absent field is an empty cell, None is `**CLEAR**`; the names of codes are looked up. What follows from other
    fields (`level`, `completed`, `cohort`) isn't written.
    """
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.header for column in columns()])
        writer.writerows([_cell(column, row) for column in columns()] for row in rows)


def _cell(column: Column, row: Mapping[str, Value]) -> str:
    if column.field not in row:
        return ""
    value = row[column.field]
    if column.part in {Part.NAME, Part.UNUSED}:
        named = tables()[column.table].rows.get(str(value))
        return named.name if named else ""
    if value is None:
        return CLEAR
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)
