"""XLSX files: what cells become, and that a hostile file ends its reader and nothing else."""

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from rustpy_xlsxwriter import write_worksheet, write_worksheets

from app.confined import CHILD, Limits
from app.confined.child import OUT_OF_MEMORY
from app.roster_files import open_roster
from app.sheets import RowError, SheetRefused, SheetRow, xlsx_rows
from app.sheets.xlsx_child import MAX_CHARACTERS, MAX_COLUMNS, MAX_EXACT
from tests.roster_files.rosters import TODAY, a_row, errors, read, write_rows

LITTLE = Limits(memory_bytes=192 << 20, cpu_seconds=2, silent_seconds=20)
SHEET = "xl/worksheets/sheet1.xml"


def write_sheet(path: Path, *rows: Mapping[str, object]) -> Path:
    write_worksheet([dict(row) for row in rows], str(path))
    return path


def write_xml(path: Path, pieces: Iterable[str]) -> Path:
    """A workbook whose one sheet has this XML between its tags."""
    whole = write_sheet(path.with_name("whole.xlsx"), {"a": 1})
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as changed:
        for name in parts.namelist():
            if name != SHEET:
                changed.writestr(name, parts.read(name))
        with changed.open(SHEET, "w", force_zip64=True) as part:
            for piece in ("<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>", *pieces):
                part.write(piece.encode())
            part.write(b"</worksheet>")
    return path


def refusal(path: Path, limits: Limits = LITTLE) -> tuple[str, object]:
    with pytest.raises(SheetRefused) as refused:
        [*xlsx_rows.xlsx_rows(path, limits)[1]]
    return refused.value.code, refused.value.params.get("reason")


def test_a_sheet_is_read_as_the_same_rows_in_csv(tmp_path: Path) -> None:
    rows = [a_row(), a_row(姓名="李䶮"), a_row(姓名="")]
    with open_roster(write_sheet(tmp_path / "upload", *rows), today=TODAY) as roster:
        assert roster.total == 3
        assert [*roster] == read(write_rows(tmp_path / "roster.csv", *rows))


def test_numbers_dates_and_answers_are_read_as_they_are_shown(tmp_path: Path) -> None:
    typed = {
        "考生号": 23370102110001,
        "学历代码": 31,
        "学制": 2.5,
        "入学时间": date(2023, 9, 1),
        "毕业时间": datetime(2027, 6, 30),  # noqa: DTZ001 (a cell has no time zone)
        "出生日期": 19491231,
        "户口是否转入学校": True,
    }
    [row] = read(write_sheet(tmp_path / "roster.xlsx", a_row() | typed))
    assert isinstance(row, SheetRow)
    kept = ("candidate_number", "education_level", "duration", "enrolled_on", "graduated_on", "household_moved")
    assert [row.values[field] for field in kept] == [
        "23370102110001",
        "31",
        "2.5",
        date(2023, 9, 1),
        date(2027, 6, 30),
        True,
    ]


def test_a_number_that_lost_digits_is_refused(tmp_path: Path) -> None:
    rows = [a_row() | {"身份证号": 110105194912310021}, a_row() | {"学号": 10**15}, a_row() | {"学号": 10**15 - 1}]
    path = write_sheet(tmp_path / "roster.xlsx", *rows)
    assert [errors(row) for row in read(path)] == [
        [("身份证号", "id-number-was-a-number")],
        [("学号", "digits-lost")],
        [],
    ]


def test_rows_are_numbered_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    blank = dict.fromkeys(a_row(), "")
    path = write_sheet(tmp_path / "roster.xlsx", a_row(), blank, a_row(姓名=""), {**blank, "姓名": " "})
    with open_roster(path, today=TODAY) as roster:
        assert (roster.total, [row.number for row in roster]) == (4, [2, 4])
    write_worksheet([dict(a_row())], str(path), header_row=2)
    with open_roster(path, today=TODAY) as roster:
        assert (roster.total, [row.number for row in roster]) == (1, [4])


def test_hidden_and_empty_sheets_are_passed_over_but_no_second_sheet_with_rows(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    main, other = ("生源", [dict(a_row())]), ("代码", [{"民族代码": "01"}])
    write_worksheets([("说明", []), main], str(path))
    assert [errors(row) for row in read(path)] == [[]]
    write_worksheets([main, other], str(path), sheet_view={"代码": {"hidden": True}})
    assert [errors(row) for row in read(path)] == [[]]
    write_worksheets([main, other], str(path))
    assert refusal(path, xlsx_rows.DEFAULT) == ("several-sheets", None)


def test_a_sheet_of_too_many_columns_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "roster.xlsx", {f"列{at}": "" for at in range(MAX_COLUMNS + 1)})
    assert refusal(path) == ("too-many-columns", None)
    assert refusal(write_xml(path, ["<sheetData/>"])) == ("empty-file", None)


def test_a_cell_longer_than_any_column_takes_is_an_error_of_its_row(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "roster.xlsx", a_row(所在院系="院" * (MAX_CHARACTERS + 1)), a_row())
    assert [errors(row) for row in read(path)] == [[("所在院系", "too-long")], []]


