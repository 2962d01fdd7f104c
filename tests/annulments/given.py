"""Brings placements and objections into a situation by the API's own moves, each with a graduate of its own."""

from hashlib import sha256
from typing import Any

from app.change import fresh_id
from tests.agreements.given import Given
from tests.destinations.given import destination, entered
from tests.world import Somebody, World

WHY = "经核实，该单位未与毕业生签订合同。"
NOT_MINE = "我没有与该单位签约，也没有登记过这个去向。"
AGAINST = "该撤销与事实不符，合同真实有效，请予复核。"
NOTHING = {"placement_id": None, "placement_version": None}
"""The confirmation that there is no placement."""
KINDS = ("agreement", "destination", "entered_agreement")


async def proof(world: World, who: Somebody) -> str:
    """The id of a proof of this person's, whose bytes nobody will read: uploading each would take a second in all."""
    if "proof" not in who.facts:
        who.facts["proof"] = fresh_id()
        await world.line.execute(
            "insert into app.files (id, account_id, body_id, purpose, name, media_type, size, sha256, kept_size,"
            " kept_sha256, created_at)"
            " values ($1, $2, $3, 'proof', '证明.pdf', 'application/pdf', 1, $4, 1, '-', now())",
            who.facts["proof"], who.account, who.body, sha256(who.facts["proof"].encode()).digest(),
        )  # fmt: skip
    return str(who.facts["proof"])


async def annulling(world: World, who: Somebody) -> dict[str, Any]:
    """What annulling needs: a reason, its words, and a proof of this person's body."""
    return {"reason": "suspected_false", "comment": WHY, "proof_file_ids": [await proof(world, who)]}


async def annul(given: Given, path: str, who: str = "school") -> str:
    """The same path, annulled by this body."""
    answer = await given.cast[who].move(path, "annul", **await annulling(given.world, given.cast[who]))
    assert answer.status_code == 201, answer.text
    return path


async def placement(given: Given, kind: str, situation: str, stage: str | None) -> str:
    """The path of a placement of this kind in this situation."""
    make = {"agreement": Given.agreement, "destination": destination, "entered_agreement": entered}[kind]
    if situation == "annulled":
        return await annul(given, await make(given, "approved", None))
    return await make(given, situation, stage)


def draft(path: str, kind: str, **more: Any) -> dict[str, Any]:
    """The body of an objection about the placement at this path."""
    reason = NOT_MINE if kind == "not_mine" else AGAINST
    return {"placement_id": path.rpartition("/")[2], "kind": kind, "reason": reason, **more}


async def raised(who: Somebody, path: str, kind: str) -> str:
    """The path of a new objection."""
    answer = await who.post("/v1/objections", draft(path, kind))
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


VERDICT = {"comment": "经复核，证据充分。"}
WAYS: dict[tuple[str, str | None], tuple[tuple[str, str], ...]] = {
    ("submitted", "school"): (),
    ("submitted", "province"): (("school", "dismiss"), ("graduate", "escalate")),
    ("upheld", None): (("school", "uphold"),),
    ("dismissed", "school"): (("school", "dismiss"),),
    ("dismissed", "province"): (
        ("school", "dismiss"), ("graduate", "escalate"), ("provincial_education", "dismiss"),
    ),
    ("withdrawn", None): (("graduate", "withdraw"),),
}  # fmt: skip
"""For a dismissed one the second part says who spoke last."""


async def settled(given: Given, path: str, who: str, action: str) -> dict[str, Any]:
    """What is told of the objection at this path once this body has decided it so."""
    answer = await given.cast[who].move(path, action, **VERDICT)
    assert answer.status_code == 201, (who, action, answer.text)
    told: dict[str, Any] = answer.json()["record"]
    return told


async def objection(given: Given, situation: str, stage: str | None) -> str:
    """The path of a graduate's objection “not mine” in this situation, to an approved agreement."""
    path = await raised(given.cast["graduate"], await given.agreement("approved", None), "not_mine")
    for who, action in WAYS[situation, stage]:
        body = VERDICT if action in ("uphold", "dismiss") else {}
        answer = await given.cast[who].move(path, action, **body)
        assert answer.status_code == 201, (who, action, answer.text)
    return path
