"""Archive records go in as files: what a row becomes, what it may not do to another, and who may send it."""

import asyncio
from typing import Any

import pytest

from app.archive_files.layout import layout
from app.db import AlreadyExists, Stale
from app.errors import Busy
from app.outbox import Interrupted
from app.workflows.archive_loading import loading
from app.workflows.archive_rows import Rows
from app.workflows.imports import loading as machine
from tests.archives.files import a_record, begin, imported, report, with_leg
from tests.archives.given import LEG, Archives, draft
from tests.rosters.given import as_csv, as_xlsx, counts, upload
from tests.working import ended, working
from tests.world import Somebody, World


async def of_school(world: World, school: Somebody) -> list[tuple[Any, ...]]:
    """All that is recorded of the school's graduates."""
    return [
        tuple(row)
        for row in await world.line.fetch(
            "select d, (select array_agg(m order by seq) from app.archive_movements m where m.dispatch_id = d.id),"
            " (select array_agg(t.action order by seq) from app.trail t where t.record_id = d.id),"
            " (select count(*) from app.messages e where e.record_id = d.id)"
            " from app.dispatches d where school_id = $1 order by number", school.body,
        )
    ]  # fmt: skip


async def test_a_file_of_every_kind_says_the_same_and_goes_in_once(world: World) -> None:
    given = await Archives.made(world)
    school, graduate = given.cast["school"], given.cast["graduate"]
    county = await (await World.made(world.service, world.client, world.line)).bureau_of("370983")
    first, second = a_record(graduate), a_record(graduate, 签往单位所在地代码=county)
    rows = [
        with_leg(first),
        with_leg(first, 转递日期="2025/7/9", 转递状态="已接收"),
        second,
        with_leg(first, 转递日期="20250709", 转递状态="已退回", 转入单位所在地代码="370102"),
    ]
    assert counts(await imported(world, school, rows)) == (2, 2, 0, 0)
    before = await of_school(world, school)
    [kept] = [row for row in before if row[0]["number"] == first["报到证编号"]]
    assert kept[2:] == (["record", "forward", "forward", "forward"], 4)
    assert graduate.facts["id_number"] not in str(before)

    english = {column.header: column.names[-1] for column in layout().columns}
    files = [as_csv(rows, "gb18030"), as_xlsx(rows), as_csv([{english[k]: v for k, v in row.items()} for row in rows])]
    for content in files:
        assert counts(await imported(world, school, content)) == (0, 0, 4, 0)
    assert await of_school(world, school) == before

    read = (await graduate.get("/v1/archives")).json()["items"]
    [one] = [each for each in read if each["number"] == first["报到证编号"]]
    assert [leg["state"] for leg in one["movements"]] == ["sent", "received", "returned"]
    recorded = await school.post("/v1/archives", draft(graduate, number=first["报到证编号"]))
    assert recorded.json()["code"] == "dispatch-recorded"


