"""The desk of a procedure: shows its records, opens them, moves them. One read and one write for a move.

The order of refusals is the same everywhere: no session (401), not visible (404), an answer already given (replayed),
wrong person (403), no or an old version (428, 412), wrong situation, unmet rules (409).
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from secrets import randbelow
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app import texts
from app.budgets import Budget
from app.change import Change, Row, fresh_id
from app.db import ACTOR_COLUMNS, AlreadyExists, Prepared, Read, Result, Stale, actor
from app.errors import Busy, Forbidden, Invalid, NotFound, Reason, Unauthenticated, VersionRequired
from app.errors import Stale as StaleVersion
from app.models import Account, Body, Remembered, TrailEntry
from app.models.base import table_of
from app.policies import Actor, is_enrolling
from app.service import Caller, Once
from app.workflows.engine import Blocked, Decision, Fresh, Scene, Workflow
from app.workflows.sealed_parts import shown_in
from app.workflows.view import LAST_ID, View

_WIDTH = len(ACTOR_COLUMNS)
_ATTEMPTS = 4
_KEPT = timedelta(hours=72)
_DIGITS = 7
_ENROL_FIRST = Reason("second-factor-missing", who="you", how="enrol-your-authenticator")


Judge = Callable[[Scene], Decision]
Offers = Callable[[Scene], tuple[Sequence[str], Sequence[Blocked]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a desk answers: JSON, with the version of the record it tells about."""

    body: bytes
    version: int | None = None
    replayed: bool = False
    id: str | None = None
    next_cursor: str | None = None
    budgets: tuple[Budget, ...] = ()
    """What is left of the limits that it was counted against."""


def as_json(value: Any) -> bytes:
    """The JSON of an answer: times in UTC with a Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def cursor_of(key: str) -> str:
    """What asks for the page after this key."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def page_of(items: list[dict[str, Any]], last: str | None) -> Answer:
    """A page; `last` is the key of its last item when there are more."""
    cursor = None if last is None else cursor_of(last)
    return Answer(as_json({"items": items, "next_cursor": cursor}), next_cursor=cursor)


async def look(caller: Caller, read: Prepared, **values: Any) -> tuple[Actor, list[Result]]:
    """As `greet`, for whoever is signed in with all they need: staff without their second factor are 403.

    Whoever lacks the permission is refused (403), unless the record is not theirs to know of: a 404, which comes first.
    """
    who, found = await greet(caller, read, **values)
    if is_enrolling(who):
        raise Forbidden(_ENROL_FIRST.code, reason=_ENROL_FIRST)
    if found or values.get("record") is None:
        caller.permission.demand(who)
    return who, found


async def greet(caller: Caller, read: Prepared, **values: Any) -> tuple[Actor, list[Result]]:
    """Run a read for the caller. No row means no session: 401. A row of nulls is dropped: nothing visible.

    A service client is refused whatever it asks for without the scope.
    """
    given = {"session": caller.session, "record": None, "at": caller.service.clock.now(), **values}
    rows = await caller.db.rows(read, given)
    if not rows:
        raise Unauthenticated("session-ended")
    who, found = Actor._make(rows[0][-_WIDTH:]), [row for row in rows if row[0] is not None]
    if who.scopes is not None:
        caller.permission.demand(who)
    return who, found


def named_in(body: Any) -> list[str]:
    """The files that a move's body names (see `attaching`)."""
    return [file for file in getattr(body, "named_files", ()) if file is not None]


class Desk:
    """Where records of one procedure are shown, opened and moved."""

    def __init__(self, workflow: Workflow, view: View, told: Callable[[Scene], dict[str, Any]]) -> None:
        """`told(scene)` is what the actor is told of the record, without `actions` and `blocked`."""
        self.workflow, self.view, self._told = workflow, view, told
        self.moves: TypeAdapter[Any] = TypeAdapter(workflow.moves())
        """Validates the body of a move."""
        self.beside: Offers = lambda _: ([], [])
        """What may be opened on a record's ground, as its `actions` and `blocked` say it too."""
        self._timeline = Read(_trail_of(view))

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
        steps = [_step(row, who) for row in found if row.seq is not None]
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
            caller, self.view.to_move, record=record, key=None, files=named_in(body), **self.named_by(body)
        )
        if not found:
            raise NotFound
        scene = self.scene(caller, who, found[0], fresh=_fresh(), move=body, action=body.action, id=record)
        return self._answer(caller, who, self._judge(version, scene))

    def _judge(self, version: int | None, scene: Scene) -> Decision:
        self.workflow.permit(scene)
        if version is None:
            raise VersionRequired
        if version != scene.record.version:
            raise StaleVersion
        return self.workflow.decide(scene)

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
            who, found = await look(caller, read, key=once and once.key, files=named_in(move["move"]), **found_by)
            if not found:
                raise NotFound
            if once and found[0].once_fingerprint is not None:
                return replayed(caller, once, found[0], who)
            decision = judge(self.scene(caller, who, found[0], fresh=_fresh(), **move))
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


