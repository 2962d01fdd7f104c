"""Corrections of a roster that graduates ask for: who moves them, and what an approval writes."""

from itertools import product
from typing import Any

import pytest

from tests.privacy.given import Corrections, ask, in_both_rosters
from tests.privacy.regulation import ACTIONS, CAST, CORRECTION, PROVINCIAL, SITUATIONS
from tests.world import Somebody, World

REGULATIONS = {"school": CORRECTION, "provincial": PROVINCIAL}


@pytest.mark.parametrize(
    ("source", "at"),
    [(source, at) for source, at in product(REGULATIONS, SITUATIONS) if (source, at[1]) != ("school", "province")],
)
async def test_only_the_regulation_moves_a_correction(world: World, source: str, at: tuple[str, str | None]) -> None:
    situation, stage = at
    given = await Corrections.made(world)
    path = await given.correction(source, situation, stage)
    refused = [
        (who, action)
        for who, action in product(CAST, ACTIONS)
        if (situation, stage, action, who) not in REGULATIONS[source]
    ]
    before = await given.trace(path)
    for who, action in refused:
        answer = await given.move(who, path, action)
        assert answer.status_code in (403, 404, 409), (who, action, answer.text)
        assert await given.trace(path) == before, (who, action)
    for (begin, turn, action, who), outcome in REGULATIONS[source].items():
        if (begin, turn) == at:
            fresh = await Corrections.made(world)
            path = await fresh.correction(source, situation, stage)
            answer = await fresh.move(who, path, action)
            assert answer.status_code == 201, answer.text
            assert (answer.json()["change"]["to"], answer.json()["record"]["stage"]) == outcome


async def test_an_approval_writes_the_roster_and_the_graduate_follows(world: World) -> None:
    given = await Corrections.made(world)
    graduate, school = given.cast["graduate"], given.cast["school"]
    asked = await ask(graduate, given.entries["school"], name="王晓明", phone="13912345678", address="济南市历下区")
    record = asked.json()["record"]
    assert record["changes"] == [
        {"field": "address", "before": None, "after": "济南市历下区"},
        {"field": "name", "before": "王小明", "after": "王晓明"},
        {"field": "phone", "before": None, "after": "139****5678"},
    ]
    path = asked.headers["Location"]
    before = world.service.db.trips
    assert (await school.move(path, "approve", 1)).status_code == 201
    assert world.service.db.trips == before + 2
    entry = (await school.get(f"/v1/roster-entries/{given.entries['school']}")).json()
    assert (entry["name"], entry["phone"], entry["address"]) == ("王晓明", "139****5678", "济南市历下区")
    row = await world.line.fetchrow("select * from app.graduates where id = $1", graduate.graduate)
    assert (row["name"], row["verified_at"], row["verified_hash"]) == ("王晓明", None, None)
    [step] = await world.line.fetch("select * from app.trail where record_id = $1", given.entries["school"])
    assert (step["action"], step["seq"]) == ("correct", entry["version"])
    assert "13912345678" not in step["diff"]
    [note] = [*(await graduate.get("/v1/me/messages")).json()["items"]]
    assert note["kind"] == "roster_correction-approved"


async def test_a_verification_stays_when_none_of_the_five_fields_changes(world: World) -> None:
    given = await Corrections.made(world)
    path = (await ask(given.cast["graduate"], given.entries["school"], major="软件工程")).headers["Location"]
    assert (await given.cast["school"].move(path, "approve", 1)).status_code == 201
    row = await world.line.fetchrow("select * from app.graduates where id = $1", given.cast["graduate"].graduate)
    assert (row["major"], row["verified_at"] is None) == ("软件工程", False)