async def test_one_bad_row_loses_nothing_else_and_each_says_what_is_wrong(world: World) -> None:
    given = await Archives.made(world)
    other = await World.made(world.service, world.client, world.line)
    school, graduate, another = given.cast["school"], given.cast["graduate"], given.cast["another"]
    known, foreign = a_record(graduate), await other.graduate()
    theirs = await (await other.staff("school")).post("/v1/archives", draft(foreign))
    taken = theirs.json()["record"]["number"]
    number = graduate.facts["id_number"]
    rows = [
        with_leg(known),
        a_record(graduate, 身份证号=number[:-1] + ("1" if number[-1] != "1" else "2"), 签发日期="20250631"),
        a_record(graduate, 姓名="王大明"),
        a_record(foreign),
        a_record(graduate, 报到证编号=taken),
        {**known, "报到证签往单位名称": "别的公司"},
        {**known, "身份证号": another.facts["id_number"]},
        with_leg(known, 转递单号="JY99999999"),
        a_record(graduate, 签发日期="21000101"),
        with_leg(a_record(graduate), 转递日期="20250629"),
        {**with_leg(a_record(graduate)), "转入单位": "", "转递日期": ""},
        with_leg(a_record(graduate), 转递方式="**CLEAR**", 转递状态="失踪"),
        with_leg(known, 转递单号="", 转递方式=""),
        a_record(another),
    ]
    found = await imported(world, school, rows)
    assert counts(found) == (2, 0, 1, 11)
    assert await report(school, found["id"]) == {
        2: ("added", []),
        3: ("refused", [("身份证号", "id-number-check-digit"), ("签发日期", "date-unreal")]),
        4: ("refused", [(None, "nobody-of-yours")]),
        5: ("refused", [(None, "nobody-of-yours")]),
        6: ("refused", [("报到证编号", "dispatch-recorded")]),
        7: ("refused", [("报到证编号", "dispatch-differs")]),
        8: ("refused", [("报到证编号", "dispatch-differs")]),
        9: ("refused", [(None, "movement-differs")]),
        10: ("refused", [("签发日期", "day-not-come")]),
        11: ("refused", [("转递日期", "moved-before-dispatch")]),
        12: ("refused", [("转入单位", "required"), ("转递日期", "required")]),
        13: ("refused", [("转递状态", "not-in-list"), ("转递方式", "cannot-be-cleared")]),
        14: ("unchanged", []),
        15: ("added", []),
    }
    assert len(await of_school(world, school)) == 2, "a row that is refused leaves nothing, its dispatch neither"
    told = await world.line.fetchval("select string_agg(r::text, '') from app.import_rows r")
    assert number not in told


async def test_a_dry_run_reports_what_a_run_would_and_leaves_no_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over chunks of two rows: what earlier chunks would have written is known to the later ones."""
    monkeypatch.setattr(machine, "CHUNK", 2)
    given = await Archives.made(world)
    school, one = given.cast["school"], a_record(given.cast["graduate"])
    rows = [one, a_record(given.cast["another"]), with_leg(one), with_leg(one, 转递状态="已接收"), with_leg(one)]
    dry = await imported(world, school, rows, dry_run=True)
    assert await of_school(world, school) == []
    wet = await imported(world, school, rows)
    assert counts(dry) == counts(wet) == (2, 2, 1, 0)
    assert await report(school, dry["id"]) == await report(school, wet["id"])
    assert len(await of_school(world, school)) == 2


@pytest.mark.parametrize("dry_run", [False, True], ids=["run", "dry run"])
async def test_an_import_goes_on_where_it_stopped_and_two_at_once_do_each_row_once(
    world: World, monkeypatch: pytest.MonkeyPatch, *, dry_run: bool
) -> None:
    monkeypatch.setattr(machine, "CHUNK", 3)
    given, calm = await Archives.made(world), asyncio.Event()
    school, graduate = given.cast["school"], given.cast["graduate"]
    one, rows = a_record(graduate), [a_record(graduate) for _ in range(8)]
    rows = [*rows[:5], with_leg(one), *rows[5:], with_leg(one), with_leg(one, 转递状态="已接收")]
    made = {"task": await begin(school, as_csv(rows), dry_run=dry_run)}

    class AfterThree(asyncio.Event):
        def is_set(self) -> bool:
            self.asked = getattr(self, "asked", 0) + 1
            return self.asked > 2

    with pytest.raises(Interrupted):
        await loading.run(world.service, made, AfterThree())
    stopped = await world.line.fetchval("select position from app.imports where id = $1", made["task"])
    assert 2 < stopped < len(rows) + 1
    both = await asyncio.gather(*(loading.run(world.service, made, calm) for _ in range(2)), return_exceptions=True)
    assert {type(one) for one in both} <= {type(None), Stale, Busy, AlreadyExists}
    await loading.run(world.service, made, calm)
    found = (await school.get(f"/v1/archives/imports/{made['task']}")).json()
    assert counts(found) == (9, 1, 1, 0)
    assert [*await report(school, made["task"])] == [*range(2, len(rows) + 2)]
    kept = await of_school(world, school)
    assert [len(row[2]) for row in kept if len(row[2]) > 1] == ([] if dry_run else [3])
    assert len(kept) == (0 if dry_run else 9)


@pytest.mark.usefixtures("impatient")
async def test_a_number_recorded_meanwhile_undoes_the_chunk_which_is_judged_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the write somebody else records one of its numbers, for another unit."""
    given = await Archives.made(world)
    school, row = given.cast["school"], a_record(given.cast["graduate"])
    theirs, written = draft(given.cast["graduate"], number=row["报到证编号"], unit_name="别的公司"), Rows.write
    first = []

    async def beaten(self: Rows, *given: Any) -> None:
        if row["报到证编号"] in self.recorded and not first:  # not in an import that another test left to do
            first.append((await school.post("/v1/archives", theirs)).status_code)
        await written(self, *given)

    monkeypatch.setattr(Rows, "write", beaten)
    found = await imported(world, school, [row, a_record(given.cast["another"])])
    assert first == [201]
    assert await report(school, found["id"]) == {2: ("refused", [("报到证编号", "dispatch-differs")]), 3: ("added", [])}


