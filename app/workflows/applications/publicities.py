"""Publicities (公示): what a body is about to grant, open to everybody for some working days.

A list takes up whatever waits for it at the body, in one write. Everybody reads it while it runs (`publicity_reads`);
who objects tells the body, which then returns or rejects. What nobody stopped, `publicity_endings` passes.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    update,
)

from app.change import Change, Row, SetOf, SetStatement, fresh_id
from app.db import AlreadyExists, Read, Stale, actor, asked
from app.errors import Busy, Reason, RuleNotMet
from app.models import Body, PublicityItem, Review
from app.models.base import table_of
from app.schemas.policy import PUBLICITY_DAYS
from app.schemas.publicity import PublicityDraft
from app.service import Caller, Once, Service
from app.words.applications import ApplicationKind
from app.workflows.applications.chains import PUBLICITY
from app.workflows.applications.publicity_reads import publicities, told
from app.workflows.facts import in_force
from app.workflows.looking import Answer, as_json, look
from app.workflows.repeating import remember, replayed
from app.workflows.reviewing import local_day
from app.workflows.view import remembered

items, reviews, bodies = (table_of(one) for one in (PublicityItem, Review, Body))
_RULES: Final = {
    ApplicationKind.JOB_SEEKING_SUBSIDY: "subsidy",
    ApplicationKind.OUTSTANDING_GRADUATE: "outstanding_graduate",
}
"""Where the policy has the days of each kind."""


def _waiting(body: ColumnElement[Any], kind: ColumnElement[Any], cohort: ColumnElement[Any]) -> ColumnElement[bool]:
    """Turns of a body that wait to be published."""
    listed = exists().where(items.c.review_id == reviews.c.id)
    of_kind = and_(reviews.c.subject["kind"].as_string() == kind, reviews.c.cohort == cohort)
    return and_(reviews.c.body_id == body, reviews.c.decision.is_(None), reviews.c.stage == PUBLICITY, of_kind, ~listed)


def _listed(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """Takes up what waits: from now on its turn is due when the list ends."""
    here = _waiting(asked("body", Uuid(as_uuid=False)), asked("kind", Text()), asked("cohort", SmallInteger()))
    taken = (
        update(reviews)
        .where(gate, here)
        .values(due_on=asked("ends_on", Date()))
        .returning(reviews.c.id, reviews.c.record_id)
        .cte("taken_up")
    )
    given = select(asked("publicity", Uuid(as_uuid=False)), taken.c.record_id, taken.c.id)
    count = select(func.count().label("items")).select_from(taken).cte("listed")
    into = ["publicity_id", "application_id", "review_id"]
    return taken, count, insert(items).from_select(into, given).cte("added")


LIST: Final = SetStatement("list_what_waits", _listed, tells=(("listed", "items"),))
"""`publicity`, `body`, `kind`, `cohort`, `ends_on`; tells `listed_items`."""


def _ground() -> Read:
    kind, cohort, rules = asked("kind", Text()), asked("cohort", SmallInteger()), asked("rules", Text())
    policy = in_force(cohort)
    days = cast(func.jsonb_extract_path_text(policy.c.document, rules, "publicity_days"), Integer)
    found = select(reviews.c.id).where(_waiting(actor.c.body_id, kind, cohort)).limit(1).correlate(actor)
    return Read(
        select(
            bodies.c.id,
            bodies.c.name,
            func.coalesce(days, literal(PUBLICITY_DAYS, Integer)).label("days"),
            found.scalar_subquery().label("waiting"),
        )
        .select_from(bodies.outerjoin(policy, true()))
        .where(bodies.c.id == actor.c.body_id),
        remembered,
    )


_GROUND: Final = _ground()


async def publish(caller: Caller, draft: PublicityDraft, once: Once | None) -> Answer:
    """Publish what waits for it at the caller's body, from today on; nothing waiting is a 409."""
    about = {"kind": draft.kind, "cohort": draft.cohort}
    for _ in range(2):
        values = {**about, "rules": _RULES[ApplicationKind(draft.kind)], "key": once and once.key}
        who, found = await look(caller, _GROUND, **values)
        if once and found[0].once_fingerprint is not None:
            return replayed(caller, once, found[0], who)
        if found[0].waiting is None:
            raise RuleNotMet([Reason("nothing-to-publish", who="you", how="approve-first")])
        row = _row(caller.service, found[0], draft)
        taken = {**about, "publicity": row["id"], "body": row["body_id"], "ends_on": row["ends_on"]}
        answer = Answer(as_json(told(row)), id=row["id"])
        change = Change(inserts=(Row(publicities, row),), sets=(SetOf(LIST, taken),))
        if once:
            change = change.and_also(remember(caller, once, answer, who))
        try:
            await caller.db.apply(change, session=caller.session)
        except (Stale, AlreadyExists):  # a twin has listed them: the next look says so
            continue
        return answer
    raise Busy("rows-busy", retry_after=1)


def _row(service: Service, ground: Any, draft: PublicityDraft) -> dict[str, Any]:
    today = local_day(service.clock.now())
    return {
        "id": fresh_id(),
        "body_id": ground.id,
        "body_name": ground.name,
        "kind": draft.kind,
        "cohort": draft.cohort,
        "begins_on": today,
        "ends_on": service.calendar.add_working_days(today, ground.days),
        "objections_to": draft.objections_to,
        "created_at": service.clock.now(),
    }
