"""The review queue: one over all procedures for each body, with claims and decisions in bulk (domain.md §8).

A claim is a lease of 15 minutes on the review's row; it never touches the record. A decision is the record's own move.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    Text,
    Uuid,
    and_,
    case,
    literal,
    select,
    tuple_,
)

from app.change import Change, Update
from app.db import AlreadyExists, Narrowed, Read, Stale, actor, asked
from app.errors import Busy, Conflict, FieldError, Invalid, NotFound, Refusal
from app.models import (
    Account,
    Amendment,
    Application,
    Employer,
    Job,
    Objection,
    Placement,
    Recovery,
    Review,
    RosterCorrection,
    Termination,
)
from app.models.base import table_of
from app.policies import Actor
from app.schemas.review import ItemDecision
from app.service import Caller, Once
from app.workflows.accounts.step_ups import demand
from app.workflows.desk import Desk
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.reviewing import local_day

LEASE = timedelta(minutes=15)
FILTERS: Mapping[str, Any] = {
    "record_kind": Text(),
    "stage": Text(),
    "school_id": Uuid(as_uuid=False),
    "department_id": Uuid(as_uuid=False),
    "cohort": SmallInteger(),
}

reviews = table_of(Review)
_records = {
    ("agreement", "destination", "entered_agreement"): table_of(Placement),
    ("application",): table_of(Application),
    ("employer",): table_of(Employer),
    ("termination",): table_of(Termination),
    ("amendment",): table_of(Amendment),
    ("objection",): table_of(Objection),
    ("roster_correction",): table_of(RosterCorrection),
    ("recovery",): table_of(Recovery),
    ("job",): table_of(Job),
}
_claimant = table_of(Account).alias("claimant")
_mine = and_(reviews.c.body_id == actor.c.body_id, reviews.c.decision.is_(None))
"""The open reviews of the caller's body."""


def _rows(some: FromClause) -> Select[Any]:
    """These reviews, with the version of their record and the claimant's name beside them.

    Of the many kinds of records only the one that the review names is looked up.
    """
    versions = (
        (some.c.record_kind.in_(kinds), select(table.c.version).where(table.c.id == some.c.record_id).scalar_subquery())
        for kinds, table in _records.items()
    )
    source = some.outerjoin(_claimant, _claimant.c.id == some.c.claimed_by)
    shown = (case(*versions).label("record_version"), _claimant.c.display_name.label("claimant_name"))
    return select(*some.c, *shown).select_from(source)


_WHO = Read(select(literal(1).label("here")))
_one = Read(_rows(reviews).where(_mine, reviews.c.id == actor.c.record_id))


def _queue(*, newest: bool) -> Read:
    """A page of the queue narrowed by every filter: found by the index on open reviews, and only then joined."""
    key = (reviews.c.opened_at, reviews.c.id)
    place = tuple_(asked("after_at", reviews.c.opened_at.type), asked("after_id", Uuid(as_uuid=False)))
    beyond = tuple_(*key) < place if newest else tuple_(*key) > place
    narrowed = (reviews.c[name] == asked(name, FILTERS[name]) for name in FILTERS)
    limit = asked("limit", Integer())

    def ordered(rows: Select[Any], *columns: ColumnElement[Any]) -> Select[Any]:
        return rows.order_by(*(one.desc() if newest else one.asc() for one in columns)).limit(limit)

    found = ordered(select(reviews).where(_mine, beyond, *narrowed).correlate(actor), *key).subquery("found")
    return Read(ordered(_rows(found), found.c.opened_at, found.c.id))


OLDEST_FIRST, NEWEST_FIRST = (Narrowed(_queue(newest=newest), FILTERS) for newest in (False, True))
"""The statements for a page of the queue."""


async def queue(
    caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any], *, newest: bool = False
) -> Answer:
    """A page of the caller's open reviews, oldest first unless asked otherwise."""
    at, last = _place(after, newest=newest)
    values = {"limit": limit + 1, "after_at": at, "after_id": last, **filters}
    who, found = await look(caller, (NEWEST_FIRST if newest else OLDEST_FIRST)(filters), **values)
    items = [_told(row, who, caller) for row in found[:limit]]
    more = len(found) > limit
    return page_of(items, f"{found[limit - 1].opened_at.isoformat()}|{found[limit - 1].id}" if more else None)


