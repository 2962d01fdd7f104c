"""Publicities (公示): what a body is about to grant, open to everybody for some working days.

A list takes up whatever waits for it at the body, in one write. The public sees names masked, and only while it runs;
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
    literal_column,
    select,
    true,
    update,
)

from app.change import Change, Row, SetOf, SetStatement, fresh_id
from app.db import PUBLIC, AlreadyExists, Narrowed, Read, Stale, actor, asked
from app.errors import Busy, NotFound, Reason, RuleNotMet
from app.models import Body, Publicity, PublicityItem, Review
from app.models.base import table_of
from app.schemas.publicity import PublicityDraft
from app.service import Caller, Once, Service
from app.words.applications import ApplicationKind
from app.workflows.applications.chains import PUBLICITY
from app.workflows.desk import Answer, as_json, look, page_of, remember, replayed
from app.workflows.facts import in_force
from app.workflows.province.bodies import FIRST_ID
from app.workflows.reviewing import local_day
from app.workflows.view import LAST_ID, remembered

publicities, items, reviews, bodies = (table_of(one) for one in (Publicity, PublicityItem, Review, Body))
_RULES: Final = {
    ApplicationKind.JOB_SEEKING_SUBSIDY: "subsidy",
    ApplicationKind.OUTSTANDING_GRADUATE: "outstanding_graduate",
}
"""Where the policy has the days of each kind."""
_FIVE: Final = literal_column("5", Integer)

# -- publishing -------------------------------------------------------------------------------------------------------


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
            func.coalesce(days, _FIVE).label("days"),
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
        answer = Answer(as_json(_told(row)), id=row["id"])
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


# -- reading, by everybody --------------------------------------------------------------------------------------------

_today = asked("today", Date())
_limit, _after = asked("limit", Integer()), asked("after", Uuid(as_uuid=False))
_open = _today.between(publicities.c.begins_on, publicities.c.ends_on)
FILTERS: Final = ("kind", "cohort")


def _page() -> Narrowed:
    narrowed = [publicities.c[name] == asked(name, publicities.c[name].type) for name in FILTERS]
    found = select(*publicities.c).where(_open, publicities.c.id < _after, *narrowed)
    return Narrowed(Read(found.order_by(publicities.c.id.desc()).limit(_limit), door=PUBLIC), FILTERS)


_PAGE: Final = _page()
_ONE: Final = Read(
    select(*publicities.c).where(publicities.c.id == asked("publicity", Uuid(as_uuid=False)), _open), door=PUBLIC
)
_published = func.app.published_items(asked("publicity", Uuid(as_uuid=False)), _after, _today, _limit).table_valued(
    "application_id", "graduate_name", "school_name", "major", name="published"
)
_ITEMS: Final = Read(select(*_published.c).order_by(_published.c.application_id).limit(_limit), door=PUBLIC)
_VISIT: Final = {"purpose": "publicity"}


async def page(service: Service, limit: int, after: str | None, filters: dict[str, Any]) -> Answer:
    """A page of the lists that are open today, newest first."""
    values = {**_VISIT, "today": service.clock.today(), "limit": limit + 1, "after": after or LAST_ID, **filters}
    found = [row for row in await service.db.rows(_PAGE(filters), values) if row.id is not None]
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


async def one(service: Service, publicity: str) -> Answer:
    """One list that is open today."""
    (row,) = await service.db.rows(_ONE, {**_VISIT, "today": service.clock.today(), "publicity": publicity})
    if row.id is None:
        raise NotFound
    return Answer(as_json(_told(row)))


async def items_page(service: Service, publicity: str, limit: int, after: str | None) -> Answer:
    """A page of who is on a list that is open today."""
    await one(service, publicity)
    values = {"today": service.clock.today(), "publicity": publicity, "limit": limit + 1, "after": after or FIRST_ID}
    found = [row for row in await service.db.rows(_ITEMS, {**_VISIT, **values}) if row.application_id is not None]
    shown = [{name: row[name] for name in ("graduate_name", "school_name", "major")} for row in found[:limit]]
    return page_of(shown, str(found[limit - 1].application_id) if len(found) > limit else None)


def _told(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "kind", "cohort", "begins_on", "ends_on", "objections_to")}
    return {**shown, "body": {"id": row["body_id"], "name": row["body_name"]}}
