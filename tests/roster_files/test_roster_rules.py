"""What the cells of one row must say together, and what follows from them."""

from pathlib import Path

import pytest

from app.roster_files.row_rules import RULES
from app.sheets import SheetRow
from tests.roster_files.rosters import a_row, errors, read, write_rows

BROKEN = [
    ({"出生日期": "19491230"}, ("出生日期", "birth-date-differs-from-id-number")),
    ({"性别代码": "1", "性别": ""}, ("性别代码", "gender-differs-from-id-number")),
    ({"入学时间": "20270701"}, ("毕业时间", "graduated-before-enrolled")),
    ({"培养方式代码": "2", "培养方式": "定向", "定向或委培单位": ""}, ("定向或委培单位", "required")),
    ({"培养方式代码": "4", "培养方式": "委培", "定向或委培单位": "**CLEAR**"}, ("定向或委培单位", "required")),
    ({"培养方式代码": "4", "培养方式": "委培"}, ("commissioning_unit", "required")),
]


@pytest.mark.parametrize(("cells", "error"), BROKEN)
def test_a_row_that_contradicts_itself_is_refused(
    tmp_path: Path, cells: dict[str, str], error: tuple[str, str]
) -> None:
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(**cells)))
    assert errors(row) == [error]


def test_every_rule_is_broken_by_one_of_these_rows() -> None:
    assert {code for *_, code in RULES} == {code for _, (_, code) in BROKEN}


def test_a_bound_graduate_who_names_the_unit_passes(tmp_path: Path) -> None:
    bound = a_row(培养方式代码="2", 培养方式="定向", 定向或委培单位="沂源县卫生健康局")
    [row] = read(write_rows(tmp_path / "roster.csv", bound))
    assert isinstance(row, SheetRow)
    assert row.values["commissioning_unit"] == "沂源县卫生健康局"


@pytest.mark.parametrize(
    ("code", "level", "completed"),
    [
        ("01", "doctorate", True),
        ("13", "master", False),
        ("25", "second_degree", True),
        ("43", "junior_college", False),
    ],
)
def test_level_completion_and_cohort_follow(tmp_path: Path, code: str, level: str, completed: bool) -> None:  # noqa: FBT001
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(学历代码=code, 学历="")))
    assert isinstance(row, SheetRow)
    assert (row.values["level"], row.values["completed"], row.values["cohort"]) == (level, completed, 2027)
    assert type(row.values["level"]) is str


def test_everything_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    row = a_row(姓名="", 学制="x", 毕业时间="20230630", 性别代码="1", 性别="男")
    assert errors(read(write_rows(tmp_path / "roster.csv", row))[0]) == [
        ("姓名", "required"),
        ("学制", "wrong-form"),
        ("性别代码", "gender-differs-from-id-number"),
        ("毕业时间", "graduated-before-enrolled"),
    ]
