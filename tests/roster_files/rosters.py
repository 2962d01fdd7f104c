"""A row that passes every check, as texts by header, and files of such rows."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.roster_files import open_roster
from app.sheets import RowErrors, SheetRow

TODAY = date(2026, 11, 24)
PASSES = {
    "考生号": "23370102110001",
    "身份证号": "11010519491231002X",
    "姓名": "王小明",
    "性别代码": "2",
    "性别": "女",
    "民族代码": "01",
    "民族": "汉族",
    "政治面貌代码": "03",
    "政治面貌": "共青团员",
    "院校代码": "10422",
    "院校名称": "山东大学",
    "学历代码": "31",
    "学历": "本科生毕业",
    "专业代码": "080901",
    "专业": "计算机科学与技术",
    "培养方式代码": "1",
    "培养方式": "非定向",
    "生源所在地代码": "370102",
    "学制": "4",
    "入学时间": "20230901",
    "毕业时间": "20270630",
    "师范生类别代码": "2",
    "困难生类别代码": "0",
    "所在院系": "计算机科学与技术学院",
    "所在班级": "计科2301",
    "学号": "2023000001",
}

Row = Mapping[str, str]
Read = list[SheetRow | RowErrors]


def a_row(**changes: object) -> dict[str, Any]:
    """The passing row, with cells changed or added by their header."""
    return PASSES | changes


def write_rows(path: Path, *rows: Row, encoding: str = "utf-8") -> Path:
    """Write rows under the columns of the first."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_lines(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Write the header of the passing row, and lines as they are."""
    path.write_bytes("\n".join([",".join(PASSES), *lines]).encode(encoding))
    return path


def a_line(**changes: str) -> str:
    """The passing row as a line of CSV."""
    return ",".join(a_row(**changes).values())


def read(path: Path) -> Read:
    """Every row of a file."""
    with open_roster(path, today=TODAY) as roster:
        return [*roster]


def errors(found: SheetRow | RowErrors) -> list[tuple[str | None, str]]:
    """The column and code of each error, none for a row that passed."""
    return [(error.column, error.code) for error in found.errors] if isinstance(found, RowErrors) else []
