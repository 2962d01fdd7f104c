"""After leaving a graduate confirms where they went, in the version that they read; whatever changes makes it stale."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from tests.agreements.given import Given
from tests.annulments.given import NOTHING, annul, raised, settled
from tests.core.test_round_trips import trips
from tests.destinations.forms import STUDY
from tests.destinations.given import submitted
from tests.world import Somebody, World


@pytest.fixture
async def given(world: World) -> Given:
    """A graduate who has left, and everybody around them."""
    return await Given.everybody(world, left=True)


async def in_force(given: Given) -> str:
    """The path of a destination that the school has approved."""
    path = await submitted(given.cast["graduate"], STUDY)
    for who in ("department", "school"):
        assert (await given.cast[who].move(path, "approve")).status_code == 201
    return path


async def body(who: Somebody, path: str) -> dict[str, Any]:
    """The confirmation of the placement at this path as it is now."""
    return {"placement_id": path.rpartition("/")[2], "placement_version": (await who.get(path)).json()["version"]}


async def confirmed(who: Somebody, path: str | None) -> httpx.Response:
    """The answer to confirming the placement at this path, or that there is none."""
    return await who.post("/v1/confirmations", await body(who, path) if path else NOTHING)


def unmet(answer: httpx.Response) -> str:
    """Why it was refused."""
    assert answer.status_code == 409, answer.text
    return str(answer.json()["unmet"][0]["code"])


async def state(who: Somebody) -> str:
    """How the graduate stands in their own list."""
    (own,) = (await who.get("/v1/confirmations")).json()["items"]
    assert own["graduate_id"] == who.graduate
    return str(own["state"])


async def is_asked(who: Somebody) -> bool:
    """Whether confirming is among the next steps."""
    codes = [one["code"] for one in (await who.get("/v1/me/todo")).json()["items"]]
    return "confirm-your-destination" in codes


async def test_what_is_final_is_confirmed_and_every_change_asks_again(given: Given) -> None:
    graduate = given.cast["graduate"]
    path = await in_force(given)
    assert (await state(graduate), await is_asked(graduate)) == ("unconfirmed", True)
    confirm = graduate.post("/v1/confirmations", await body(graduate, path))
    assert await trips(given.world, confirm, 201) == 2
    assert (await state(graduate), await is_asked(graduate)) == ("confirmed", False)
    assert unmet(await confirmed(graduate, path)) == "already-confirmed"
    await annul(given, path)
    assert (await state(graduate), await is_asked(graduate)) == ("stale", True)
    assert (await confirmed(graduate, None)).status_code == 201
    assert (await state(graduate), await is_asked(graduate)) == ("confirmed", False)
    await settled(given, await raised(graduate, path, "annulment"), "provincial_education", "uphold")
    assert (await state(graduate), await is_asked(graduate)) == ("stale", True)
    answer = await confirmed(graduate, path)
    assert (await state(graduate), answer.status_code) == ("confirmed", 201)
    assert (await graduate.get(answer.headers["Location"])).json() == answer.json()["record"]


async def test_before_leaving_nothing_is_final(world: World) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    path = await in_force(given)
    assert unmet(await confirmed(graduate, path)) == "not-left-yet"
    assert not await is_asked(graduate)
    options = (await graduate.get("/v1/me/options")).json()["items"]
    (own,) = (one for one in options if one["procedure"] == "confirmation")
    assert own["blocked"]["code"] == "not-left-yet"
    await world.settings(["department", "school"], "2020-06-30")  # the school's own day of leaving
    assert await is_asked(graduate)
    assert (await confirmed(graduate, path)).status_code == 201


async def test_only_what_there_is_and_is_in_force_is_confirmed(given: Given) -> None:
    graduate = given.cast["graduate"]
    path = await submitted(graduate, STUDY)
    assert unmet(await confirmed(graduate, path)) == "placement-under-way"
    assert not await is_asked(graduate)
    assert unmet(await confirmed(graduate, None)) == "another-placement"
    for who in ("department", "school"):
        await given.cast[who].move(path, "approve")
    now = await body(graduate, path)
    for wrong in (now | {"placement_version": now["placement_version"] - 1}, now | {"placement_id": graduate.graduate}):
        assert unmet(await graduate.post("/v1/confirmations", wrong)) == "another-placement"
    for half in ({"placement_id": now["placement_id"], "placement_version": None}, {"placement_id": None}):
        assert (await graduate.post("/v1/confirmations", half)).status_code == 422
    unverified = await given.world.graduate(verified=False, leave_on="2020-06-30")
    assert (await confirmed(unverified, None)).json()["code"] == "identity-unverified"
    other = given.cast["other graduate"]
    assert (await other.post("/v1/confirmations", now)).status_code == 409


async def test_of_eight_confirmations_at_once_one_is_kept(given: Given) -> None:
    graduate, path = given.cast["graduate"], await in_force(given)
    await given.new_graduate(left=True)
    for who, what in ((graduate, path), (given.cast["graduate"], None)):
        answers = await asyncio.gather(*(confirmed(who, what) for _ in range(8)))
        assert sorted(one.status_code for one in answers) == [201] + [409] * 7
        kept = await given.world.line.fetchval(
            "select count(*) from app.confirmations where graduate_id = $1", who.graduate
        )
        assert kept == 1


async def test_the_database_keeps_one_of_a_version_and_changes_none(given: Given) -> None:
    """The control of the test above: it is the unique rules that hold, and nothing is rewritten."""
    graduate, line = given.cast["graduate"], given.world.line
    await confirmed(graduate, await in_force(given))
    await given.new_graduate(left=True)
    await confirmed(given.cast["graduate"], None)
    again = (
        "insert into app.confirmations (id, version, created_at, updated_at, graduate_id, placement_id,"
        " placement_version) select gen_random_uuid(), 1, now(), now(), graduate_id, placement_id, placement_version"
        " from app.confirmations where graduate_id = $1"
    )
    for who, rule in ((graduate, "one_per_version"), (given.cast["graduate"], "one_without_placement")):
        with pytest.raises(asyncpg.UniqueViolationError, match=rule):
            await line.execute(again, who.graduate)
    transaction = line.transaction()
    await transaction.start()
    await line.execute("set local role employment_app")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await line.execute("update app.confirmations set version = 2")
    await transaction.rollback()


async def test_a_school_lists_who_has_confirmed_and_who_has_not(world: World) -> None:
    given = await Given.everybody(world, left=True)
    school = given.cast["school"]
    graduates = {"confirmed": given.cast["graduate"]}
    path = await in_force(given)
    await confirmed(given.cast["graduate"], path)
    await given.new_graduate(left=True)
    graduates["stale"] = given.cast["graduate"]
    path = await in_force(given)
    await confirmed(given.cast["graduate"], path)
    await annul(given, path)
    await given.new_graduate(left=True)
    graduates["objected"] = given.cast["graduate"]
    await raised(given.cast["graduate"], await in_force(given), "not_mine")
    graduates["unconfirmed"] = given.cast["other graduate"]
    expected = {name: who.graduate for name, who in graduates.items()}
    for who in ("school", "department"):
        listed = (await given.cast[who].get("/v1/confirmations")).json()["items"]
        assert {one["state"]: one["graduate_id"] for one in listed} == expected
        for name, graduate in expected.items():
            (only,) = (await given.cast[who].get(f"/v1/confirmations?state={name}")).json()["items"]
            assert (only["graduate_id"], only["state"]) == (graduate, name)
            assert (only["placement"] is not None) == (name in ("confirmed", "objected"))
    seen, cursor = list[str](), ""
    while cursor is not None:
        answer = (await school.get(f"/v1/confirmations?limit=3&cohort=2027{cursor}")).json()
        seen += [one["graduate_id"] for one in answer["items"]]
        cursor = answer["next_cursor"] and f"&cursor={answer['next_cursor']}"
    assert seen == sorted(map(str, expected.values()), reverse=True)
    narrowed = f"/v1/confirmations?state=stale&cohort=2027&department_id={given.cast['department'].body}"
    assert await trips(world, school.get(narrowed), 200) == 1
    assert (await given.cast["other school"].get("/v1/confirmations")).json()["items"] == []
    confirmation = next(one["confirmation_id"] for one in listed if one["state"] == "confirmed")
    for who, status in (("school", 200), ("department", 200), ("provincial_education", 200), ("other school", 404),
                        ("other graduate", 404), ("employer", 404)):  # fmt: skip
        assert (await given.cast[who].get(f"/v1/confirmations/{confirmation}")).status_code == status, who


async def test_while_an_objection_is_open_nothing_is_confirmed(given: Given) -> None:
    graduate = given.cast["graduate"]
    path = await in_force(given)
    await confirmed(graduate, path)
    objection = await raised(graduate, path, "not_mine")
    assert (await state(graduate), await is_asked(graduate)) == ("objected", False)
    assert "objection-open" in (await confirmed(graduate, path)).text
    await settled(given, objection, "school", "dismiss")
    assert await state(graduate) == "confirmed"


async def test_the_same_key_confirms_once(given: Given) -> None:
    graduate = given.cast["graduate"]
    twice = [await graduate.post("/v1/confirmations", NOTHING, Idempotency_Key="one") for _ in range(2)]
    assert [one.status_code for one in twice] == [201, 201]
    assert twice[1].headers["Idempotent-Replayed"] == "true"
