"""Brings destinations and entered agreements into a situation by the API's own moves."""

from typing import Any

import httpx

from tests.agreements.given import Given
from tests.destinations.forms import CONTRACT, ENTERED, PROOF
from tests.files.given import PDF
from tests.world import Somebody


async def uploaded(who: Somebody, purpose: str = "proof") -> str:
    """The id of a file that this person has uploaded."""
    answer = await who.client.post(
        "/v1/files", params={"name": "证明.pdf", "purpose": purpose}, content=PDF, headers=who.headers({})
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def filled(who: Somebody, form: dict[str, Any]) -> dict[str, Any]:
    """The form with a proof of this graduate's own."""
    if PROOF not in form.get("proof_file_ids", ()):
        return form
    if "proof" not in who.facts:
        who.facts["proof"] = await uploaded(who)
    return {**form, "proof_file_ids": [who.facts["proof"]]}


async def opened(who: Somebody, form: dict[str, Any]) -> httpx.Response:
    """The answer to opening a draft of this form."""
    path = "/v1/destinations" if "kind" in form else "/v1/entered-agreements"
    return await who.post(path, {"details": await filled(who, form)})


async def draft(who: Somebody, form: dict[str, Any]) -> str:
    """The path of a new draft."""
    answer = await opened(who, form)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


async def submitted(who: Somebody, form: dict[str, Any]) -> str:
    """The path of a destination that has just been submitted."""
    path = await draft(who, form)
    answer = await who.move(path, "submit")
    assert answer.status_code == 201, answer.text
    return path


async def carried(given: Given, path: str, *moves: tuple[str, str]) -> str:
    """The same path after these moves: (who, action)."""
    bodies = {"reject": {"reason": "not_eligible"}, "return": {"comment": "请补充材料。"}}
    for who, action in moves:
        body = dict(bodies.get(action, {}))
        if action == "attach":
            scan = await uploaded(given.cast[who], "stamped_scan")
            body = {"scan_file_id": scan, "signed_on": "2026-11-24"}
        answer = await given.cast[who].move(path, action, **body)
        assert answer.status_code == 201, (who, action, answer.text)
    return path


DESTINATION_WAYS: dict[tuple[str, str | None], tuple[tuple[str, str], ...]] = {
    ("draft", None): (),
    ("submitted", "department"): (("graduate", "submit"),),
    ("submitted", "school"): (("graduate", "submit"), ("department", "approve")),
    ("approved", None): (("graduate", "submit"), ("department", "approve"), ("school", "approve")),
    ("rejected", None): (("graduate", "submit"), ("department", "reject")),
    ("terminated", None): (("graduate", "cancel"),),
}
_SENT = (("graduate", "issue"), ("graduate", "attach"), ("graduate", "submit"))
ENTERED_WAYS: dict[tuple[str, str | None], tuple[tuple[str, str], ...]] = {
    ("draft", None): (),
    ("issued", None): _SENT[:2],
    ("submitted", "department"): _SENT,
    ("submitted", "school"): (*_SENT, ("department", "approve")),
    ("approved", None): (*_SENT, ("department", "approve"), ("school", "approve")),
    ("rejected", None): (*_SENT, ("department", "reject")),
    ("terminated", None): (("graduate", "cancel"),),
}


async def destination(given: Given, situation: str, stage: str | None) -> str:
    """The path of a destination in this situation."""
    path = await draft(given.cast["graduate"], CONTRACT)
    return await carried(given, path, *DESTINATION_WAYS[situation, stage])


async def entered(given: Given, situation: str, stage: str | None) -> str:
    """The path of an entered agreement in this situation."""
    path = await draft(given.cast["graduate"], ENTERED)
    return await carried(given, path, *ENTERED_WAYS[situation, stage])