async def test_a_bureau_takes_any_roster_and_adds_to_the_way_of_files_that_pass_it(world: World) -> None:
    """A graduate of another province's school is on the provincial roster alone; their file came home."""
    given = await Archives.made(world)
    home, graduate = given.cast["county"], given.cast["graduate"]
    await world.line.execute(
        "update app.roster_entries set source = 'provincial' where id ="
        " (select roster_entry_id from app.graduates where id = $1)", graduate.graduate,
    )  # fmt: skip
    row = a_record(graduate)
    assert counts(await imported(world, home, [row, with_leg(row)])) == (1, 1, 0, 0)
    stranger = await (await World.made(world.service, world.client, world.line)).staff("county")
    found = await imported(world, stranger, [with_leg(row, 转递日期="20250801")])
    assert await report(stranger, found["id"]) == {2: ("refused", [("报到证编号", "dispatch-recorded")])}
    [one] = (await graduate.get("/v1/archives")).json()["items"]
    assert (len(one["movements"]), one["recorder_name"]) == (1, f"区县{world.serial}人社局")


async def test_who_may_import_and_who_sees_what_came_of_it(world: World) -> None:
    given = await Archives.made(world)
    school, content = given.cast["school"], as_csv([a_record(given.cast["graduate"])])
    found = await imported(world, school, content)
    paths = [f"/v1/archives/imports/{found['id']}{more}" for more in ("", "/rows")]
    for who in (
        given.cast["county"],
        given.cast["provincial_bureau"],
        given.cast["graduate"],
        given.cast["department"],
    ):
        assert {(await who.get(path)).status_code for path in paths} == {404}
    colleague = await world.staff("school", "reader")
    assert {(await colleague.get(path)).status_code for path in paths} == {200}
    assert (await school.get(f"/v1/rosters/imports/{found['id']}")).status_code == 404

    body = {"file_id": await upload(school, content, "a.csv", "archives")}
    for who, status in ((colleague, 403), (given.cast["graduate"], 403), (given.cast["county"], 422)):
        assert (await who.post("/v1/archives/imports", body)).status_code == status
    roster = {"file_id": await upload(school, content)}
    assert (await school.post("/v1/archives/imports", roster)).json()["errors"][0]["code"] == "file-unknown"
    first = await school.post("/v1/archives/imports", body, Idempotency_Key="archives")
    again = await school.post("/v1/archives/imports", body, Idempotency_Key="archives")
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")


async def test_a_header_that_is_not_known_fails_the_file_with_the_reason(world: World) -> None:
    school, row = await world.staff("school"), a_record(await world.graduate())
    one = await begin(school, as_csv([row | {"档案室": "一楼"}]))
    async with working(world.service):
        task = await ended(school, f"/v1/tasks/{one}")
    assert (task["status"], task["problem"]["code"], task["result"]) == ("failed", "unknown-column", None)
    assert "档案室" in task["problem"]["detail"]


async def test_legs_recorded_one_by_one_are_known_to_a_file(world: World) -> None:
    given = await Archives.made(world)
    school, graduate = given.cast["school"], given.cast["graduate"]
    row = a_record(graduate)
    path = (await school.post("/v1/archives", draft(graduate, number=row["报到证编号"]))).headers["Location"]
    assert (await given.move("school", path, "forward", 1)).status_code == 201
    assert LEG["moved_on"] == "2025-07-05"
    assert counts(await imported(world, school, [row, with_leg(row)])) == (0, 0, 2, 0)
