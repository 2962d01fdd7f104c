"""The columns of a roster file: the roster part of the national layout (columns 1 to 44) and some that schools add."""

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from app.roster_files.judges import judge_of
from app.roster_files.row_rules import broken, consequences
from app.sheets import Column, Layout, columns_of

FILE: Final = Path(__file__).parents[1] / "data" / "roster_layout.csv"


class OpenTo(StrEnum):
    """Until when a graduate may write a field of their own entry in the school's roster."""

    NOBODY = "locked"
    CONFIRMING = "until_confirmed"
    ALWAYS = "always"


@cache
def layout() -> Layout:
    """What may stand in a roster."""
    return Layout(columns_of(FILE), judge_of, broken, consequences)


def columns() -> tuple[Column, ...]:
    """All columns, in the order of the national layout."""
    return layout().columns


def open_to(field: str) -> OpenTo:
    """Until when a graduate may write this field; what is no field of the layout, never."""
    return _open_to().get(field, OpenTo.NOBODY)


@cache
def _open_to() -> Mapping[str, OpenTo]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["field"]: OpenTo(row["edit"]) for row in reversed([*csv.DictReader(lines)])}
