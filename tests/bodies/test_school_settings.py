"""Who reviews at a school and when its graduates leave: its administrator decides, under the version they saw."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.world import COHORT, PASSWORD, TERMS, Somebody, World

SETTINGS: dict[str, Any] = {"review_chain": ["school"], "termination_chain": ["school"], "leave_on": "2027-06-20"}


async def put(who: Somebody, path: str, body: Any = SETTINGS, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await who.client.put(path, json=body, headers=who.headers(named))


def path_of(world: World, cohort: int = COHORT) -> str:
    return f"/v1/schools/{world.school_code}/settings/{cohort}"


async def test_the_first_settings_are_set_once(world: World) -> None:
    school, path = await world.staff("school", "administrator"), path_of(world, 2022)
    assert (await school.get(path)).status_code == 404
    assert (await put(school, path, If_Match='"1"')).status_code == 412
    first = await put(school, path, If_None_Match="*")
    assert (first.status_code, first.json()["version"]) == (201, 1)
    assert (await school.get(path)).json() == first.json()
    assert (await put(school, path, If_None_Match="*")).status_code == 412


async def test_a_change_names_the_version_it_was_decided_on(world: World) -> None:
    school, path = await world.staff("school", "administrator"), path_of(world)
    seen = await school.get(path)
    assert (await put(school, path)).status_code == 428
    assert (await put(school, path, If_Match='"7"')).status_code == 412
    changed = await put(school, path, If_Match=seen.headers["etag"])
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["review_chain"] == ["school"]
    assert changed.headers["etag"] == (await school.get(path)).headers["etag"] != seen.headers["etag"]
    assert (await put(school, path, If_Match=seen.headers["etag"])).status_code == 412


@pytest.mark.parametrize(
    ("kind", "role", "reads", "writes"),
    [
        ("school", "reviewer", 200, 403),
        ("department", "administrator", 200, 403),
        ("provincial_bureau", "administrator", 200, 403),
        ("provincial_education", "administrator", 200, 403),
        ("county", "administrator", 404, 403),
        ("city", "administrator", 404, 403),
        ("employer", "administrator", 404, 403),
    ],
)
async def test_only_the_schools_administrator_writes(
    world: World, kind: str, role: str, reads: int, writes: int
) -> None:
    person = await world.employer() if kind == "employer" else await world.staff(kind, role)
    path = path_of(world)
    assert (await person.get(path)).status_code == reads
    assert (await put(person, path, If_Match='"1"')).status_code == writes
    assert (
        await world.line.fetchval(
            "select version from app.school_settings where school_id = $1", world.bodies["school"]
        )
        == 1
    )


async def test_another_school_sees_and_sets_nothing(world: World) -> None:
    other = await world.staff("school", body=await world.body("school", f"o{world.serial}", "另一所大学"))
    assert (await other.get(path_of(world))).status_code == 404
    assert (await put(other, path_of(world), If_Match='"1"')).status_code == 404


async def test_a_graduate_neither_sees_nor_sets_their_schools_settings(world: World) -> None:
    graduate = await world.graduate()
    assert (await graduate.get(path_of(world))).status_code == 404
    assert (await put(graduate, path_of(world), If_Match='"1"')).status_code == 403


async def test_a_cohort_without_a_policy_has_no_settings(world: World) -> None:
    school = await world.staff("school", "administrator")
    assert (await put(school, path_of(world, 2050), If_None_Match="*")).status_code == 404


@pytest.mark.parametrize(
    "chain",
    [[], ["school", "department"], ["school", "school"], ["county"], "school", ["department", "school", "school"]],
)
async def test_a_chain_that_is_none_is_refused(world: World, chain: Any) -> None:
    school = await world.staff("school", "administrator")
    refused = await put(school, path_of(world), SETTINGS | {"review_chain": chain}, If_Match='"1"')
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith("/body/review_chain")


async def test_two_changes_of_one_version_make_one(world: World) -> None:
    school, path = await world.staff("school", "administrator"), path_of(world)
    answers = await asyncio.gather(*(put(school, path, If_Match='"1"') for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200, *[412] * 5]


async def test_the_new_chain_holds_for_the_next_agreement(world: World) -> None:
    school = await world.staff("school")
    await put(school, path_of(world), If_Match='"1"')
    graduate, employer = await world.graduate(), await world.employer()
    sent = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS})
    accepted = await graduate.move(sent.headers["Location"], "accept", terms_version=1, password=PASSWORD)
    agreement = f"/v1/agreements/{accepted.json()['created'][0]['id']}"
    assert (await school.get(agreement)).json()["stage"] == "school"
