"""A roster goes in: files of every kind, the report on each row, dry runs, and what a row may not do to another."""

from typing import Any

import pytest

from tests.files.given import XLSX
from tests.rosters.given import (
    a_row,
    as_csv,
    as_xlsx,
    begin,
    counts,
    imported,
    number,
    number_of,
    refused,
    rows_of,
    upload,
)
from tests.working import ended, working
from tests.world import Somebody, World

EVERYTHING = tuple(
    f"select * from app.{table} order by id"  # noqa: S608 (ours)
    for table in ("persons", "roster_entries", "bodies")
)


async def names(world: World, source: str = "school") -> list[str]:
    """Of the world's roster, in the order of the file."""
    found = await world.line.fetch(
        "select name from app.roster_entries where school_id = $1 and source = $2 order by details->>'student_number'",
        world.bodies["school"],
        source,
    )
    return [row["name"] for row in found]


async def details(world: World) -> dict[str, Any]:
    """Of the world's only entry, read over HTTP."""
    school = await world.staff("school")
    [one] = (await school.get("/v1/roster-entries")).json()["items"]
    return dict(one)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_csv_file_goes_in_whatever_its_encoding(world: World, encoding: str) -> None:
    school = await world.staff("school")
    rows = [a_row(world, 1, 姓名="阿依古丽·买买提"), a_row(world, 2, 姓名="㐂𠮷")]
    assert counts(await imported(world, school, as_csv(rows, encoding))) == (2, 0, 0, 0)
    assert await names(world) == ["阿依古丽·买买提", "㐂𠮷"]


async def test_an_xlsx_file_goes_in(world: World) -> None:
    school = await world.staff("school")
    assert counts(await imported(world, school, as_xlsx(rows_of(world, 3)))) == (3, 0, 0, 0)
    assert await names(world) == ["王小明1", "王小明2", "王小明3"]


async def test_a_second_run_changes_nothing(world: World) -> None:
    school, content = await world.staff("school"), as_csv(rows_of(world, 4))
    await imported(world, school, content)
    before = await world.line.fetch("select * from app.roster_entries where school_id = $1 order by id", school.body)
    assert counts(await imported(world, school, content)) == (0, 0, 4, 0)
    assert before == await world.line.fetch(
        "select * from app.roster_entries where school_id = $1 order by id", school.body
    )


async def test_a_dry_run_reports_and_leaves_no_trace(world: World) -> None:
    school = await world.staff("school")
    await imported(world, school, as_csv(rows_of(world, 2)))
    before = [await world.line.fetch(everything) for everything in EVERYTHING]
    changed, new, bad = a_row(world, 2, 姓名="王二"), a_row(world, 3, 所在院系="新学院"), a_row(world, 4, 学制="0")
    content = as_csv([a_row(world, 1), changed, new, bad])
    assert counts(await imported(world, school, content, dry_run=True)) == (1, 1, 1, 1)
    assert before == [await world.line.fetch(everything) for everything in EVERYTHING]


async def test_one_bad_row_loses_nothing_else(world: World) -> None:
    school = await world.staff("school")
    rows = rows_of(world, 5)
    rows[1]["身份证号"] = rows[1]["身份证号"][:-1] + ("0" if rows[1]["身份证号"][-1] != "0" else "1")
    rows[3] |= {"姓名": "", "学制": "百年"}
    found = await imported(world, school, as_csv(rows))
    assert counts(found) == (3, 0, 0, 2)
    assert await refused(school, found["id"]) == [
        (3, "身份证号", "id-number-check-digit"),
        (5, "姓名", "required"),
        (5, "学制", "wrong-form"),
    ]
    assert await names(world) == ["王小明1", "王小明3", "王小明5"]


