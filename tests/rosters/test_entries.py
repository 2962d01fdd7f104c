"""Entries of a roster over HTTP: who sees them, how they are told, and their correction by their owner."""

from typing import Any

import httpx
import pytest

from app.words.identity import birth_date
from tests.rosters.given import a_row, as_csv, imported, number, number_of, rows_of
from tests.world import Somebody, World


async def listed(who: Somebody, **filters: Any) -> list[dict[str, Any]]:
    """The entries that somebody sees on their first page."""
    answer = await who.get("/v1/roster-entries", params=filters)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def an_entry(world: World, school: Somebody, **cells: str) -> dict[str, Any]:
    """The entry of an imported row."""
    await imported(world, school, as_csv([a_row(world, 1, **cells)]))
    [one] = await listed(school)
    return one


async def correct(who: Somebody, one: dict[str, Any], version: int | None = None, **fields: Any) -> httpx.Response:
    """Correct an entry at a version, or at the one that was read."""
    return await who.patch(f"/v1/roster-entries/{one['id']}", fields, If_Match=f'"{version or one["version"]}"')


async def of_graduate(world: World, graduate: Somebody) -> dict[str, Any]:
    """The school's entry that a graduate is registered on, as the school reads it."""
    entry = await world.line.fetchval("select roster_entry_id from app.graduates where id = $1", graduate.graduate)
    own = number_of(graduate)
    await imported(world, await world.staff("school"), as_csv([a_row(world, 1, 姓名="王小明", **own)]))
    return dict((await (await world.staff("school")).get(f"/v1/roster-entries/{entry}")).json())


async def graduate_of(world: World, graduate: Somebody) -> Any:
    """The graduate's row."""
    return await world.line.fetchrow("select * from app.graduates where id = $1", graduate.graduate)


# -- seeing -----------------------------------------------------------------------------------------------------------


async def test_an_entry_says_what_the_roster_says_with_its_numbers_masked(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school, 手机号码="13912345678", 家庭住址="山东省济南市")
    own = number(world, 1, "20040117")
    assert one["id_number"] == f"{own[0]}{'*' * 16}{own[-1]}"
    assert one["phone"] == "139****5678"
    assert {name: one[name] for name in ("name", "level", "cohort", "completed", "address", "graduated_on")} == {
        "name": "王小明1",
        "level": "bachelor",
        "cohort": 2027,
        "completed": True,
        "address": "山东省济南市",
        "graduated_on": "2027-06-30",
    }
    assert (one["school_code"], one["department"]["name"], one["registered"]) == (
        world.school_code,
        "计算机科学与技术学院",
        False,
    )
    assert (await school.get(f"/v1/roster-entries/{one['id']}")).json() == one


async def test_entries_are_seen_by_their_school_department_and_owner(world: World, other_world: World) -> None:
    school, province = await world.staff("school"), await world.staff("provincial_education")
    rows = [a_row(world, 1, 所在院系="计算机学院"), a_row(world, 2, 所在院系="文学院")]
    await imported(world, school, as_csv(rows))
    await imported(world, province, as_csv(rows[:1]), source="provincial")
    theirs, ours = await listed(province), await listed(school)
    assert len(ours) == 2
    assert {one["source"] for one in ours} == {"school"}
    assert {one["source"] for one in theirs} == {"provincial"}
    assert [one["name"] for one in await listed(await world.staff("department"))] == ["王小明1"]
    assert await listed(await other_world.staff("school")) == []
    strangers = (await world.staff("county"), await world.staff("provincial_bureau"), await world.employer())
    assert {(await one.get("/v1/roster-entries")).status_code for one in strangers} == {403}
    for stranger in (await other_world.staff("school"), *strangers):
        assert (await stranger.get(f"/v1/roster-entries/{ours[0]['id']}")).status_code == 404
    assert (await school.get(f"/v1/roster-entries/{theirs[0]['id']}")).status_code == 404


