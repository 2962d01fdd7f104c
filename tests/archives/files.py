"""Files of archive records: rows that pass, and their import over HTTP."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.archives.given import NUMBERS
from tests.rosters.given import as_csv, upload
from tests.working import ended, working
from tests.world import Somebody, World

Row = Mapping[str, str]
BLANK = {
    "转出单位": "",
    "转入单位": "",
    "转入单位所在地代码": "",
    "转入单位地址": "",
    "转递方式": "",
    "转递单号": "",
    "转递日期": "",
    "转递状态": "",
}


def a_record(graduate: Somebody, **cells: str) -> dict[str, str]:
    """A dispatch of the graduate's file with a number of its own, and no leg; cells changed by their header."""
    own = {
        "身份证号": graduate.facts["id_number"],
        "姓名": graduate.facts["name"],
        "学历代码": "31",
        "毕业届别": str(graduate.facts["cohort"]),
        "报到证编号": f"2025{next(NUMBERS):08d}",
        "报到证签发类别代码": "1",
        "报到证签往单位名称": "山东测试科技有限公司",
        "签往单位所在地代码": "370102",
        "签发日期": "20250630",
    }
    return own | BLANK | cells


def with_leg(record: Row, **cells: str) -> dict[str, str]:
    """The record with a leg of its way."""
    leg = {
        "转出单位": "测试大学档案馆",
        "转入单位": "历下区人才中心",
        "转递方式": "机要通信",
        "转递单号": "JY20250705001",
        "转递日期": "20250705",
        "转递状态": "已转出",
    }
    return {**record, **leg, **cells}


async def begin(somebody: Somebody, content: bytes, *, dry_run: bool = False) -> str:
    """Upload and ask for an import; its id."""
    file = await upload(somebody, content, "archives.csv", "archives")
    answer = await somebody.post("/v1/archives/imports", {"file_id": file, "dry_run": dry_run})
    assert (answer.status_code, answer.headers.get("location")) == (202, f"/v1/tasks/{answer.json().get('id')}")
    return str(answer.json()["id"])


async def imported(
    world: World, somebody: Somebody, rows: Iterable[Row] | bytes, *, dry_run: bool = False
) -> dict[str, Any]:
    """Import rows, or a file, with a worker at hand: the import once it is done."""
    one = await begin(somebody, rows if isinstance(rows, bytes) else as_csv(rows), dry_run=dry_run)
    async with working(world.service):
        task = await ended(somebody, f"/v1/tasks/{one}")
    assert (task["status"], task["result"]) == ("succeeded", f"/v1/archives/imports/{one}"), task
    assert task["progress"]["done"] == task["progress"]["total"]
    found: dict[str, Any] = (await somebody.get(task["result"])).json()
    return found


async def report(somebody: Somebody, one: str) -> dict[int, tuple[str, list[tuple[str | None, str]]]]:
    """By row: its outcome, and column and code of each of its errors."""
    answer = await somebody.get(f"/v1/archives/imports/{one}/rows", params={"limit": 200})
    for row in answer.json()["items"]:
        assert all(error["message"] not in ("", error["code"]) for error in row["errors"])
    return {
        row["row"]: (row["outcome"], [(error["column"], error["code"]) for error in row["errors"]])
        for row in answer.json()["items"]
    }
