"""One cell of a roster: how it may be written, what is kept, what is refused."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.roster_files.judges import judge_of
from app.roster_files.layout import columns
from app.sheets import RowErrors, SheetRow, Value
from app.words.identity import mobile_number
from tests.roster_files.rosters import TODAY, a_row, errors, read, write_rows

KEPT = [
    ("身份证号", " 1101 0519 4912 3100 2x", "id_number", "11010519491231002X"),
    ("姓名", "王 小 明", "name", "王小明"),
    ("姓名", "阿依古丽•买买提", "name", "阿依古丽·买买提"),
    ("姓名", "陈\ue816", "name", "陈\U00020087"),
    ("所在院系", "\ue816学院", "department", "\U00020087学院"),
    ("考生号", "２３３７０１０２１１０００１", "candidate_number", "23370102110001"),
    ("民族代码", "1", "ethnicity", "01"),
    ("政治面貌代码", "3", "political_status", "03"),
    ("困难生类别代码", "00", "hardship", "0"),
    ("师范生类别代码", "02", "teacher_training", "2"),
    ("院校名称", "示范大学", "school_code", "10422"),
    ("学历", "本科", "education_level", "31"),
    ("生源所在地代码", "370181", "home_region", "370181"),
    ("学制", "4年", "duration", "4"),
    ("学制", "2.5", "duration", "2.5"),
    ("学制", "4.0", "duration", "4"),
    ("入学时间", "2023-09-01", "enrolled_on", date(2023, 9, 1)),
    ("入学时间", "2023/9/1", "enrolled_on", date(2023, 9, 1)),
    ("入学时间", "202309", "enrolled_on", date(2023, 9, 1)),
    ("毕业时间", "202706", "graduated_on", date(2027, 6, 1)),
    ("出生日期", "19491231", "birth_date", date(1949, 12, 31)),
    ("户口是否转入学校", "是", "household_moved", True),
    ("档案是否转入学校", "0", "archive_moved", False),
    ("手机号码", "+86 138-0013-8000", "phone", "13800138000"),
    ("家庭邮编", "10000", "postcode", "010000"),
    ("电子邮箱", "**CLEAR**", "email", None),
    ("婚姻状况", "未婚", "marital_status", "未婚"),
]
REFUSED = [
    ("身份证号", "110105194912310021", "id-number-check-digit"),
    ("身份证号", "110105194902310026", "id-number-date"),
    ("身份证号", "370102202611250023", "id-number-future"),
    ("身份证号", "1.10105E+17", "id-number-was-a-number"),
    ("考生号", "2.33701E+13", "digits-lost"),
    ("姓名", "王\ue000", "private-use-character"),
    ("姓名", "", "required"),
    ("姓名", " \u3000", "required"),
    ("姓名", "**CLEAR**", "cannot-be-cleared"),
    ("性别代码", "9", "unknown-code"),
    ("民族代码", "99", "unknown-code"),
    ("学历代码", "51", "unknown-code"),
    ("性别", "男", "code-and-name-differ"),
    ("院校名称", "山东师范大学", "code-and-name-differ"),
    ("生源所在地代码", "990102", "unknown-region"),
    ("院校代码", "4137010422", "wrong-form"),
    ("学制", "四年", "wrong-form"),
    ("毕业时间", "2027", "date-malformed"),
    ("毕业时间", "20270631", "date-unreal"),
    ("毕业时间", "202713", "date-unreal"),
    ("出生日期", "194912", "date-malformed"),
    ("毕业时间", "22270630", "too-large-number"),
    ("所在院系", "院" * 101, "too-long"),
    ("所在院系", "院\0系", "nul-character"),
    ("手机号码", "12345678901", "phone-invalid"),
    ("户口是否转入学校", "也许", "wrong-type"),
    ("QQ号码", "1" * 1001, "too-long"),
]


@pytest.mark.parametrize(("header", "cell", "field", "value"), KEPT)
def test_a_cell_is_kept_in_one_spelling(tmp_path: Path, header: str, cell: str, field: str, value: Value) -> None:
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(**{header: cell})))
    assert isinstance(row, SheetRow)
    assert row.values[field] == value
    assert type(row.values[field]) is type(value)


@pytest.mark.parametrize(("header", "cell", "code"), REFUSED)
def test_a_cell_that_cannot_be_is_refused_by_its_column_and_never_repeated(
    tmp_path: Path, header: str, cell: str, code: str
) -> None:
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(**{header: cell})))
    assert errors(row) in ([(header, code)], [(header.removesuffix("名称") + "代码", code)])
    assert isinstance(row, RowErrors)
    assert len(cell.strip()) < 3 or cell not in repr(row)


@given(
    st.sampled_from([column.header for column in columns() if column.header != "QQ号码"]), st.integers(10**17, 10**18)
)
def test_no_error_repeats_what_a_cell_says(tmp_path_factory: pytest.TempPathFactory, header: str, secret: int) -> None:
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    [row] = read(write_rows(path, a_row(**{header: f"机密{secret}"})))
    assert not isinstance(row, RowErrors) or str(secret) not in repr(row)


def test_a_school_outside_the_official_list_passes_by_its_code(tmp_path: Path) -> None:
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(院校代码="10001", 院校名称="北京大学")))
    assert isinstance(row, SheetRow)
    assert row.values["school_code"] == "10001"


def test_an_empty_cell_keeps_what_the_roster_has(tmp_path: Path) -> None:
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(手机号码="", 电子邮箱="  ", 出生日期="")))
    assert isinstance(row, SheetRow)
    assert not {"phone", "email", "birth_date"} & row.values.keys()


def test_a_code_is_found_by_its_name_when_its_cell_is_empty(tmp_path: Path) -> None:
    rows = [a_row(性别代码=""), a_row(性别代码="", 性别="不详"), a_row(性别代码="", 性别="")]
    named, unknown, empty = read(write_rows(tmp_path / "roster.csv", *rows))
    assert isinstance(named, SheetRow)
    assert named.values["gender"] == "2"
    assert errors(unknown) == [("性别代码", "unknown-name")]
    assert errors(empty) == [("性别代码", "required")]


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_a_mobile_number_judged_by_its_block_is_judged_as_in_full(number: str) -> None:
    def judged(judge: object) -> object:
        assert callable(judge)
        try:
            return judge(number)
        except PydanticCustomError as error:
            return error.type

    assert judged(judge_of("phone", TODAY)) == judged(mobile_number)
