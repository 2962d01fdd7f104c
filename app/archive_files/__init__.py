"""Files of archive records (档案流向): a row is a dispatch and whose it is, perhaps with one leg of the file's way.

A dispatch with several legs has as many rows. It knows no database.
"""

from datetime import date
from pathlib import Path

from app.archive_files.layout import header_of, layout
from app.sheets import Sheet, open_sheet

__all__ = ["header_of", "open_archives"]


def open_archives(path: Path, *, today: date) -> Sheet:
    """Archive records, opened as any sheet; its rows state `level` besides."""
    return open_sheet(path, layout(), today=today)
