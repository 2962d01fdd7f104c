"""Versions of a cohort's policy: read by everybody, added by the provincial bureau's administrator, never changed.

The newest version in effect holds, from its moment on and by the clock alone. One that is still to come is superseded
by a later version that holds earlier. Whoever adds one names the newest version they saw: of two editors one wins.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import DateTime, Integer, SmallInteger, and_, func, select, true

from app import texts
from app.change import Change, Row
from app.db import AlreadyExists, Read, Result, actor, asked
from app.errors import Busy, FieldError, Invalid, NotFound, Stale, VersionRequired
from app.models import Policy
from app.models.base import table_of
from app.policies import Actor
from app.schemas.policy import DEFAULTS, PolicyVersionDraft
from app.service import Caller, Once, Service
from app.workflows.accounts import step_ups
from app.workflows.facts import bodies
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.province.recording import recorded
from app.workflows.province.reference import OpenRead, rows_of
from app.workflows.province.school_settings import Seen
from app.workflows.repeating import remember, replayed
from app.workflows.view import remembered

LAST: Final = 2**31 - 1
_ATTEMPTS: Final = 2
_SHOWN: Final = ("cohort", "version", "effective_from", "recorded_at", "comment")

policies = table_of(Policy)
_before = policies.alias("before")
_cohort = asked("cohort", SmallInteger())
_present = (
    select(func.max(_before.c.version))
    .where(_before.c.cohort == _cohort, _before.c.effective_from <= asked("at", DateTime(timezone=True)))
    .scalar_subquery()
    .label("present")
)
_recorded = policies.outerjoin(bodies, bodies.c.id == policies.c.recorded_body_id)
_columns = (*(policies.c[name] for name in _SHOWN), bodies.c.name.label("recorded_by"), _present)
_page = OpenRead(
    select(*_columns)
    .select_from(_recorded)
    .where(policies.c.cohort == _cohort, policies.c.version < asked("after", Integer()))
    .order_by(policies.c.version.desc())
    .limit(asked("limit", Integer()))
)
_one = OpenRead(
    select(*_columns, policies.c.document, _before.c.document.label("former"))
    .select_from(
        _recorded.outerjoin(
            _before, and_(_before.c.cohort == policies.c.cohort, _before.c.version == policies.c.version - 1)
        )
    )
    .where(policies.c.cohort == _cohort, policies.c.version == asked("version", Integer()))
)
_newest = (
    select(policies.c.version, policies.c.document)
    .where(policies.c.cohort == _cohort)
    .order_by(policies.c.version.desc())
    .limit(1)
    .lateral("newest")
)
_ground = Read(
    select(bodies.c.id, bodies.c.name, _newest.c.version, _newest.c.document)
    .select_from(bodies.outerjoin(_newest, true()))
    .where(bodies.c.id == actor.c.body_id),
    remembered,
)
"""The body that speaks, and the newest version that there is, in effect or still to come."""


def completed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document as it is meant: what it does not say, by default."""
    return {**DEFAULTS, **document}