KNOWN = Read(select(Account.id).where(Account.id == actor.c.account_id))
"""The caller alone, for what needs no other ground than the permission."""
OWN_PASSWORD = Read(
    select(Account.password_hash).where(Account.id == actor.c.account_id),
)


async def reprove(caller: Caller, password: str) -> None:
    """Check the caller's password again, or refuse with 403 `password-wrong`."""
    _, found = await look(caller, OWN_PASSWORD)
    if not await caller.service.passwords.verify(password, found[0].password_hash if found else None):
        raise Forbidden("password-wrong")


# -- idempotency ------------------------------------------------------------------------------------------------------


def remember(caller: Caller, once: Once, answer: Answer, who: Actor) -> Change:
    """The row that lets the same key have the same answer. A twin loses on its primary key."""
    kept = as_json({"body": answer.body.decode(), "version": answer.version, "id": answer.id}).decode()
    sealed = caller.service.sealer.seal(kept, table="remembered", column="answer", row=f"{who.account_id}/{once.key}")
    until = caller.service.clock.real() + _KEPT
    row = {
        "account_id": who.account_id,
        "key": once.key,
        "fingerprint": once.fingerprint,
        "answer": sealed,
        "until": until,
    }
    return Change(inserts=(Row(table_of(Remembered), row),))


def replayed(caller: Caller, once: Once, row: Result, who: Actor) -> Answer:
    """The answer given before, or 422 when the key came with another request."""
    if row.once_fingerprint != once.fingerprint:
        raise Invalid("idempotency-key-reused")
    place = f"{who.account_id}/{once.key}"
    kept = orjson.loads(caller.service.sealer.open(row.once_answer, table="remembered", column="answer", row=place))
    return Answer(kept["body"].encode(), kept["version"], replayed=True, id=kept["id"])


# -- the timeline -----------------------------------------------------------------------------------------------------


def _trail_of(view: View) -> Select[Any]:
    """The steps of a record that the caller may see; a record without steps is one row of nulls beside its id."""
    table, step, body = view.table, TrailEntry, Body
    answering = aliased(Account)
    return (
        select(
            table.c.id,
            step.seq,
            step.action,
            step.source,
            step.situation,
            step.stage,
            step.at,
            step.actor_kind,
            step.account_id,
            step.responsible_id,
            step.reason,
            step.comment,
            step.diff,
            body.name.label("body_name"),
            Account.display_name,
            answering.display_name.label("answering_name"),
        )
        .select_from(table)
        .outerjoin(step, step.record_id == table.c.id)
        .outerjoin(body, body.id == step.body_id)
        .outerjoin(Account, Account.id == step.account_id)
        .outerjoin(answering, answering.id == step.responsible_id)
        .where(view.found)
        .order_by(step.seq)
    )


def _step(row: Result, who: Actor) -> dict[str, Any]:
    """One step as told: graduates and employers see body and role, staff of the same body see the person.

    A client's step names the client, and as the person who answers for it.
    """
    client = row.responsible_id is not None
    by = {
        "kind": row.actor_kind,
        "body_name": row.body_name,
        "person": None if who.kind == "graduate" else row.answering_name if client else row.display_name,
        "client": row.display_name if client and who.kind != "graduate" else None,
    }
    return {
        "version": row.seq,
        "action": row.action,
        "from": row.source,
        "to": row.situation,
        "stage": row.stage,
        "at": row.at,
        "by": by,
        "reason": row.reason,
        "comment": row.comment,
        "diff": row.diff and shown_in(row.diff),
    }


def _fresh() -> Fresh:
    return Fresh(digits=f"{randbelow(10**_DIGITS):0{_DIGITS}d}")
