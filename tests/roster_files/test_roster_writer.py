"""What is written is what is read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.roster_files import write_csv
from app.roster_files.layout import columns
from app.sheets import SheetRow, Value
from tests.roster_files.rosters import a_row, read, write_rows

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = st.sampled_from(["山东省济南市", "𠀀\u00b7䶮", 'a,"b"', "0531", "=1+1"])
OPTIONAL: dict[str, st.SearchStrategy[Value]] = {
    "branch": TEXT,
    "address": TEXT,
    "commissioning_unit": TEXT,
    "household_moved": st.booleans(),
    "archive_moved": st.booleans(),
    "birth_date": st.just(date(1949, 12, 31)),
    "phone": st.just("13800138000"),
    "postcode": st.just("010000"),
    "marital_status": TEXT,
}


@given(st.fixed_dictionaries({}, optional={field: st.none() | values for field, values in OPTIONAL.items()}))
def test_a_written_roster_is_read_with_the_same_values(
    tmp_path_factory: pytest.TempPathFactory, optional: dict[str, Value]
) -> None:
    folder = tmp_path_factory.mktemp("roster")
    [passing] = read(write_rows(folder / "by_hand.csv", a_row()))
    assert isinstance(passing, SheetRow)
    write_csv(folder / "written.csv", [passing.values | optional])
    [row] = read(folder / "written.csv")
    assert isinstance(row, SheetRow)
    assert row.values == passing.values | optional


def test_a_written_roster_has_every_column_and_opens_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    write_csv(path, [{"gender": "1", "home_region": "370102"}])
    header, line = path.read_bytes().decode("utf-8-sig").split("\r\n")[:2]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert header.split(",") == [column.header for column in columns()]
    assert [cell for cell in line.split(",") if cell] == ["1", "男", "370102", "历下区"]


def test_a_code_unknown_to_its_table_is_written_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    write_csv(path, [{"school_code": "10001", "home_region": "370181"}])
    assert [cell for cell in path.read_text(encoding="utf-8-sig").split("\n")[1].split(",") if cell.strip()] == [
        "10001",
        "370181",
    ]


def test_the_examples_are_rosters_without_errors() -> None:
    school, office, province = (
        read(EXAMPLES / f"roster-{name}.csv") for name in ("school", "school-gb18030", "provincial")
    )
    assert school == office
    for row in (*school, *province):
        assert isinstance(row, SheetRow)
    assert [row for row in province if row in school] == school[:5]
