"""Sheets of rows: CSV and XLSX files that strangers send, read into checked rows. It knows no database.

What may stand in a file, its `Layout` says: a roster's in `roster_files`, one of archives in `archive_files`.
"""

from app.sheets.layout import Column, Layout, Part, columns_of, placed
from app.sheets.rows import RawRow, RowError, RowErrors, SheetRefused, SheetRow, Value
from app.sheets.sheet import Sheet, open_sheet, raw_rows

__all__ = [
    "Column",
    "Layout",
    "Part",
    "RawRow",
    "RowError",
    "RowErrors",
    "Sheet",
    "SheetRefused",
    "SheetRow",
    "Value",
    "columns_of",
    "open_sheet",
    "placed",
    "raw_rows",
]
