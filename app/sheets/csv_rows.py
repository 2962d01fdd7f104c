"""The rows of a CSV file, one at a time. A row that cannot be read is reported and takes no other with it.

After a quote that is never closed, the csv module alone would read the rows that follow into one cell. Here a quoted
cell goes on over a few lines only if the row then has as many cells as the header; otherwise its line is the error.
"""

import csv
from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final, TextIO

from app.sheets.rows import RawRow, RowError

MAX_CHARACTERS: Final = 1 << 20
"""Of one row; a longer one is an error and never held in memory."""
MAX_LINES: Final = 20
"""Of one row, for the line breaks in its quoted cells."""


def csv_rows(path: Path, encoding: str) -> Generator[RawRow, None, None]:
    """Every row that isn't blank, the header first, numbered as a spreadsheet would."""
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        number, width = 0, 0
        while line := lines.next():
            number += 1
            cells = line.rstrip("\r\n").split(",") if lines.is_plain(line) else _delicate(line, lines, width)
            if isinstance(cells, RowError):
                yield RawRow(number, cells)
            elif any(map(str.strip, cells)):
                width = width or len(cells)
                yield RawRow(number, cells)


class _Lines:
    """The lines of a file, with a look ahead."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ahead: deque[str] = deque()

    def next(self) -> str:
        """The next line with its end, or no more than its first characters; empty after the last."""
        return self._ahead.popleft() if self._ahead else self._file.readline(MAX_CHARACTERS)

    def give_back(self, lines: Sequence[str]) -> None:
        """Have these, which were read too far, come again."""
        self._ahead.extendleft(reversed(lines))

    @staticmethod
    def is_plain(line: str) -> bool:
        """Whether commas alone divide the line."""
        return '"' not in line and len(line) < MAX_CHARACTERS


def _delicate(line: str, lines: _Lines, width: int) -> list[str] | RowError:
    """The cells of a row with quotes, from as many lines as it takes."""
    if len(line) == MAX_CHARACTERS:
        while len(line) == MAX_CHARACTERS and not line.endswith(("\n", "\r")):
            line = lines.next()
        return RowError(None, "row-too-long", {"most": MAX_CHARACTERS})
    cells = _parsed(line)
    if cells is None and _is_open(line):
        more: list[str] = []
        while len(more) < MAX_LINES and _is_open(line) and len(line) < MAX_CHARACTERS and (following := lines.next()):
            more.append(following)
            line += following
        cells = _parsed(line)
        if cells is None or width not in {0, len(cells)}:
            lines.give_back(more)
            cells = None
    return RowError(None, "quotes-misplaced") if cells is None else cells


def _is_open(row: str) -> bool:
    """Whether a quoted cell goes on after the text."""
    return row.count('"') % 2 == 1


def _parsed(row: str) -> list[str] | None:
    """The cells of a whole row; None when its quotes are not those of CSV (RFC 4180)."""
    try:
        return next(csv.reader([row], strict=True))
    except csv.Error:
        return None
