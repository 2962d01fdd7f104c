"""The desk of a procedure: shows its records, opens them, moves them. One read and one write for a move.

The order of refusals is the same everywhere: no session (401), not visible (404), an answer already given (replayed),
wrong person (403), no or an old version (428, 412), wrong situation, unmet rules (409).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from app import texts
from app.change import fresh_id
from app.db import AlreadyExists, Read, Stale
from app.errors import Busy, NotFound, VersionRequired
from app.errors import Stale as StaleVersion
from app.policies import Actor
from app.service import Caller, Once
from app.workflows.engine import Blocked, Decision, Scene, Workflow
from app.workflows.looking import Answer, as_json, look, page_of, reprove
from app.workflows.repeating import remember, replayed
from app.workflows.timelines import step_of, trail_of
from app.workflows.view import LAST_ID, View

_ATTEMPTS = 4


Judge = Callable[[Scene], Decision]
Offers = Callable[[Scene], tuple[Sequence[str], Sequence[Blocked]]]


class Desk:
    """Where records of one procedure are shown, opened and moved."""

    def __init__(self, workflow: Workflow, view: View, told: Callable[[Scene], dict[str, Any]]) -> None:
        """`told(scene)` is what the actor is told of the record, without `actions` and `blocked`."""
        self.workflow, self.view, self._told = workflow, view, told
        self.moves: TypeAdapter[Any] = TypeAdapter(workflow.moves())
        """Validates the body of a move."""
        self.beside: Offers = lambda _: ([], [])
        """What may be opened on a record's ground, as its `actions` and `blocked` say it too."""
        self._timeline = Read(trail_of(view))

    # -- showing -------------------------------------------------------------------------------------------------------

    def told(self, scene: Scene, language: str) -> dict[str, Any]:
        """A record as this actor may see it, with what they may do now."""
        shown = self._told(scene)
        own, beside = self.workflow.offers(scene), self.beside(scene)
        shown["actions"] = [*own[0], *beside[0]]
        shown["blocked"] = [texts.blocked(action, reason, language) for action, reason in (*own[1], *beside[1])]
        return shown

    def scene(self, caller: Caller, who: Actor, record: Any, **more: Any) -> Scene:
        """The record before this actor, now."""
        return Scene.now(caller.service, who, record, **more)

    async def one(self, caller: Caller, record: str) -> Answer:
        """One record."""
        who, found = await look(caller, self.view.one, record=record)
        if not found:
            raise NotFound
        shown = self.told(self.scene(caller, who, found[0]), caller.language)
        return Answer(as_json(shown), found[0].version)

    async def page(self, caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
        """A page, newest first; `after` is the last id of the page before."""
        who, found = await look(caller, self.view.page(filters), limit=limit + 1, after=after or LAST_ID, **filters)
        items = [self.told(self.scene(caller, who, row), caller.language) for row in found[:limit]]
        return page_of(items, found[limit - 1].id if len(found) > limit else None)

    async def timeline(self, caller: Caller, record: str) -> Answer:
        """What happened to a record, oldest first."""
        who, found = await look(caller, self._timeline, record=record)
        if not found:
            raise NotFound
        steps = [step_of(row, who) for row in found if row.seq is not None]
        return Answer(as_json({"items": steps, "next_cursor": None}))

    # -- moving --------------------------------------------------------------------------------------------------------

    async def move(self, caller: Caller, record: str, body: Any, version: int | None, once: Once | None) -> Answer:
        """Carry out the move that `body.action` names, on the version that the caller saw."""
        move = {"move": body, "action": body.action, "id": record}
        judge, found_by = partial(self._judge, version), {"record": record, **self.named_by(body)}
        return await self._carry_out(caller, self.view.to_move, found_by, move, judge, once)

    def named_by(self, body: Any) -> Mapping[str, Any]:  # noqa: ARG002 (what desks of other procedures look at)
        """What a move names that is looked up beside the record: nothing, for most."""
        return {}

    async def rehearse(self, caller: Caller, record: str, body: Any, version: int | None) -> Answer:
        """What the move would answer, carrying nothing out."""
        who, found = await look(
            caller, self.view.to_move, record=record, key=None, files=_named_in(body), **self.named_by(body)
        )
        if not found:
            raise NotFound
        scene = self.scene(caller, who, found[0], move=body, action=body.action, id=record)
        return self._answer(caller, who, self._judge(version, scene))

    def _judge(self, version: int | None, scene: Scene) -> Decision:
        theirs = self.workflow.permit(scene)
        if version is None:
            raise VersionRequired
        if version != scene.record.version:
            raise StaleVersion
        return self.workflow.decide(scene, theirs)

    async def open(
        self,
        caller: Caller,
        ground: Read,
        found_by: Mapping[str, Any],
        action: str,
        body: Any,
        once: Once | None,
        *,
        judge: Judge | None = None,
    ) -> Answer:
        """Open a record on its ground: the facts that its rules need, which `ground` reads. No ground is 404.

        `judge` decides where the ground may show that the record is there already, and is moved.
        """
        move = {"move": body, "action": action, "id": fresh_id()}
        return await self._carry_out(caller, ground, found_by, move, judge or self.workflow.decide_opening, once)

    async def _carry_out(
        self,
        caller: Caller,
        read: Read,
        found_by: Mapping[str, Any],
        move: Mapping[str, Any],
        judge: Judge,
        once: Once | None,
    ) -> Answer:
        """Look, decide, write; when somebody was faster, look again: that look says what to answer."""
        proven = False
        rule = ""
        for _ in range(_ATTEMPTS):
            who, found = await look(caller, read, key=once and once.key, files=_named_in(move["move"]), **found_by)
            if not found:
                raise NotFound
            if once and found[0].once_fingerprint is not None:
                return replayed(caller, once, found[0], who)
            decision = judge(self.scene(caller, who, found[0], **move))
            if decision.reproof and not proven:
                await reprove(caller, move["move"].password)
                proven = True
            answer = self._answer(caller, who, decision)
            change = decision.change
            if once:
                change = change.and_also(remember(caller, once, answer, who))
            try:
                await caller.db.apply(change, session=caller.session)
            except Stale:
                continue
            except AlreadyExists as error:
                if error.rule == rule:  # looking again has shown no reason: the rule itself is the answer
                    raise
                rule = error.rule
                continue
            return answer
        raise Busy("rows-busy", retry_after=1)

    def _answer(self, caller: Caller, who: Actor, decision: Decision) -> Answer:
        record = decision.record
        shown = self.told(self.scene(caller, who, record), caller.language)
        change = {"action": decision.action, "from": decision.source, "to": decision.to, "version": record.version}
        created = [{"type": kind, "id": one} for kind, one in decision.change.created]
        return Answer(as_json({"change": change, "record": shown, "created": created}), record.version, id=record.id)


def _named_in(body: Any) -> list[str]:
    """The files that a move's body names (see `attaching`)."""
    return [file for file in getattr(body, "named_files", ()) if file is not None]