async def test_a_list_pages_and_narrows(world: World) -> None:
    school = await world.staff("school")
    rows = rows_of(world, 5)
    rows[0]["毕业时间"] = "20280630"
    rows[1] |= {"学历代码": "41", "学历": ""}
    await imported(world, school, as_csv(rows))
    seen, cursor = [], None
    while True:
        page = await school.get("/v1/roster-entries", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [one["name"] for one in page.json()["items"]]
        if (cursor := page.json()["next_cursor"]) is None:
            break
        assert 'rel="next"' in page.headers["link"]
    assert sorted(seen) == [f"王小明{serial}" for serial in range(1, 6)]
    assert [one["name"] for one in await listed(school, cohort=2028)] == ["王小明1"]
    assert [one["name"] for one in await listed(school, level="junior_college")] == ["王小明2"]
    assert await listed(school, source="provincial") == []


async def test_a_page_is_one_round_trip(world: World) -> None:
    school = await world.staff("school")
    await imported(world, school, as_csv(rows_of(world, 3)))
    await listed(school)
    before = world.service.db.trips
    await listed(school)
    assert world.service.db.trips == before + 1


# -- correcting -------------------------------------------------------------------------------------------------------


async def test_a_school_corrects_its_entry_and_leaves_a_trail(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school, 手机号码="13912345678", 家庭住址="旧址")
    answer = await correct(school, one, name=" 王 晓明", phone="13800138000", address=None, major="软件工程")
    assert answer.status_code == 200
    now = answer.json()
    assert (now["name"], now["phone"], now["address"], now["major"]) == ("王晓明", "138****8000", None, "软件工程")
    assert (now["version"], answer.headers["etag"].split("-")[0]) == (one["version"] + 1, f'"{one["version"] + 1}')
    assert now == (await school.get(f"/v1/roster-entries/{one['id']}")).json()
    [step] = await world.line.fetch("select * from app.trail where record_id = $1", one["id"])
    assert (step["seq"], step["action"], str(step["account_id"])) == (now["version"], "correct", school.account)
    assert step["diff"] is not None
    assert "13800138000" not in step["diff"]
    assert "138****8000" in step["diff"]
    assert await world.line.fetch("select * from app.broken_trail() where record_id = $1", one["id"]) == []


async def test_the_province_corrects_its_own_entry(world: World) -> None:
    province, school = await world.staff("provincial_education"), await world.staff("school")
    await imported(world, province, as_csv([a_row(world, 1)]), source="provincial")
    [one] = [entry for entry in await listed(province) if entry["school_code"] == world.school_code]
    assert one["department"] is None
    one = (await correct(province, one, name="王晓明")).json()
    assert (one["name"], one["department"]) == ("王晓明", None)
    one = (await correct(province, one, department="计算机学院")).json()
    assert one["department"]["id"] == world.bodies["department"]
    unknown = await correct(province, one, department="海洋学院")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "department-unknown")
    assert (await correct(school, one, name="王晓明")).status_code == 404


async def test_who_sees_an_entry_and_does_not_own_it_corrects_nothing(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school, 所在院系="计算机学院")
    for who in (await world.staff("department"), await world.staff("school", "reviewer")):
        assert (await correct(who, one, name="王晓明")).json()["code"] == "role-missing"
    assert (await school.get(f"/v1/roster-entries/{one['id']}")).json() == one


async def test_a_correction_names_the_version_that_was_seen(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school)
    without = await school.patch(f"/v1/roster-entries/{one['id']}", {"name": "王晓明"})
    assert (without.status_code, without.json()["code"]) == (428, "version-required")
    assert (await correct(school, one, major="软件工程")).status_code == 200
    late = await correct(school, one, name="王晓明")
    assert (late.status_code, late.json()["code"]) == (412, "stale-version")


async def test_a_correction_that_changes_nothing_writes_nothing(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school)
    answer = await correct(school, one, name=one["name"], email=None)
    assert (answer.status_code, answer.json()) == (200, one)
    assert await world.line.fetchval("select count(*) from app.trail where record_id = $1", one["id"]) == 0


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"name": None}, "/body/name", "cannot-be-cleared"),
        ({"id_number": "110105194912310020"}, "/body/id_number", "id-number-check-digit"),
        ({"gender": "1"}, "/body/gender", "gender-differs-from-id-number"),
        ({"birth_date": "2001-01-01"}, "/body/birth_date", "birth-date-differs-from-id-number"),
        ({"enrolled_on": "2028-09-01"}, "/body/graduated_on", "graduated-before-enrolled"),
        ({"training_mode": "2"}, "/body/commissioning_unit", "required"),
        ({"hardship": "77"}, "/body/hardship", "wrong-form"),
        ({"school_code": "10422"}, "/body/school_code", "unknown-field"),
        ({"level": "master"}, "/body/level", "unknown-field"),
    ],
)
async def test_a_correction_is_checked_as_a_row_is(
    world: World, fields: dict[str, Any], pointer: str, code: str
) -> None:
    school = await world.staff("school")
    [one] = [await an_entry(world, school, 身份证号=number(world, 2), 性别代码="2")]
    answer = await correct(school, one, **fields)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert (await school.get(f"/v1/roster-entries/{one['id']}")).json() == one


