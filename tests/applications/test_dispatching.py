"""What an approval does to the archive flow: one new dispatch, and the end of those that stood, or nothing at all."""

import asyncio
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from stdnum.iso7064 import mod_11_10

from app import numbers
from app.change import Update
from app.db import Read, actor
from app.workflows.applications import dispatching
from app.workflows.archives import dispatches
from app.workflows.engine import Now, Piece, Scene
from tests.agreements.given import Given
from tests.applications.forms import CHANGED, DEFERRED, REASSIGNMENT, REDIRECT, REISSUE
from tests.applications.given import application, carried, dispatched, draft, graduate_for
from tests.applications.regulation import CHAINS
from tests.archives.given import LEG
from tests.world import Somebody, World

KINDS = {one["kind"]: one for one in (REASSIGNMENT, DEFERRED, REISSUE, REDIRECT)}
TYPES = {"reassignment": "2", "deferred_dispatch": "2", "certificate_reissue": "2", "archive_redirect": "3"}
HOME = ("济南市人力资源和社会保障局", "370102")


async def files_of(who: Somebody) -> list[dict[str, Any]]:
    """The dispatches that the graduate reads, the newest first."""
    return (await who.get("/v1/archives")).json()["items"]  # type: ignore[no-any-return]


async def steps(who: Somebody, dispatch: str) -> list[tuple[str, str]]:
    """(action, by which kind of body) of each step."""
    told = (await who.get(f"/v1/archives/{dispatch}/transitions")).json()["items"]
    return [(one["action"], one["by"]["kind"]) for one in told]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_approval_records_a_dispatch_and_voids_the_one_that_stood(world: World, kind: str) -> None:
    given, (stage, last) = await Given.everybody(world), CHAINS[kind][-1]
    path, who = await application(given, kind, "submitted", stage), given.cast["graduate"]
    (former,) = await files_of(who)
    version, before = (await who.get(path)).json()["version"], world.service.db.trips
    move = {"action": "approve"}
    answer = await given.cast[last].post(f"{path}/transitions", move, If_Match=f'"{version}"')
    assert (answer.status_code, world.service.db.trips - before) == (201, 2), "a look and one write"
    told = answer.json()
    new, old = await files_of(who)
    assert told["created"] == [{"type": "dispatch", "id": new["id"]}]
    assert told["record"]["dispatch_id"] == (await who.get(path)).json()["dispatch_id"] == new["id"]
    assert (old["id"], old["status"], old["voided_by"]) == (former["id"], "voided", new["id"])
    said = {**KINDS[kind]} if "region" in KINDS[kind] else dict(zip(("unit_name", "region"), HOME, strict=True))
    today = world.service.clock.today()
    assert (new["status"], new["voided_by"], new["unit_name"], new["unit_region"], new["type"]) == (
        "recorded", None, said["unit_name"], said["region"], TYPES[kind],
    )  # fmt: skip
    assert new["dispatched_on"] == today.isoformat()
    assert new["number"].startswith(f"{today.year}{world.school_code}")
    assert len(new["number"]) == 17
    assert mod_11_10.is_valid(new["number"])
    assert await steps(who, new["id"]) == [("issue", last)]
    assert await steps(who, old["id"]) == [("replace", last)]
    if kind == "archive_redirect":
        leg = LEG | {"moved_on": new["dispatched_on"]}
        sent = await given.cast["school"].move(f"/v1/archives/{new['id']}", "forward", **leg)
        assert sent.status_code == 201, "its way goes on"
    await carried(given, path, (last, "revoke"))
    assert [one["status"] for one in await files_of(who)] == ["voided", "voided"]
    assert (await steps(who, new["id"]))[-1] == ("void", last)


async def test_nothing_is_dispatched_before_the_last_turn_nor_by_a_refusal(world: World) -> None:
    given = await Given.everybody(world)
    await carried(given, await application(given, "deferred_dispatch", "submitted", "school"), ("school", "approve"))
    assert [one["status"] for one in await files_of(given.cast["graduate"])] == ["recorded"]
    await application(given, "reassignment", "rejected", None)
    assert [one["status"] for one in await files_of(given.cast["graduate"])] == ["recorded"]


async def test_what_was_lost_is_on_record_before_it_is_replaced_and_a_wrong_number_is_found(world: World) -> None:
    given, bureau = await Given.everybody(world), "provincial_bureau"
    who = given.cast["graduate"] = await graduate_for(world, "certificate_reissue")
    wrong = REISSUE | {"old_certificate_number": "202237001234"}
    path = await carried(given, await draft(who, wrong), ("graduate", "submit"))
    assert (await given.cast[bureau].get(path)).json()["findings"] == ["certificate-number-differs"]
    await world.line.execute("update app.dispatches set status = 'voided' where graduate_id = $1", who.graduate)
    blocked = (await given.cast[bureau].get(path)).json()["blocked"]
    assert [(one["action"], one["code"], one["who"]) for one in blocked] == [("approve", "dispatch-unknown", "school")]
    refused = await given.cast[bureau].move(path, "approve")
    assert [one["code"] for one in refused.json()["unmet"]] == ["dispatch-unknown"]
    await dispatched(world, who, 2022, unit_name="烟台市人力资源和社会保障局", type="1")
    await carried(given, path, (bureau, "approve"))
    newest = (await files_of(who))[0]
    assert (newest["unit_name"], newest["type"]) == ("烟台市人力资源和社会保障局", "1"), (
        "it says what the lost one said"
    )
    right = await dispatched(world, who, 2022, number="202237001234")
    await carried(given, await draft(who, wrong), ("graduate", "submit"))
    listed = (await given.cast[bureau].get("/v1/applications?kind=certificate_reissue&status=submitted")).json()[
        "items"
    ]
    assert [one["findings"] for one in listed if one["graduate_id"] == who.graduate] == [[]], right


