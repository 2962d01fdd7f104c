"""Roster files (生源信息): reads a school's or the provincial roster into checked rows. It knows no database."""

from app.roster_files.roster_file import RosterFile, open_roster, raw_rows
from app.roster_files.rows import RawRow, RosterFileRefused, RosterRow, RowError, RowErrors, Value
from app.roster_files.writer import write_csv

__all__ = [
    "RawRow",
    "RosterFile",
    "RosterFileRefused",
    "RosterRow",
    "RowError",
    "RowErrors",
    "Value",
    "open_roster",
    "raw_rows",
    "write_csv",
]