async def test_a_birth_after_today_is_refused(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school)
    born = number(world, 1, "20990101")
    assert birth_date(born) > world.service.clock.today()
    answer = await correct(school, one, id_number=born)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "id-number-future")


async def test_level_and_cohort_follow_from_what_they_are_stated_by(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school)
    now = (await correct(school, one, education_level="33", graduated_on="2028-06-30")).json()
    assert (now["level"], now["completed"], now["cohort"]) == ("bachelor", False, 2028)


async def test_another_id_number_is_another_person_known_or_new(world: World, other_world: World) -> None:
    school = await world.staff("school")
    known = number(other_world, 1, "20040117")
    master = a_row(other_world, 1, 学历代码="11", 学历="")
    await imported(other_world, await other_world.staff("school"), as_csv([master]))
    one = await an_entry(world, school, 手机号码="13912345678")
    for own in (known, number(world, 3)):
        answer = await correct(school, one, id_number=own)
        assert answer.status_code == 200, answer.text
        one = answer.json()
        assert (one["id_number"][-1], one["phone"]) == (own[-1], "139****5678")
        bidx = world.service.blind_index.of("id_number", own)
        held = "select p.id_bidx from app.roster_entries e join app.persons p on p.id = e.person_id where e.id = $1"
        assert await world.line.fetchval(held, one["id"]) == bidx
    assert (
        await world.line.fetchval(
            "select count(*) from app.persons where id_bidx = $1", world.service.blind_index.of("id_number", known)
        )
        == 1
    )


async def test_another_department_is_found_or_made(world: World) -> None:
    school = await world.staff("school")
    one = await an_entry(world, school)
    one = (await correct(school, one, department="计算机学院")).json()
    assert one["department"] == {"id": world.bodies["department"], "name": "计算机学院"}
    one = (await correct(school, one, department="海洋学院")).json()
    assert one["department"]["name"] == "海洋学院"


async def test_an_entry_does_not_become_another_one(world: World) -> None:
    school = await world.staff("school")
    await imported(world, school, as_csv(rows_of(world, 2)))
    second = next(one for one in await listed(school) if one["name"] == "王小明2")
    answer = await correct(school, second, id_number=number(world, 1, "20040117"), gender="1")
    assert (answer.status_code, answer.json()["code"]) == (409, "roster-entry-exists")


async def test_a_registered_graduate_follows_a_correction(world: World) -> None:
    school, graduate = await world.staff("school"), await world.graduate(name="王小明")
    one = await of_graduate(world, graduate)
    assert one["registered"]
    one = (await correct(school, one, major="软件工程", department="文学院")).json()
    row = await graduate_of(world, graduate)
    assert (row["major"], str(row["department_id"]), row["verified_at"] is None) == (
        "软件工程",
        one["department"]["id"],
        False,
    )
    assert (await correct(school, one, name="王晓明", graduated_on="2028-06-30")).status_code == 200
    row = await graduate_of(world, graduate)
    assert (row["name"], row["cohort"], row["verified_at"], row["verified_hash"]) == ("王晓明", 2028, None, None)


async def test_what_a_graduate_signs_in_with_stays_once_they_have_registered(world: World) -> None:
    school, graduate = await world.staff("school"), await world.graduate(name="王小明")
    one = await of_graduate(world, graduate)
    for fields in ({"id_number": number(world, 5), "gender": "1"}, {"education_level": "11"}):
        answer = await correct(school, one, **fields)
        assert (answer.status_code, answer.json()["code"]) == (409, "rule-not-met")
        assert answer.json()["unmet"][0]["code"] == "graduate-registered"


async def test_a_correction_of_the_provincial_roster_ends_a_verification(world: World) -> None:
    province, graduate = await world.staff("provincial_education"), await world.graduate(name="王小明")
    cells = a_row(world, 1, 姓名="王小明", **number_of(graduate))
    await imported(world, province, as_csv([cells]), source="provincial")
    [one] = [entry for entry in await listed(province) if entry["school_code"] == world.school_code]
    assert (await correct(province, one, major="软件工程")).status_code == 200
    assert (await graduate_of(world, graduate))["verified_at"]
    assert (await correct(province, one, one["version"] + 1, name="王晓明")).status_code == 200
    row = await graduate_of(world, graduate)
    assert (row["name"], row["verified_at"]) == ("王小明", None)