def test_two_cells_in_opposite_corners_do_not_hurt(tmp_path: Path) -> None:
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = write_xml(tmp_path / "roster.xlsx", ['<dimension ref="A1:XFD1048576"/><sheetData>', corners, "</sheetData>"])
    assert path.stat().st_size < 8000
    assert refusal(path) == ("file-unreadable", "too-large")


def test_an_infinite_number_is_an_error_of_its_cell(tmp_path: Path) -> None:
    header = "<row r='1'><c r='A1' t='inlineStr'><is><t>姓名</t></is></c></row>"
    row = "<row r='2'><c r='A2'><v>1e999</v></c></row>"
    path = write_xml(tmp_path / "roster.xlsx", ["<sheetData>", header, row, "</sheetData>"])
    assert [row.cells for row in xlsx_rows.xlsx_rows(path, LITTLE)[1]] == [["姓名"], [float(MAX_EXACT)]]


def test_a_bomb_of_text_does_not_hurt(tmp_path: Path) -> None:
    cell = [
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>',
        *["王" * 2**20] * 120,
        "</t></is></c></row></sheetData>",
    ]
    path = write_xml(tmp_path / "roster.xlsx", cell)
    assert path.stat().st_size < 4 << 20
    assert refusal(path) == ("file-unreadable", "too-large")


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(range(256)) * 40], ids=["cut", "garbage"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    assert refusal(path) == ("file-unreadable", "damaged")


def test_an_old_or_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(SheetRefused) as refused, open_roster(path, today=TODAY):
        pass
    assert refused.value.params == {"reason": "old-or-encrypted-workbook"}


def test_memory_is_bounded_where_the_system_does_not_bound_it() -> None:
    alone = (
        "import resource, runpy, sys, time\n"
        "def unsupported(*_): raise ValueError\n"
        "resource.setrlimit = unsupported\n"
        "child = runpy.run_path(sys.argv[1])\n"
        "child['bound_memory'](100 << 20)\n"
        "held = b'1' * (child['_peak_bytes']() + (100 << 20))\n"
        "time.sleep(10)\n"
    )
    assert subprocess.run([sys.executable, "-c", alone, str(CHILD)], check=False).returncode == OUT_OF_MEMORY


def test_the_memory_of_the_service_is_not_counted_as_the_childs(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "roster.xlsx", a_row())
    held = bytearray(LITTLE.memory_bytes + (32 << 20))
    held[::1024] = bytes(len(held) // 1024)  # a page counts once it is written
    assert [row.number for row in xlsx_rows.xlsx_rows(path, LITTLE)[1]] == [1, 2]


SAYS = [
    ("print('[1]')", "damaged"),
    ("print('1'); print('{}')", "damaged"),
    ("print('1'); print('[[]]')", "damaged"),
    ("print('\"anything\"')", "damaged"),
    ("print('1'); raise SystemExit(1)", "damaged"),
    ("print('1'); print('[\"half\"', end='')", "damaged"),
    ("print('1'); print('[' + ' ' * (5 << 20))", "damaged"),
    ("import os; print('1', flush=True); os.abort()", "too-large"),
]


@pytest.mark.parametrize(("program", "reason"), SAYS)
def test_whatever_the_child_says_or_does_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program, encoding="utf-8")
    monkeypatch.setattr(xlsx_rows, "CHILD", child)
    assert refusal(write_sheet(tmp_path / "roster.xlsx", a_row())) == ("file-unreadable", reason)


@pytest.mark.parametrize(
    ("program", "limits"),
    [
        (f"import runpy; runpy.run_path({str(CHILD)!r})['limit'](1 << 30, 1)\nwhile True: pass", LITTLE),
        ("import time; time.sleep(60)", replace(LITTLE, silent_seconds=0.2)),
        ("import time; print('1', flush=True); time.sleep(60)", replace(LITTLE, silent_seconds=0.2)),
    ],
    ids=["busy", "silent", "silent after a word"],
)
def test_a_file_that_takes_forever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, limits: Limits
) -> None:
    monkeypatch.setattr(xlsx_rows, "CHILD", tmp_path / "child.py")
    xlsx_rows.CHILD.write_text(program, encoding="utf-8")
    started = time.monotonic()
    assert refusal(write_sheet(tmp_path / "roster.xlsx", a_row()), limits) == ("file-unreadable", "too-large")
    assert time.monotonic() - started < 15


def test_the_child_has_no_environment_and_ends_with_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        "import json, os, time\n"
        "print(3)\n"
        "names = {*os.environ} - {'LC_CTYPE', 'MALLOC_ARENA_MAX'}\n"
        "print(json.dumps([str(os.getpid()), ' '.join(names)]), flush=True)\n"
        "time.sleep(60)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(xlsx_rows, "CHILD", child)
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody")
    last, rows = xlsx_rows.xlsx_rows(write_sheet(tmp_path / "roster.xlsx", a_row()))
    cells = next(rows).cells
    assert not isinstance(cells, RowError)
    pid, environment = cells
    rows.close()
    assert (last, environment) == (3, "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