async def test_the_provincial_roster_is_written_by_the_office_alone(world: World) -> None:
    graduate = await world.graduate(verified=False)
    entries = await in_both_rosters(world, graduate, provincial_name="王小名")
    school, office = await world.staff("school"), await world.staff("provincial_education")
    assert (await graduate.post("/v1/me/identity-verification")).json()["code"] == "identity-not-matched"
    path = (await ask(graduate, entries["provincial"], name="王小明")).headers["Location"]
    assert (await school.move(path, "approve", 1)).json()["record"]["waiting_for"]["stage"] == "province"
    name = "select name from app.roster_entries where id = $1"
    assert await world.line.fetchval(name, entries["provincial"]) == "王小名"
    assert (await office.move(path, "approve", 2)).status_code == 201
    assert await world.line.fetchval(name, entries["provincial"]) == "王小明"
    assert (await graduate.post("/v1/me/identity-verification")).status_code == 200
    steps = (await graduate.get(f"{path}/transitions")).json()["items"]
    assert [one["action"] for one in steps] == ["ask", "approve", "approve"]
    assert [one["by"]["person"] for one in steps] == [None] * 3


async def test_it_waits_in_the_queue_of_the_body_whose_turn_it_is(world: World) -> None:
    given = await Corrections.made(world)
    path = await given.correction("school", "submitted", "school")
    [review] = (await given.cast["school"].get("/v1/reviews")).json()["items"]
    assert (review["kind"], review["record_id"], review["record_version"]) == (
        "roster_correction", path.rpartition("/")[2], 1,
    )  # fmt: skip
    assert "王晓明" not in str(review["subject"])
    item = {"kind": "roster_correction", "record_id": review["record_id"], "version": 1, "action": "approve"}
    decided = await given.cast["school"].post("/v1/reviews/decisions", {"items": [item]})
    assert [one["status"] for one in decided.json()["results"]] == [201]


async def test_one_correction_of_an_entry_is_open_at_a_time(world: World) -> None:
    given = await Corrections.made(world)
    graduate, entry = given.cast["graduate"], given.entries["school"]
    first = await ask(graduate, entry, name="王晓明")
    second = await ask(graduate, entry, major="软件工程")
    assert (second.status_code, second.json()["unmet"][0]["code"]) == (409, "roster-correction-open")
    options = (await graduate.get("/v1/me/options")).json()["items"]
    theirs = {one["about"]: one["blocked"] and one["blocked"]["code"] for one in options if one["about"]}
    assert theirs == {entry: "roster-correction-open", given.entries["provincial"]: None}
    assert (await graduate.move(first.headers["Location"], "withdraw", 1)).status_code == 201
    assert (await ask(graduate, entry, major="软件工程")).status_code == 201


async def test_an_entry_that_changed_meanwhile_is_corrected_as_it_is_now(world: World) -> None:
    given = await Corrections.made(world)
    school, entry = given.cast["school"], given.entries["school"]
    path = (await ask(given.cast["graduate"], entry, name="王晓明")).headers["Location"]
    now = (await school.get(f"/v1/roster-entries/{entry}")).json()
    patched = await school.patch(f"/v1/roster-entries/{entry}", {"major": "软件工程"}, If_Match=f'"{now["version"]}"')
    assert patched.status_code == 200, patched.text
    assert (await school.move(path, "approve", 1)).status_code == 201
    now = (await school.get(f"/v1/roster-entries/{entry}")).json()
    assert (now["name"], now["major"]) == ("王晓明", "软件工程")


@pytest.mark.parametrize(("changes", "code", "pointer"), [
    ({"name": "王小明"}, "nothing-differs", "/changes"),
    ({"gender": "other"}, None, None),
    ({"training_mode": "2"}, "required", "/changes/commissioning_unit"),
    ({"major": None}, "cannot-be-cleared", "/changes/major"),
    ({"education_level": "11"}, "graduate-registered", None),
])  # fmt: skip
async def test_a_correction_is_checked_as_a_row_is(
    world: World, changes: dict[str, Any], code: str | None, pointer: str | None
) -> None:
    given = await Corrections.made(world)
    answer = await ask(given.cast["graduate"], given.entries["school"], **changes)
    assert answer.status_code == (409 if code else 422), answer.text
    if code:
        assert [(one["code"], one["pointer"]) for one in answer.json()["unmet"]] == [(code, pointer)]
    assert await world.line.fetchval(
        "select count(*) from app.roster_corrections where graduate_id = $1", given.cast["graduate"].graduate
    ) == 0  # fmt: skip