async def test_the_county_of_the_new_unit_voids_what_it_reaches_only_meanwhile(world: World) -> None:
    """Row-level security lets it at the old dispatch while the reassignment waits for it, and for nobody else."""
    given, county = await Given.everybody(world), await world.bureau_of("370124")
    await world.line.execute("update app.bodies set parent_id = $2 where id = $1", world.bodies["county"],
                             world.bodies["city"])  # fmt: skip
    bare = Read(select(dispatches.c.id).where(dispatches.c.id == actor.c.record_id))
    session = world.service.tokens.read(given.cast["county"].token, world.service.clock.real()).session_id

    async def reached(record: str) -> bool:
        rows = await world.service.db.rows(bare, {"session": session, "record": record})
        return [row.id is not None for row in rows] == [True]

    who = given.cast["graduate"] = await graduate_for(world, "reassignment")
    (old,), stranger = await files_of(who), await graduate_for(world, "reassignment")
    (others,) = await files_of(stranger)
    path = await draft(who, CHANGED | {"region": county})
    assert not await reached(old["id"])
    await carried(given, path, ("graduate", "submit"))
    assert (await reached(old["id"]), await reached(others["id"])) == (True, False)
    assert (await given.cast["county"].get(f"/v1/archives/{old['id']}")).status_code == 404, "to decide, not to read"
    await carried(given, path, ("county", "approve"))
    assert not await reached(old["id"])
    assert [one["status"] for one in await files_of(who)] == ["recorded", "voided"]
    new, _ = await files_of(who)
    assert (await given.cast["county"].get(f"/v1/archives/{new['id']}")).json()["recorder_name"]
    row = await world.line.fetchrow("select county_id, city_id from app.dispatches where id = $1", new["id"])
    assert tuple(map(str, row)) == (world.bodies["county"], world.bodies["city"])
    await world.line.execute("delete from app.bureaus_of_regions where region = $1", county)


async def test_a_number_that_is_taken_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given, year = await Given.everybody(world), world.service.clock.today().year
    path = await application(given, "archive_redirect", "submitted", "school")
    number = dispatching.dispatch_number(year, world.school_code, "0000007")
    await dispatched(world, await graduate_for(world, "archive_redirect"), 2027, number=number)
    drawn = iter((7, 7654321))
    monkeypatch.setattr(numbers, "randbelow", lambda _: next(drawn))
    await carried(given, path, ("school", "approve"))
    assert (await files_of(given.cast["graduate"]))[0]["number"][9:16] == "7654321"


# -- races ------------------------------------------------------------------------------------------------------------


async def raced(given: Given) -> tuple[list[httpx.Response], list[str]]:
    """Two approvals for one graduate at once, while the school moves the old file on; what holds afterwards."""
    who = given.cast["graduate"] = await graduate_for(given.world, "reassignment")
    paths = [await carried(given, await draft(who, form), ("graduate", "submit")) for form in (REASSIGNMENT, REISSUE)]
    (old,) = await files_of(who)
    leg = LEG | {"moved_on": "2025-07-05"}
    answers = await asyncio.gather(
        *(given.cast["provincial_bureau"].move(path, "approve", 2) for path in paths),
        given.cast["school"].move(f"/v1/archives/{old['id']}", "forward", 1, **leg),
    )
    return answers, [one["id"] for one in await files_of(who) if one["status"] == "recorded"]


async def test_of_approvals_that_race_each_ends_what_stood_and_one_dispatch_holds(world: World) -> None:
    given = await Given.everybody(world)
    for _ in range(3):
        (first, second, leg), held = await raced(given)
        assert (first.status_code, second.status_code) == (201, 201)
        assert leg.status_code in (201, 409, 412), "before it was voided, or too late"
        assert len(held) == 1
        assert held[0] in {one.json()["record"]["dispatch_id"] for one in (first, second)}


async def test_a_dispatch_ended_without_its_version_leaves_two_that_hold(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: each approval ends what it has read, and neither looks again."""

    def unguarded(scene: Scene, issued: Now) -> Iterable[Piece]:
        for one in scene.record.held or ():
            yield Update(dispatches, {"id": one["id"]}, {"status": "voided", "voided_by": issued.id})

    given = await Given.everybody(world)
    monkeypatch.setattr(dispatching, "replace_what_stood", unguarded)
    assert 2 in [len((await raced(given))[1]) for _ in range(5)]