async def test_the_report_has_a_row_for_each_row_and_pages_by_its_number(world: World) -> None:
    school = await world.staff("school")
    rows = [*rows_of(world, 4), a_row(world, 5, 性别代码="9")]
    found = await imported(world, school, as_csv(rows))
    path, seen = f"/v1/rosters/imports/{found['id']}/rows", []
    page = (await school.get(path, params={"limit": 2})).json()
    while True:
        seen += [(row["row"], row["outcome"]) for row in page["items"]]
        if page["next_cursor"] is None:
            break
        page = (await school.get(path, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert seen == [(2, "added"), (3, "added"), (4, "added"), (5, "added"), (6, "refused")]
    [bad] = (await school.get(path, params={"outcome": "refused"})).json()["items"]
    assert bad["errors"] == [
        {"column": "性别代码", "code": "unknown-code", "message": bad["errors"][0]["message"]},
    ]
    assert bad["errors"][0]["message"] != "unknown-code"


async def test_a_blank_keeps_and_clear_empties(world: World) -> None:
    school = await world.staff("school")
    full = {"电子邮箱": "a@example.com", "家庭住址": "山东省济南市", "手机号码": "13800138000", "QQ号码": "12345"}
    await imported(world, school, as_csv([a_row(world, 1, **full)]))
    blank = {"电子邮箱": "", "家庭住址": "**CLEAR**", "手机号码": "", "QQ号码": "**CLEAR**"}
    assert counts(await imported(world, school, as_csv([a_row(world, 1, **blank)]))) == (0, 1, 0, 0)
    one = await details(world)
    assert (one["email"], one["address"], one["phone"]) == ("a@example.com", None, "138****8000")
    clear = as_csv([a_row(world, 1, 手机号码="**CLEAR**")])
    assert counts(await imported(world, school, clear)) == (0, 1, 0, 0)
    assert (await details(world))["phone"] is None
    assert await world.line.fetchval("select extra from app.roster_entries where school_id = $1", school.body) == "{}"


async def test_a_row_that_repeats_a_person_is_refused_and_says_which_row(world: World) -> None:
    school = await world.staff("school")
    found = await imported(world, school, as_csv([a_row(world, 1), a_row(world, 2), a_row(world, 1, 姓名="别人")]))
    assert counts(found) == (2, 0, 0, 1)
    assert await refused(school, found["id"]) == [(4, None, "row-repeated")]
    rows = (await school.get(f"/v1/rosters/imports/{found['id']}/rows", params={"outcome": "refused"})).json()["items"]
    assert "2" in rows[0]["errors"][0]["message"]


async def test_a_school_imports_its_own_rows_alone(world: World) -> None:
    school = await world.staff("school")
    found = await imported(world, school, as_csv([a_row(world, 1), a_row(world, 2, 院校代码="10422")]))
    assert await refused(school, found["id"]) == [(3, "院校代码", "not-your-school")]


async def test_a_row_that_another_school_holds_is_refused_and_told_to_the_province(
    world: World, other_world: World
) -> None:
    school, other = await world.staff("school"), await other_world.staff("school")
    await imported(world, school, as_csv(rows_of(world, 2)))
    theirs = [a_row(world, 1, 院校代码=other_world.school_code), a_row(other_world, 1)]
    found = await imported(other_world, other, as_csv(theirs))
    assert counts(found) == (1, 0, 0, 1)
    assert await refused(other, found["id"]) == [(2, None, "held-by-another-school")]
    province = await other_world.staff("provincial_education")
    assert await refused(province, found["id"]) == [(2, None, "held-by-another-school")]
    assert await names(world) == ["王小明1", "王小明2"]


async def test_the_provincial_roster_names_its_schools(world: World, other_world: World) -> None:
    province = await world.staff("provincial_education")
    rows = [a_row(world, 1), a_row(other_world, 1), a_row(world, 2, 院校代码="99999")]
    found = await imported(world, province, as_csv(rows), source="provincial")
    assert counts(found) == (2, 0, 0, 1)
    assert await refused(province, found["id"]) == [(4, "院校代码", "school-unknown")]
    assert await names(world, "provincial") == ["王小明1"]
    assert await names(other_world, "provincial") == ["王小明1"]
    assert await names(world) == []


async def test_departments_are_found_by_name_and_made_once(world: World) -> None:
    school = await world.staff("school")
    rows = [
        a_row(world, 1, 所在院系="计算机学院"),
        a_row(world, 2, 所在院系="文学院"),
        a_row(world, 3, 所在院系="文学院"),
    ]
    await imported(world, school, as_csv(rows))
    found = await world.line.fetch(
        "select b.name, b.id = $2 as same, count(*)"
        " from app.roster_entries e join app.bodies b on b.id = e.department_id where e.school_id = $1"
        " group by 1, 2 order by 1",
        school.body,
        world.bodies["department"],
    )
    assert [tuple(row) for row in found] == [("文学院", False, 2), ("计算机学院", True, 1)]


async def test_the_provincial_roster_makes_no_department(world: World) -> None:
    province, many = await world.staff("provincial_education"), "select count(*) from app.bodies where parent_id = $1"
    before = await world.line.fetchval(many, world.bodies["school"])
    content = as_csv([a_row(world, 1, 所在院系="计算机学院"), a_row(world, 2, 所在院系="海洋学院")])
    await imported(world, province, content, source="provincial")
    assert await world.line.fetchval(many, world.bodies["school"]) == before
    found = await world.line.fetch(
        "select department_id::text, extra->>'所在院系' as told from app.roster_entries where school_id = $1"
        " order by 2",
        world.bodies["school"],
    )
    assert [tuple(row) for row in found] == [(None, "海洋学院"), (world.bodies["department"], None)]
    assert counts(await imported(world, province, content, source="provincial")) == (0, 0, 2, 0)


async def test_a_graduate_follows_the_roster_and_loses_a_verification_that_no_longer_holds(world: World) -> None:
    school, graduate = await world.staff("school"), await world.graduate(name="王小明")

    of_theirs = a_row(world, 1, **number_of(graduate), 专业="软件工程")
    await imported(world, school, as_csv([{**of_theirs, "姓名": "王小明"}]))
    row = await world.line.fetchrow("select * from app.graduates where id = $1", graduate.graduate)
    assert (row["name"], row["major"], row["verified_at"] is None) == ("王小明", "软件工程", False)
    await imported(world, school, as_csv([{**of_theirs, "姓名": "王晓明"}]))
    row = await world.line.fetchrow("select * from app.graduates where id = $1", graduate.graduate)
    assert (row["name"], row["verified_at"]) == ("王晓明", None)


async def test_a_change_of_the_provincial_roster_ends_a_verification_and_renames_nobody(world: World) -> None:
    province, graduate = await world.staff("provincial_education"), await world.graduate(name="王小明")
    own = number_of(graduate)
    await imported(world, province, as_csv([a_row(world, 1, **own, 姓名="王小明")]), source="provincial")
    assert await world.line.fetchval("select verified_at from app.graduates where id = $1", graduate.graduate)
    await imported(world, province, as_csv([a_row(world, 1, **own, 姓名="王晓明")]), source="provincial")
    row = await world.line.fetchrow("select * from app.graduates where id = $1", graduate.graduate)
    assert (row["name"], row["verified_at"]) == ("王小明", None)


async def test_personal_numbers_are_sealed_where_they_lie(world: World) -> None:
    school = await world.staff("school")
    await imported(world, school, as_csv([a_row(world, 1, 手机号码="13912345678")]))
    rows = await world.line.fetch(
        "select t::text from app.persons t union all select t::text from app.roster_entries t"
        " union all select t::text from app.import_rows t union all select t::text from app.tasks t"
        " union all select t::text from app.pgqueuer t union all select t::text from app.pgqueuer_log t"
    )
    assert rows
    for row in rows:
        assert "13912345678" not in row[0]
        assert number(world, 1, "20040117") not in row[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xef\xbb\xbf\xe5\xa7\x93\xe5\x90\x8d,nonsense\n", "unknown-column"),
        (b"a,b\n1,2\n", "header-missing"),
        (XLSX, "file-unreadable"),
        (b"\n \n", "empty-file"),
    ],
)
async def test_a_file_that_is_no_roster_fails_its_task_with_the_reason(world: World, content: bytes, code: str) -> None:
    school = await world.staff("school")
    one = await begin(school, content)
    async with working(world.service):
        task = await ended(school, f"/v1/tasks/{one}")
    assert (task["status"], task["result"], task["problem"]["code"]) == ("failed", None, code)
    assert task["problem"]["detail"] != code
    assert "{" not in task["problem"]["detail"]


# -- who may ----------------------------------------------------------------------------------------------------------


async def test_only_administrators_of_the_roster_s_owner_import(world: World) -> None:
    school = await world.staff("school")
    file = await upload(school, as_csv(rows_of(world, 1)))

    async def asked(who: Somebody, source: str) -> int:
        answer = await who.post("/v1/rosters/imports", {"file_id": file, "source": source})
        return answer.status_code

    assert await asked(await world.staff("school", "reviewer"), "school") == 403
    assert await asked(school, "provincial") == 403
    assert await asked(await world.staff("provincial_education"), "school") == 403
    assert await asked(await world.staff("department"), "school") == 403
    assert await asked(await world.graduate(), "school") == 403
    assert await world.line.fetchval("select count(*) from app.tasks where body_id = $1", school.body) == 0


async def test_a_file_of_another_body_cannot_be_imported(world: World, other_world: World) -> None:
    file = await upload(await other_world.staff("school"), as_csv(rows_of(other_world, 1)))
    answer = await (await world.staff("school")).post("/v1/rosters/imports", {"file_id": file, "source": "school"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "file-unknown")


async def test_imports_and_tasks_are_seen_by_their_own_body(world: World, other_world: World) -> None:
    school = await world.staff("school")
    found = await imported(world, school, as_csv(rows_of(world, 1)))
    colleague, stranger = await world.staff("school", "reader"), await other_world.staff("school")
    for path in (
        f"/v1/rosters/imports/{found['id']}",
        f"/v1/rosters/imports/{found['id']}/rows",
        f"/v1/tasks/{found['id']}",
    ):
        assert (await colleague.get(path)).status_code == 200
        assert (await stranger.get(path)).status_code == 404
        assert (await (await world.staff("county")).get(path)).status_code == 404


async def test_the_same_key_begins_one_import(world: World) -> None:
    school = await world.staff("school")
    draft = {"file_id": await upload(school, as_csv(rows_of(world, 1))), "source": "school"}
    first = await school.post("/v1/rosters/imports", draft, Idempotency_Key="one-roster")
    again = await school.post("/v1/rosters/imports", draft, Idempotency_Key="one-roster")
    assert first.status_code == again.status_code == 202
    assert (first.content, first.headers["location"]) == (again.content, again.headers["location"])
    assert again.headers["idempotent-replayed"] == "true"
    other = await school.post("/v1/rosters/imports", {**draft, "dry_run": True}, Idempotency_Key="one-roster")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert await world.line.fetchval("select count(*) from app.imports where body_id = $1", school.body) == 1


async def test_a_mangled_cursor_is_named(world: World) -> None:
    school = await world.staff("school")
    one = await begin(school, as_csv(rows_of(world, 1)))
    answer = await school.get(f"/v1/rosters/imports/{one}/rows", params={"cursor": "bm9uc2Vuc2U"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor-unknown")
