"""Brings terminations before the body that decides them, by the API's own moves and the movable clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx

from app.change import fresh_id
from app.clock import end_of_day
from app.workflows.escalations import escalate
from app.workflows.sandbox import CLOCK_MOVED
from tests.agreements.given import BODIES, REASON, Given
from tests.destinations.forms import ENTERED
from tests.destinations.given import ENTERED_WAYS, destination, draft
from tests.world import World

STRICT = 2031
"""A cohort whose policy lets the school review what the sides agreed on."""
SIDES = {"graduate": "employer", "employer": "graduate"}


def wish(path: str, *proofs: str) -> dict[str, Any]:
    """The body that asks to end the placement at this path."""
    placement = path.rpartition("/")[2]
    return {"placement_id": placement, "type": "mutual", "reason": REASON, "proof_file_ids": list(proofs)}


async def file_of(given: Given, who: str, purpose: str = "proof") -> str:
    """A file of this person's, by a direct row: uploading takes as long as everything else here."""
    file, owner = fresh_id(), given.cast[who]
    await given.world.line.execute(
        "insert into app.files (id, account_id, body_id, purpose, name, media_type, size, sha256, kept_size,"
        " kept_sha256, created_at) values ($1, $2, $3, $4, '证明.pdf', 'application/pdf', 1, '', 1, '', now())",
        file, owner.account, owner.body, purpose,
    )  # fmt: skip
    return file


async def asking(given: Given, path: str, who: str = "graduate") -> httpx.Response:
    """The answer to asking, with a proof where one is needed."""
    proofs = [await file_of(given, who)] if path.startswith("/v1/entered") else []
    return await given.cast[who].post("/v1/terminations", wish(path, *proofs))


async def asked(given: Given, path: str, who: str = "graduate") -> str:
    """The path of a termination of the placement at this path."""
    answer = await asking(given, path, who)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


async def placement(given: Given, kind: str, situation: str, stage: str | None) -> str:
    """The path of a placement of this kind in this situation."""
    graduate = given.cast["graduate"]
    if kind == "agreement":
        return await given.agreement(situation, stage)
    if kind == "destination":
        graduate.facts["proof"] = await file_of(given, "graduate")
        return await destination(given, situation, stage)
    path = await draft(graduate, ENTERED)
    scan = {"scan_file_id": await file_of(given, "graduate", "stamped_scan"), "signed_on": "2026-11-24"}
    for who, action in ENTERED_WAYS[situation, stage]:
        moved = await given.cast[who].move(path, action, **({"attach": scan} | BODIES).get(action, {}))
        assert moved.status_code == 201, (who, action, moved.text)
    return path


@asynccontextmanager
async def sandbox_clock_at(world: World, at: datetime) -> AsyncIterator[None]:
    """The clock moved as a client of the sandbox moves it, which wakes the worker."""
    try:
        await world.client.put("/v1/sandbox/clock", json={"now": at.isoformat()})
        yield
    finally:
        await world.client.put("/v1/sandbox/clock", json={"offset_seconds": 0})
        await world.line.execute("delete from app.pgqueuer where entrypoint = $1", CLOCK_MOVED)


@asynccontextmanager
async def clock_at(world: World, at: datetime) -> AsyncIterator[None]:
    """The service's clock at a moment, for as long as the block lasts."""
    clock = world.service.clock
    before = clock.offset
    clock.move(at - clock.real())
    try:
        yield
    finally:
        clock.move(before)


async def last_moment(world: World, path: str) -> datetime:
    """When the time to answer this termination is over."""
    due = await world.line.fetchval("select reply_due_on from app.terminations where id = $1", path.rpartition("/")[2])
    return end_of_day(due)


async def overdue(given: Given, agreement: str, who: str) -> str:
    """The path of a termination that this side asked for, the other side was silent, and the worker has seen it."""
    path = await asked(given, agreement, who)
    async with clock_at(given.world, await last_moment(given.world, path) + timedelta(minutes=1)):
        await escalate(given.world.service)
    return path


async def in_strict_cohort(world: World, agreement: str) -> None:
    """The agreement is of the strict cohort, of which its school has decided nothing."""
    await world.line.execute(
        "insert into app.policies select $2, 1, document || '{\"termination_review_by_school\": true}', effective_from"
        " from app.policies where cohort = $1 and version = 1 on conflict do nothing",
        2027, STRICT,
    )  # fmt: skip
    record = agreement.rpartition("/")[2]
    await world.line.execute("update app.placements set cohort = $2 where id = $1", record, STRICT)


async def before_the_body(given: Given, of: str, stage: str) -> str:
    """The path of a termination of this, at this stage."""
    world = given.world
    both = of == "destination"
    await world.line.execute(
        "update app.school_settings set termination_chain = $2 where school_id = $1",
        world.bodies["school"], ["department", "school"] if both else ["school"],
    )  # fmt: skip
    await given.new_graduate(left="after leaving" in of)
    if of in ("entered agreement", "destination"):
        path = await asked(given, await placement(given, of, "approved", None))
        if both and stage == "school":
            assert (await given.cast["department"].move(path, "approve")).status_code == 201
        return path
    if "after leaving" in of:
        agreement = await given.agreement("submitted", "county")
        assert (await given.cast["county"].move(agreement, "approve")).status_code == 201
    else:
        agreement = await given.agreement("approved", None)
    if "elsewhere" in of:
        await world.line.execute(
            "update app.placements set registered_region = '310101', county_id = null, city_id = null where id = $1",
            agreement.rpartition("/")[2],
        )  # fmt: skip
    if "agreed" in of:
        await in_strict_cohort(world, agreement)
        path = await asked(given, agreement)
        assert (await given.cast["employer"].move(path, "agree")).json()["change"]["to"] == "submitted"
        return path
    return await overdue(given, agreement, "employer" if "silent graduate" in of else "graduate")
