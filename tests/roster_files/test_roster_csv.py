"""CSV files: encodings, quotes, and that one bad row takes no other with it."""

import codecs
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.roster_files import open_roster
from app.roster_files.layout import columns
from app.sheets import RowErrors, SheetRefused, SheetRow
from app.sheets.csv_rows import MAX_CHARACTERS, MAX_LINES
from tests.roster_files.rosters import PASSES, TODAY, a_line, a_row, errors, read, write_lines, write_rows


def refusal(path: Path) -> str:
    with pytest.raises(SheetRefused) as refused, open_roster(path, today=TODAY):
        pass
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_in_use(tmp_path: Path, encoding: str) -> None:
    [row] = read(write_rows(tmp_path / "roster.csv", a_row(姓名="李䶮", 所在院系="𠀀系"), encoding=encoding))
    assert isinstance(row, SheetRow)
    assert (row.values["name"], row.values["department"]) == ("李䶮", "𠀀系")


def test_the_encoding_is_told_by_the_whole_file(tmp_path: Path) -> None:
    names = [column.names[-1] for header in PASSES for column in columns() if column.header == header]
    path = tmp_path / "roster.csv"
    path.write_bytes(b"\n".join([",".join(names).encode(), *[b"," * 4000] * 300, a_line().encode("gb18030")]))
    [row] = read(path)
    assert isinstance(row, SheetRow)
    assert row.values["name"] == "王小明"


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + ",".join(PASSES).encode("gb18030"),
        ",".join(PASSES).encode("utf-16"),
        ",".join(PASSES).encode() + b"\n\xff",
        ",".join(PASSES).encode() + "\n王".encode()[:-1],
    ],
    ids=["gb18030 behind a byte order mark", "utf-16", "an impossible byte", "half a character"],
)
def test_a_file_in_no_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    assert refusal(path) == "encoding-unknown"


@pytest.mark.parametrize("content", [b"", b"\n\n", codecs.BOM_UTF8], ids=["nothing", "blank lines", "a mark"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    assert refusal(path) == "empty-file"


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    two_lines = a_line(所在院系='"计算机\n学院"')
    path = write_lines(tmp_path / "roster.csv", a_line(), "", ' ,,""', two_lines, a_line(姓名=""))
    found = read(path)
    assert [row.number for row in found] == [2, 5, 6]
    assert errors(found[1]) == [("所在院系", "control-character")]


def test_the_total_counts_rows_and_not_the_line_breaks_in_their_cells(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "roster.csv", a_line(), a_line(所在院系='"计算机\n""学院"'), a_line())
    with open_roster(path, today=TODAY) as roster:
        assert roster.total == 3
    with open_roster(write_lines(path, a_line(), a_line(姓名='"')), today=TODAY) as roster:
        assert roster.total is None


def test_quoted_cells_may_hold_commas_and_quotes(tmp_path: Path) -> None:
    [row] = read(write_lines(tmp_path / "roster.csv", a_line(所在院系='"信息,""大数据""学院"')))
    assert isinstance(row, SheetRow)
    assert row.values["department"] == '信息,"大数据"学院'


@pytest.mark.parametrize("broken", ['"王小明', '"王"小明', '"' * 3])
def test_a_row_with_misplaced_quotes_takes_no_other_with_it(tmp_path: Path, broken: str) -> None:
    path = write_lines(tmp_path / "roster.csv", a_line(), a_line(姓名=broken), *[a_line()] * (MAX_LINES + 5))
    found = read(path)
    assert errors(found[1]) == [(None, "quotes-misplaced")]
    assert [row.number for row in found if isinstance(row, SheetRow)] == [2, *range(4, MAX_LINES + 9)]


def test_two_open_quotes_are_two_bad_rows(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "roster.csv", a_line(姓名='"王'), a_line(), a_line(姓名='"李'), a_line())
    assert [bool(errors(row)) for row in read(path)] == [True, False, True, False]


def test_a_line_without_end_is_one_bad_row(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "roster.csv", a_line(), a_line(姓名='"王' * MAX_CHARACTERS), a_line())
    assert [errors(row) for row in read(path)] == [[], [(None, "row-too-long")], []]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=200))
def test_whatever_stands_in_one_line_the_others_are_read(
    tmp_path_factory: pytest.TempPathFactory, nonsense: str
) -> None:
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    found = read(write_lines(path, a_line(), nonsense, a_line(), a_line()))
    assert [row.number for row in found if isinstance(row, SheetRow)] == [2, 4, 5]


def test_the_memory_needed_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = write_lines(tmp_path / f"{rows}.csv", *[a_line(姓名="")] * rows)
        tracemalloc.start()
        with open_roster(path, today=TODAY) as roster:
            assert sum(isinstance(row, RowErrors) for row in roster) == rows
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(10)
    assert peak(8000) < peak(800) + 2**20
