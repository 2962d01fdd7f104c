"""Brings amendments into a situation by the API's own moves."""

from typing import Any

import httpx

from tests.agreements.given import Given
from tests.destinations.forms import CONTRACT
from tests.destinations.given import carried, draft
from tests.world import Somebody

REASON = "岗位名称有误，单位已出具说明。"
CHANGES = {"position": "数据库工程师"}
BODIES: dict[str, dict[str, Any]] = {"reject": {"reason": "proof_mismatch"}}
"""What each action needs beyond its name."""
APPROVED = (("graduate", "submit"), ("department", "approve"), ("school", "approve"))


async def ask(who: Somebody, placement: str, changes: dict[str, Any] | None = None) -> httpx.Response:
    """Ask for a change of the placement at this path."""
    draft = {"placement_id": placement.rpartition("/")[2], "changes": changes or CHANGES, "reason": REASON}
    return await who.post("/v1/amendments", draft)


async def asked(who: Somebody, placement: str, changes: dict[str, Any] | None = None) -> str:
    """The path of an amendment that has been asked for."""
    answer = await ask(who, placement, changes)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


async def destination(given: Given, form: dict[str, Any] = CONTRACT) -> str:
    """The path of an approved destination."""
    return await carried(given, await draft(given.cast["graduate"], form), *APPROVED)


async def agreement_of_who_left(given: Given) -> str:
    """The path of an agreement that the county bureau has approved."""
    path = await given.agreement("submitted", "county")
    assert (await given.cast["county"].move(path, "approve")).status_code == 201
    return path


async def amendment(given: Given, situation: str, asker: str) -> str:
    """The path of an amendment of an approved online agreement in this situation."""
    path = await asked(given.cast[asker], await given.agreement("approved", None))
    match situation:
        case "approved":
            await given.cast["school"].move(path, "approve")
        case "rejected":
            await given.cast["school"].move(path, "reject", **BODIES["reject"])
        case "terminated":
            await given.cast[asker].move(path, "withdraw")
    return path


async def trace(given: Given, path: str) -> tuple[Any, ...]:
    """Everything that a refused move must leave as it was."""
    graduate, line = given.cast["graduate"].graduate, given.world.line
    documents = "select d.id from app.documents d join app.placements p on p.id = placement_id where p.graduate_id = $1"
    return (
        await given.trace(path),
        await line.fetch("select version, status, decision from app.amendments where graduate_id = $1", graduate),
        await line.fetch("select details from app.placements where graduate_id = $1 order by id", graduate),
        await line.fetch(f"{documents} order by d.id", graduate),
    )
