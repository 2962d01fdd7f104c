"""Reads the one sheet of an XLSX file on standard input and writes its rows to standard output, as lines of JSON.

Runs as a program of its own (see `confined`), because the file may be hostile: a few kilobytes can make the reader ask
for any amount of memory, and it then aborts the process. It imports nothing of the service. The first line is the
number of the last row or a refusal, each other line one row as a list.
"""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO, Final

import orjson
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MAX_COLUMNS: Final = 200
MAX_CHARACTERS: Final = 2000
"""Of one cell: more than any column takes, so the check refuses a cell that was cut."""
MAX_EXACT: Final = 10**15
"""Excel keeps 15 digits of a number."""


def answers(file: BinaryIO) -> Iterator[int | str | list[str | float]]:
    """What is written, line by line. Hidden sheets are lists for drop-downs; of the others only one may have rows."""
    with CalamineWorkbook.from_filelike(file) as workbook:
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        filled = [(sheet, sheet.end) for sheet in map(workbook.get_sheet_by_name, visible) if sheet.end is not None]
    if len(filled) != 1:
        yield "several-sheets" if filled else "empty-file"
        return
    [(sheet, (last_row, last_column))] = filled
    if last_column >= MAX_COLUMNS:
        yield "too-many-columns"
        return
    yield last_row + 1
    for row in sheet.iter_rows():
        yield [text(cell) for cell in row]


def text(cell: object) -> str | float:
    """A cell as one would read it; a number that may have lost digits stays a number."""
    if isinstance(cell, str):
        return cell[:MAX_CHARACTERS]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not abs(cell) < MAX_EXACT:  # nor is infinity, which JSON doesn't know
            return float(MAX_EXACT)
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return date.isoformat(cell)
    return str(cell)


def main() -> None:
    """Read standard input."""
    for answer in answers(sys.stdin.buffer):
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
