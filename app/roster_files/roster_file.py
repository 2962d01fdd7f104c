"""A roster file, opened: what it is, its header checked, its rows to come."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.roster_files.csv_rows import csv_rows
from app.roster_files.decoding import decoding_of
from app.roster_files.row_checks import RowReader
from app.roster_files.rows import RawRow, RosterFileRefused, RosterRow, RowError, RowErrors
from app.roster_files.xlsx_rows import xlsx_rows

ZIP: Final = b"PK\x03\x04"
"""How an XLSX file begins."""
OLE: Final = b"\xd0\xcf\x11\xe0"
"""How the workbooks of Excel before 2007 begin, and encrypted ones."""


class RosterFile:
    """The checked rows of a roster file, read once, while they are asked for; to be closed, by `with` or `close`."""

    def __init__(self, reader: RowReader, rows: Generator[RawRow, None, None], total: int | None) -> None:
        self.total: Final = total
        """How many rows stand under the header, counting blank ones; None if that isn't known before the end."""
        self._reader = reader
        self._rows = rows

    def __iter__(self) -> Iterator[RosterRow | RowErrors]:
        """One for each row that isn't blank, in the order of the file."""
        return map(self._reader.read, self._rows)

    def close(self) -> None:
        self._rows.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_roster(path: Path, *, today: date) -> RosterFile:
    """A school's or the provincial roster: CSV in UTF-8 or GB18030, or XLSX, told apart by its content.

    Raises `RosterFileRefused` for what is wrong with the whole file; a workbook may turn out so while iterating too.
    """
    last, rows = raw_rows(path)
    with ExitStack() as unless_opened:
        unless_opened.callback(rows.close)
        header = next(rows, None)
        if header is None:
            raise RosterFileRefused("empty-file")
        if isinstance(header.cells, RowError):
            raise RosterFileRefused("header-missing")
        opened = RosterFile(RowReader(header.cells, today), rows, None if last is None else last - header.number)
        unless_opened.pop_all()
        return opened


def raw_rows(path: Path) -> tuple[int | None, Generator[RawRow, None, None]]:
    """The number of the last row, if it is known, and every row that isn't blank, the header first; to be closed."""
    with path.open("rb") as file:
        beginning = file.read(len(ZIP))
    if beginning == ZIP:
        return xlsx_rows(path)
    if beginning == OLE:
        raise RosterFileRefused("file-unreadable", reason="old-or-encrypted-workbook")
    decoding = decoding_of(path)
    return decoding.lines, csv_rows(path, decoding.encoding)