async def one(caller: Caller, review: str) -> Answer:
    """One open review of the caller's body."""
    who, found = await look(caller, _one, record=review)
    if not found:
        raise NotFound
    return Answer(as_json(_told(found[0], who, caller)))


async def claim(caller: Caller, review: str, *, release: bool = False) -> Answer:
    """Take or give back the lease of a review. A colleague's lease that still runs is a 409 `claimed-by-another`."""
    for _ in range(3):
        who, found = await look(caller, _one, record=review)
        if not found or not who.is_a("reviewer"):
            raise NotFound
        row, real = found[0], caller.service.clock.real()
        if row.claimed_by not in (None, who.account_id) and row.lease_until > real:
            raise Conflict("claimed-by-another")
        held = {"id": row.id, "decision": None, "claimed_by": row.claimed_by, "lease_until": row.lease_until}
        new = {
            "claimed_by": None if release else who.account_id,
            "lease_until": None if release else real + LEASE,
        }
        try:
            await caller.db.apply(Change(updates=(Update(reviews, held, new),)), session=caller.session)
        except Stale:
            continue
        return Answer(as_json(_told({**dict(row.items()), **new}, who, caller)))
    raise Busy("rows-busy", retry_after=1)


async def decide_many(
    caller: Caller, desks: Mapping[str, Desk], items: Sequence[ItemDecision], once: Once | None, *, dry_run: bool
) -> list[Answer | Exception]:
    """Decide each item by its own move, in its own commit; one that is refused takes nothing from the others.

    Staff step up first (403 `step-up-required`), but for a dry run.
    """
    who, _ = await look(caller, _WHO)
    if not dry_run:
        demand(caller.service, who)
    results: list[Answer | Exception] = []
    for place, item in enumerate(items):
        own = once and Once(f"{once.key}/{place}", once.fingerprint)
        desk = desks[item.kind]
        try:
            move = _move_of(desk, item)
            if dry_run:
                results.append(await desk.rehearse(caller, item.record_id, move, item.version))
            else:
                results.append(await desk.move(caller, item.record_id, move, item.version, own))
        except (Refusal, AlreadyExists) as refusal:
            results.append(refusal)
    return results


def _move_of(desk: Desk, item: ItemDecision) -> Any:
    """The item as the body of its record's own move, judged by the same type."""
    given = item.model_dump(include={"action", "reason", "comment"}, exclude_none=True)
    try:
        return desk.moves.validate_python(given)
    except ValidationError as error:
        wrong = [FieldError("/" + "/".join(map(str, one["loc"][1:])), one["type"]) for one in error.errors()]
        raise Invalid(errors=wrong) from error


def _place(after: str | None, *, newest: bool) -> tuple[datetime, str]:
    """Where the page begins: the key behind the cursor, or the end that the order starts from."""
    if after is None:
        edge = ("9999-12-31T00:00:00+00:00", "f") if newest else ("0001-01-02T00:00:00+00:00", "0")
        return datetime.fromisoformat(edge[0]), "-".join(edge[1] * n for n in (8, 4, 4, 4, 12))
    at, _, last = after.partition("|")
    try:
        return datetime.fromisoformat(at).astimezone(UTC), str(UUID(last))
    except (ValueError, OverflowError) as error:
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")]) from error


def _told(row: Any, who: Actor, caller: Caller) -> dict[str, Any]:
    clock = caller.service.clock
    claimed = row["claimed_by"] is not None and row["lease_until"] > clock.real()
    return {
        "id": row["id"],
        "kind": row["record_kind"],
        "record_id": row["record_id"],
        "record_version": row["record_version"],
        "stage": row["stage"],
        "cohort": row["cohort"],
        "school_id": row["school_id"],
        "department_id": row["department_id"],
        "subject": row["subject"],
        "opened_at": row["opened_at"],
        "due_on": row["due_on"],
        "overdue": row["due_on"] < local_day(clock.now()),
        "claim": _claim(row, who) if claimed else None,
    }


def _claim(row: Any, who: Actor) -> dict[str, Any]:
    mine = row["claimed_by"] == who.account_id
    return {"mine": mine, "by": None if mine else row["claimant_name"], "until": row["lease_until"]}
