"""Roster files (生源信息): what may stand in a school's or the provincial roster. It knows no database."""

from datetime import date
from pathlib import Path

from app.roster_files.layout import layout
from app.roster_files.writer import write_csv
from app.sheets import Sheet, open_sheet

__all__ = ["open_roster", "write_csv"]


def open_roster(path: Path, *, today: date) -> Sheet:
    """A roster, opened as any sheet; its rows state `level`, `completed` and `cohort` besides."""
    return open_sheet(path, layout(), today=today)
