"""Load: clients that lead agreement after agreement from invitation to end, and keep what they were promised.

Each move has a key of its own and is repeated with it until the answer is no longer 503.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

from app.change import fresh_id
from tests.agreements.given import BODIES, REASON
from tests.world import TERMS, Somebody, World

PAUSE = 0.1
"""Seconds before a move is repeated. Clients as impatient as this are worse than any that wait for Retry-After."""


@dataclass
class Promises:
    """What the API answered to all clients."""

    kept: list[tuple[str, int, str, str, str]] = field(default_factory=list)
    """Of each 201: the record, its version, the action, the caller's account and the key."""
    answers: Counter[str] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)
    """What became of the moves whose outcome was unknown: done before, or done when repeated."""
    faults: list[str] = field(default_factory=list)


@dataclass
class Client:
    """A graduate, an employer and their reviewers."""

    graduate: Somebody
    employer: Somebody
    department: Somebody
    school: Somebody
    promises: Promises
    stop: asyncio.Event

    async def run(self) -> None:
        """One agreement after the other until told to stop, or until something goes wrong."""
        try:
            while not self.stop.is_set():
                await self._one_agreement()
        except Wrong as wrong:
            self.promises.faults.append(str(wrong))

    async def _one_agreement(self) -> None:
        sent = await self._ask(self.employer, "invitations", {"to": self.graduate.facts, "terms": TERMS})
        accepted = await self._move(self.graduate, "invitations", sent["record"], "accept", **BODIES["accept"])
        agreement = {"id": accepted["created"][0]["id"], "version": 1}
        for reviewer in (self.department, self.school):
            agreement = (await self._move(reviewer, "agreements", agreement, "approve"))["record"]
        wish = {"placement_id": agreement["id"], "type": "mutual", "reason": REASON}
        asked = await self._ask(self.graduate, "terminations", wish)
        await self._move(self.employer, "terminations", asked["record"], "agree")

    async def _move(self, who: Somebody, kind: str, record: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
        path = f"{kind}/{record['id']}/transitions"
        return await self._ask(who, path, {"action": action, **more}, If_Match=f'"{record["version"]}"')

    async def _ask(self, who: Somebody, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        key, unknown, told = fresh_id(), False, self.promises
        while True:
            answer = await who.post(f"/v1/{path}", body, Idempotency_Key=key, **headers)
            said = answer.json()
            told.answers[f"{answer.status_code} {said.get('code', '')}".strip()] += 1
            if answer.status_code == 201:
                told.settled["replayed" if "idempotent-replayed" in answer.headers else "done then"] += unknown
                change = said["change"]
                told.kept.append((said["record"]["id"], change["version"], change["action"], who.account, key))
                return said  # type: ignore[no-any-return]
            if answer.status_code != 503 or "retry-after" not in answer.headers:
                raise Wrong(f"{path}: {answer.status_code} {answer.text}")
            unknown = unknown or said["code"] == "outcome-unknown"
            await asyncio.sleep(PAUSE)


class Wrong(Exception):
    """An answer that no kill explains."""


class Load:
    """Clients at work between entering and leaving; on leaving each brings its last move to an end."""

    def __init__(self, world: World, clients: int) -> None:
        self._world, self._number, self.stop = world, clients, asyncio.Event()
        self.promises = Promises()

    async def __aenter__(self) -> Self:
        world = self._world
        reviewers = await world.staff("department"), await world.staff("school")
        pairs = [(await world.graduate(), await world.employer(), *reviewers) for _ in range(self._number)]
        self._clients = [asyncio.create_task(Client(*pair, self.promises, self.stop).run()) for pair in pairs]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await asyncio.gather(*self._clients)

    async def until(self, moves: int) -> None:
        """Wait until so many moves more are acknowledged, or every client has given up."""
        goal = len(self.promises.kept) + moves
        while len(self.promises.kept) < goal and not all(map(asyncio.Task.done, self._clients)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
