"""Roster files for a world: rows that pass, as bytes, and their import over HTTP."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import rustpy_xlsxwriter

from app.words.identity import id_check_digit
from tests.roster_files.rosters import PASSES
from tests.working import ended, working
from tests.world import Somebody, World

Row = Mapping[str, str]


def number(world: World, serial: int, born: str = "20040517") -> str:
    """A valid ID number that no other world has; odd serials are men."""
    first = f"65{world.serial % 10000:04d}{born}{serial % 1000:03d}"
    return first + id_check_digit(first)


def number_of(graduate: Somebody) -> dict[str, str]:
    """The cells of a graduate's own number."""
    own = graduate.facts["id_number"]
    return {"身份证号": own, "性别代码": "1" if int(own[16]) % 2 else "2"}


def a_row(world: World, serial: int = 1, **changes: str) -> dict[str, str]:
    """A row of the world's school that passes every check, with cells changed or added by their header."""
    own = {
        "考生号": f"23370102{serial:06d}",
        "身份证号": number(world, serial, f"2004{1 + serial // 1000 % 12:02d}17"),
        "姓名": f"王小明{serial}",
        "性别代码": "1" if serial % 2 else "2",
        "性别": "",
        "院校代码": world.school_code,
        "院校名称": "",
        "学号": f"2023{serial:06d}",
    }
    return PASSES | own | changes


def rows_of(world: World, many: int) -> list[dict[str, str]]:
    """So many rows, each of a person of their own."""
    return [a_row(world, serial) for serial in range(1, many + 1)]


def as_csv(rows: Iterable[Row], encoding: str = "utf-8") -> bytes:
    """The rows as a CSV file."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """The rows as an XLSX file."""
    file = io.BytesIO()
    rustpy_xlsxwriter.write_worksheet([*map(dict, rows)], file)
    return file.getvalue()


async def upload(somebody: Somebody, content: bytes, name: str = "roster.csv", purpose: str = "roster") -> str:
    """Upload a file to import; its id."""
    answer = await somebody.client.post(
        "/v1/files", params={"name": name, "purpose": purpose}, content=content, headers=somebody.headers({})
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def begin(somebody: Somebody, content: bytes, *, source: str = "school", dry_run: bool = False) -> str:
    """Upload and ask for an import; its id."""
    draft = {"file_id": await upload(somebody, content), "source": source, "dry_run": dry_run}
    answer = await somebody.post("/v1/rosters/imports", draft)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/tasks/{answer.json()['id']}"
    return str(answer.json()["id"])


async def imported(world: World, somebody: Somebody, content: bytes, **given: Any) -> dict[str, Any]:
    """Import a file with a worker at hand: the import once it is done."""
    one = await begin(somebody, content, **given)
    async with working(world.service):
        task = await ended(somebody, f"/v1/tasks/{one}")
    assert task["status"] == "succeeded", task
    assert task["progress"]["done"] == task["progress"]["total"]
    found: dict[str, Any] = (await somebody.get(task["result"])).json()
    return found


def counts(found: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, refused."""
    return found["added"], found["changed"], found["unchanged"], found["refused"]


async def refused(somebody: Somebody, one: str) -> list[tuple[int, str | None, str]]:
    """Row, column and code of each error in an import's report."""
    answer = await somebody.get(f"/v1/rosters/imports/{one}/rows", params={"outcome": "refused", "limit": 200})
    return [(row["row"], error["column"], error["code"]) for row in answer.json()["items"] for error in row["errors"]]
