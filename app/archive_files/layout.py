"""The columns of a file of archive records; those of the dispatch are named as in the national layout (64 to 69)."""

from functools import cache
from pathlib import Path
from typing import Final

from app.archive_files.judges import judge_of
from app.archive_files.row_rules import broken, consequences
from app.sheets import Layout, columns_of

FILE: Final = Path(__file__).parents[1] / "data" / "archive_layout.csv"


@cache
def layout() -> Layout:
    """What may stand in a file of archive records."""
    return Layout(columns_of(FILE), judge_of, broken, consequences)


def header_of(field: str) -> str:
    """The first header of a field."""
    return next(column.header for column in layout().columns if column.field == field)