def differences(before: Any, after: Any, pointer: str = "") -> Iterator[dict[str, Any]]:
    """What differs between two documents, each with a JSON pointer; lists and plain values differ whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from differences(before.get(name), after.get(name), f"{pointer}/{name}")
    elif before != after:
        yield {"pointer": pointer, "before": before, "after": after}


# -- reading ----------------------------------------------------------------------------------------------------------


async def page(service: Service, cohort: int, limit: int, after: str | None) -> Answer:
    """A page of versions, newest first; `after` is the last version of the page before."""
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < len(str(LAST))):
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")])
    given = {"cohort": cohort, "limit": limit + 1, "after": int(after or LAST), "at": service.clock.now()}
    found = await rows_of(service, _page, **given)
    return page_of([_told(row) for row in found[:limit]], str(found[limit - 1].version) if len(found) > limit else None)


async def one(service: Service, cohort: int, version: int) -> Answer:
    """One version with its rules, and what differs from the one before."""
    found = await rows_of(service, _one, cohort=cohort, version=version, at=service.clock.now())
    if not found:
        raise NotFound
    row = found[0]
    former = row.former and completed(row.former)
    told = _told(row) | _compared(former, completed(row.document))
    return Answer(as_json(told), version)


def _told(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in (*_SHOWN, "recorded_by")}
    return {**shown, "holds": row["version"] == row["present"]}


def _compared(former: Mapping[str, Any] | None, rules: Mapping[str, Any]) -> dict[str, Any]:
    return {"rules": rules, "diff": [*differences(former, rules)] if former else []}


# -- adding -----------------------------------------------------------------------------------------------------------


async def rehearse(caller: Caller, cohort: int, draft: PolicyVersionDraft) -> Answer:
    """What the version would be, and why it would be refused; nothing is written, and no version need be named."""
    _, found = await look(caller, _ground, cohort=cohort, key=None)
    newest, now = found[0], caller.service.clock.now()
    told = {"version": (newest.version or 0) + 1, "effective_from": draft.effective_from or now}
    told |= _compared(newest.document and completed(newest.document), draft.rules.model_dump(mode="json"))
    problems = [
        {"pointer": one.pointer, "code": one.code, "message": texts.detail(one.code, caller.language)}
        for one in _problems(newest, draft, now)
    ]
    return Answer(as_json({**told, "problems": problems}))


async def add(caller: Caller, cohort: int, draft: PolicyVersionDraft, seen: Seen, once: Once | None) -> Answer:
    """Add the next version, on the newest that the caller saw; 403 (role, step-up), 428, 412, 422."""
    service = caller.service
    for _ in range(_ATTEMPTS):
        who, found = await look(caller, _ground, cohort=cohort, key=once and once.key)
        newest = found[0]
        if once and newest.once_fingerprint is not None:
            return replayed(caller, once, newest, who)
        step_ups.demand(service, who)
        _judge(newest, seen)
        if wrong := [*_problems(newest, draft, service.clock.now())]:
            raise Invalid(errors=wrong)
        answer, change = _written(service, who, newest, cohort, draft)
        if once:
            change = change.and_also(remember(caller, once, answer, who))
        try:
            await caller.db.apply(change, session=caller.session)
        except AlreadyExists:  # somebody was faster: with this very key, or with another version
            continue
        return answer
    raise Busy("rows-busy", retry_after=1)


def _judge(newest: Result, seen: Seen) -> None:
    if seen.version is None and not seen.first:
        raise VersionRequired
    if newest.version != seen.version:
        raise Stale


def _problems(newest: Result, draft: PolicyVersionDraft, now: datetime) -> Iterator[FieldError]:
    if draft.effective_from is not None and draft.effective_from < now:
        yield FieldError("/body/effective_from", "effective-in-the-past")
    if newest.document is not None and completed(newest.document) == draft.rules.model_dump(mode="json"):
        yield FieldError("/body/rules", "nothing-changes")


def _written(
    service: Service, who: Actor, newest: Result, cohort: int, draft: PolicyVersionDraft
) -> tuple[Answer, Change]:
    """The version as told, and the rows that keep it: itself, and a step of the cohort's trail with who took it."""
    now, real, version = service.clock.now(), service.clock.real(), (newest.version or 0) + 1
    rules = draft.rules.model_dump(mode="json")
    row: dict[str, Any] = {
        "cohort": cohort,
        "version": version,
        "effective_from": draft.effective_from or now,
        "recorded_at": real,
        "comment": draft.comment,
    }
    compared = _compared(newest.document and completed(newest.document), rules)
    diff = {one["pointer"]: [one["before"], one["after"]] for one in compared["diff"]}
    path = f"/v1/policies/{cohort}"
    step = recorded(service, who, path, "policy", version=version, action="add", comment=draft.comment, diff=diff)
    kept = {**row, "document": rules, "recorded_by_id": who.account_id, "recorded_body_id": who.body_id}
    told = {**row, "recorded_by": newest.name, "holds": row["effective_from"] <= now, **compared}
    change = Change(inserts=(Row(policies, kept), step))
    return Answer(as_json(told), version, id=str(version)), change