async def test_an_entry_of_another_is_not_there(world: World) -> None:
    given = await Corrections.made(world)
    for who in ("other graduate", "school", "employer", "provincial_education"):
        assert (await ask(given.cast[who], given.entries["school"], name="王晓明")).status_code == 404


async def test_who_sees_a_correction(world: World) -> None:
    given = await Corrections.made(world)
    paths = {source: await given.correction(source, "submitted", "school") for source in REGULATIONS}
    sees = {who: {"school", "provincial"} for who in ("graduate", "department", "school", "school reader")}
    sees["provincial_education"] = {"provincial"}
    for who, somebody in given.cast.items():
        for source, path in paths.items():
            assert ((await somebody.get(path)).status_code == 200) == (source in sees.get(who, set())), (who, source)
        listed = (await somebody.get("/v1/roster-corrections")).json().get("items", [])
        mine = [one for one in listed if one["school_id"] == world.bodies["school"]]
        assert {one["source"] for one in mine} == sees.get(who, set()), who


async def test_values_lie_sealed(world: World) -> None:
    given = await Corrections.made(world)
    await ask(given.cast["graduate"], given.entries["school"], name="王晓明", phone="13912345678")
    row = await world.line.fetchrow(
        "select * from app.roster_corrections where graduate_id = $1", given.cast["graduate"].graduate
    )
    assert "王晓明" not in str({name: value for name, value in row.items() if name != "sealed"})
    assert b"13912345678" not in row["sealed"]


# -- what a graduate writes alone, and confirms -----------------------------------------------------------------------


async def confirm(who: Somebody, version: int) -> Any:
    """Say that the roster is right."""
    return await who.post("/v1/me/roster-confirmation", {"version": version})


async def test_a_graduate_confirms_the_roster_once_and_fields_lock(world: World) -> None:
    given = await Corrections.made(world)
    graduate, entry = given.cast["graduate"], f"/v1/roster-entries/{given.entries['school']}"
    read = (await graduate.get(entry)).json()

    async def to_do() -> list[str]:
        return [item["code"] for item in (await graduate.get("/v1/me/todo")).json()["items"]]

    assert "confirm-your-roster" in await to_do()
    one = await graduate.patch(entry, {"political_status": "01"}, If_Match=f'"{read["version"]}"')
    assert one.status_code == 200, one.text
    assert (await confirm(graduate, read["version"])).json()["code"] == "stale-version"
    first = await confirm(graduate, one.json()["version"])
    assert first.status_code == 200, first.text
    assert "confirm-your-roster" not in await to_do()
    assert (await confirm(graduate, 1)).json() == first.json()
    assert (await graduate.get("/v1/me")).json()["graduate"]["confirmed_at"] == first.json()["confirmed_at"]
    locked = await graduate.patch(entry, {"political_status": "03"}, If_Match=f'"{one.json()["version"]}"')
    assert (locked.status_code, locked.json()["unmet"][0]["code"]) == (409, "field-locked")
    contact = await graduate.patch(entry, {"phone": "13912345678"}, If_Match=f'"{one.json()["version"]}"')
    assert (contact.status_code, contact.json()["phone"]) == (200, "139****5678")
    assert (await confirm(given.cast["school"], 1)).json()["code"] == "role-missing"


@pytest.mark.parametrize("fields", [{"name": "王晓明"}, {"major": "软件工程"}, {"email": "a@b.cn", "gender": "1"}])
async def test_what_the_roster_decides_a_graduate_does_not_write(world: World, fields: dict[str, Any]) -> None:
    given = await Corrections.made(world)
    for source, status in (("school", 409), ("provincial", 403)):
        entry = f"/v1/roster-entries/{given.entries[source]}"
        answer = await given.cast["graduate"].patch(entry, fields, If_Match='"1"')
        assert answer.status_code == status, answer.text
    other = await given.cast["other graduate"].patch(entry, {"email": "a@b.cn"}, If_Match='"1"')
    assert other.status_code == 404
