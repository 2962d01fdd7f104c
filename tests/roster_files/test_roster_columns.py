"""The header of a roster file: which columns it must, may and must not have."""

import csv
from pathlib import Path

import pytest

from app import codes
from app.roster_files import open_roster
from app.roster_files.layout import columns
from app.sheets import SheetRefused, SheetRow
from tests.roster_files.rosters import TODAY, a_row, errors, read, write_rows


def refusal(path: Path) -> tuple[str, object]:
    with pytest.raises(SheetRefused) as refused, open_roster(path, today=TODAY):
        pass
    return refused.value.code, refused.value.params.get("columns")


def test_the_layout_begins_with_the_roster_part_of_the_national_one() -> None:
    with (codes.FOLDER / "national_layout.csv").open(encoding="utf-8") as lines:
        national = [row["column"] for row in csv.DictReader(lines) if row["part"] == "roster"]
    assert [column.header for column in columns()][: len(national)] == national
    assert len(national) == 44


def test_headers_may_be_the_field_names_of_the_api(tmp_path: Path) -> None:
    english = {name: column.names[-1] for column in columns() for name in column.names}
    chinese = a_row()
    path = write_rows(tmp_path / "roster.csv", {english[header]: cell for header, cell in chinese.items()})
    assert read(path) == read(write_rows(tmp_path / "chinese.csv", chinese))
    assert b"id_number" in path.read_bytes()


def test_headers_are_compared_without_regard_to_width_spaces_and_case(tmp_path: Path) -> None:
    row = {"QQ号码": "", **a_row()}
    spaced = {" ｑq 号码 " if header == "QQ号码" else f" {header} ": cell for header, cell in row.items()}
    assert errors(read(write_rows(tmp_path / "roster.csv", spaced))[0]) == []


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "roster.csv", a_row(毕业去向="", 序号="1"))
    assert refusal(path) == ("unknown-column", ["毕业去向", "序号"])


def test_missing_columns_are_named_by_their_code_columns(tmp_path: Path) -> None:
    row = {header: cell for header, cell in a_row().items() if header not in {"姓名", "性别代码", "性别", "学号"}}
    assert refusal(write_rows(tmp_path / "roster.csv", row)) == ("missing-column", ["姓名", "性别代码", "学号"])


def test_a_column_given_twice_is_named_even_in_two_languages(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "roster.csv", a_row(id_number="", name=""))
    assert refusal(path) == ("duplicate-column", ["身份证号", "姓名"])


def test_a_file_without_a_header_is_refused_without_repeating_a_person(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(",".join(a_row().values()), encoding="utf-8")
    assert refusal(path) == ("header-missing", None)


def test_names_stand_in_for_codes_where_no_two_codes_share_a_name(tmp_path: Path) -> None:
    named = {"性别代码", "民族代码", "政治面貌代码", "院校代码", "学历代码", "培养方式代码"}
    row = {header: cell for header, cell in a_row().items() if header not in named}
    [found] = read(write_rows(tmp_path / "roster.csv", row))
    assert isinstance(found, SheetRow)
    assert [found.values[field] for field in ("gender", "ethnicity", "political_status", "school_code")] == [
        "2",
        "01",
        "03",
        "10422",
    ]
    place = {"生源所在地" if header == "生源所在地代码" else header: cell for header, cell in a_row().items()}
    assert refusal(write_rows(tmp_path / "roster.csv", place)) == ("missing-column", ["生源所在地代码"])


def test_known_columns_without_a_use_are_kept_in_extra(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "roster.csv",
        a_row(QQ号码="10001", 家庭电话="0531-88364000", 生源所在地="济南市历下区"),
        a_row(QQ号码="**CLEAR**"),
    )
    kept, cleared = read(path)
    assert isinstance(kept, SheetRow)
    assert isinstance(cleared, SheetRow)
    assert kept.extra == {"QQ号码": "10001", "家庭电话": "0531-88364000", "生源所在地": "济南市历下区"}
    assert cleared.extra == {"QQ号码": ""}


def test_a_cell_that_stands_under_no_header_is_an_error_of_its_row(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "roster.csv", {**a_row(), "": "了"}, {**a_row(), "": " "})
    assert [errors(row) for row in read(path)] == [[(None, "cell-without-column")], []]
    path.write_text(path.read_text(encoding="utf-8") + ",".join(a_row().values()) + ",,多\n", encoding="utf-8")
    assert errors(read(path)[2]) == [(None, "cell-without-column")]
