"""A sheet, opened: what it is, its header checked, its rows to come."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.sheets.csv_rows import csv_rows
from app.sheets.decoding import decoding_of
from app.sheets.layout import Layout
from app.sheets.row_checks import RowReader
from app.sheets.rows import RawRow, RowError, RowErrors, SheetRefused, SheetRow
from app.sheets.xlsx_rows import xlsx_rows

ZIP: Final = b"PK\x03\x04"
"""How an XLSX file begins."""
OLE: Final = b"\xd0\xcf\x11\xe0"
"""How the workbooks of Excel before 2007 begin, and encrypted ones."""


class Sheet:
    """The checked rows of a file, read once, while they are asked for; to be closed, by `with` or `close`."""

    def __init__(self, reader: RowReader, rows: Generator[RawRow, None, None], total: int | None) -> None:
        self.total: Final = total
        """How many rows stand under the header, counting blank ones; None if that isn't known before the end."""
        self._reader = reader
        self._rows = rows

    def __iter__(self) -> Iterator[SheetRow | RowErrors]:
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


def open_sheet(path: Path, layout: Layout, *, today: date) -> Sheet:
    """A file of this layout: CSV in UTF-8 or GB18030, or XLSX, told apart by its content.

    Raises `SheetRefused` for what is wrong with the whole file; a workbook may turn out so while iterating too.
    """
    last, rows = raw_rows(path)
    with ExitStack() as unless_opened:
        unless_opened.callback(rows.close)
        header = next(rows, None)
        if header is None:
            raise SheetRefused("empty-file")
        if isinstance(header.cells, RowError):
            raise SheetRefused("header-missing")
        opened = Sheet(RowReader(layout, header.cells, today), rows, None if last is None else last - header.number)
        unless_opened.pop_all()
        return opened


def raw_rows(path: Path) -> tuple[int | None, Generator[RawRow, None, None]]:
    """The number of the last row, if it is known, and every row that isn't blank, the header first; to be closed."""
    with path.open("rb") as file:
        beginning = file.read(len(ZIP))
    if beginning == ZIP:
        return xlsx_rows(path)
    if beginning == OLE:
        raise SheetRefused("file-unreadable", reason="old-or-encrypted-workbook")
    decoding = decoding_of(path)
    return decoding.lines, csv_rows(path, decoding.encoding)
