"""Refused registrations, kept sealed for 30 days so that the school can help, and settle them (domain.md §2)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Boolean, ColumnElement, DateTime, Integer, SmallInteger, Text, Uuid, any_, or_, select

from app.change import Change, Row, Update, fresh_id
from app.db import Read, Stale, actor, asked
from app.errors import Conflict, Forbidden, NotFound
from app.models import RegistrationAttempt
from app.models.base import table_of
from app.policies import Actor
from app.schemas.auth import RegistrationDraft
from app.security import masks
from app.service import Caller, Service
from app.words import AttemptOutcome, StaffRole
from app.workflows.accounts.notes import note
from app.workflows.engine import Now
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.sms import text_message
from app.workflows.view import LAST_ID

KEPT: Final = timedelta(days=30)
_TYPED: Final = {"name", "id_number", "level", "cohort", "phone"}

attempts = table_of(RegistrationAttempt)

_OWN: Final = tuple(
    attempts.c[name] for name in ("id", "sealed", "differing", "created_at", "purge_at", "outcome", "closed_at")
)


def _if_given(name: str, kind: Any, holds: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    """A condition on a value that may be absent."""
    given = asked(name, kind)
    return or_(given.is_(None), holds(given))


_PAGE: Final = Read(
    select(*_OWN)
    .where(
        attempts.c.school_id == actor.c.body_id,
        attempts.c.id < asked("after", Uuid(as_uuid=False)),
        attempts.c.purge_at > asked("real", DateTime(timezone=True)),
        _if_given("level", Text(), lambda level: attempts.c.level == level),
        _if_given("cohort", SmallInteger(), lambda cohort: attempts.c.cohort == cohort),
        _if_given("field", Text(), lambda field: field == any_(attempts.c.differing)),
        _if_given("is_open", Boolean(), lambda is_open: attempts.c.closed_at.is_(None) == is_open),
    )
    .order_by(attempts.c.id.desc())
    .limit(asked("limit", Integer()))
)
_ONE: Final = Read(
    select(*_OWN).where(
        attempts.c.id == actor.c.record_id,
        attempts.c.school_id == actor.c.body_id,
        attempts.c.purge_at > asked("real", DateTime(timezone=True)),
    )
)


def kept(
    service: Service, given: RegistrationDraft, school: str, differing: Sequence[str], graduate: str | None
) -> Change:
    """The attempt for the school, and a message to the graduate whose account there is already."""
    attempt, real = fresh_id(), service.clock.real()
    typed = orjson.dumps(given.model_dump(mode="json", include=_TYPED)).decode()
    row = {
        "id": attempt,
        "school_id": school,
        "sealed": service.sealer.seal(typed, table="registration_attempts", column="sealed", row=attempt),
        "differing": list(differing),
        "level": given.level.value,
        "cohort": given.cohort,
        "created_at": real,
        "purge_at": real + KEPT,
    }
    change = Change(inserts=(Row(attempts, row),))
    if graduate is None:
        return change
    return change.and_also(Change(inserts=(note(service, graduate, "registration-attempted"),)))


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """The attempts at the caller's school, newest first, masked; for its reviewers and administrators."""
    given = {**dict.fromkeys(("level", "cohort", "field", "is_open")), **filters}
    real = caller.service.clock.real()
    who, found = await look(caller, _PAGE, limit=limit + 1, after=after or LAST_ID, real=real, **given)
    _demand(who)
    items = [_told(caller.service, row) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


async def close(caller: Caller, attempt: str, outcome: AttemptOutcome) -> Answer:
    """Settle an attempt, once. Where the roster is corrected, a text message says so to the phone that was proven."""
    real = caller.service.clock.real()
    who, found = await look(caller, _ONE, record=attempt, real=real)
    if not found:
        raise NotFound
    _demand(who)
    (row,) = found
    closed = {"outcome": outcome.value, "closed_at": real}
    pieces: list[Row | Update] = [Update(attempts, {"id": row.id, "closed_at": None}, closed)]
    if outcome is AttemptOutcome.CORRECTED:
        phone = _typed(caller.service, row)["phone"]
        pieces.append(text_message(caller.service.sealer, phone, "registration-corrected"))
    try:
        await caller.db.apply(Change.of(pieces), session=caller.session)
    except Stale as error:
        raise Conflict("attempt-closed") from error
    return Answer(as_json(_told(caller.service, Now({**dict(row.items()), **closed}))), id=row.id)


def _demand(who: Actor) -> None:
    if who.kind != "school" or not (who.is_a(StaffRole.REVIEWER) or who.is_a(StaffRole.ADMINISTRATOR)):
        raise Forbidden


def _typed(service: Service, row: Any) -> dict[str, Any]:
    sealed = service.sealer.open(row.sealed, table="registration_attempts", column="sealed", row=row.id)
    typed: dict[str, Any] = orjson.loads(sealed)
    return typed


def _told(service: Service, row: Any) -> dict[str, Any]:
    typed = _typed(service, row)
    masked = {"id_number": masks.id_number(typed["id_number"]), "phone": masks.phone(typed["phone"])}
    kept = {name: row[name] for name in ("id", "differing", "created_at", "purge_at", "outcome", "closed_at")}
    return {**kept, **typed, **masked}
