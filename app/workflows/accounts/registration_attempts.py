"""Registrations that were refused, kept sealed for 30 days so that the school can help (domain.md §2)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import DateTime, Integer, Uuid, select

from app.change import Change, Row, fresh_id
from app.db import Read, actor, asked
from app.errors import Forbidden
from app.models import Message, RegistrationAttempt
from app.models.base import table_of
from app.schemas.auth import RegistrationDraft
from app.security import masks
from app.service import Caller, Service
from app.words import StaffRole
from app.workflows.desk import Answer, look, page_of
from app.workflows.view import LAST_ID

KEPT: Final = timedelta(days=30)
_TYPED: Final = {"name", "id_number", "level", "cohort", "phone"}

attempts, messages = table_of(RegistrationAttempt), table_of(Message)

_PAGE: Final = Read(
    select(attempts.c.id, attempts.c.sealed, attempts.c.differing, attempts.c.created_at, attempts.c.purge_at)
    .where(
        attempts.c.school_id == actor.c.body_id,
        attempts.c.id < asked("after", Uuid(as_uuid=False)),
        attempts.c.purge_at > asked("real", DateTime(timezone=True)),
    )
    .order_by(attempts.c.id.desc())
    .limit(asked("limit", Integer()))
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
        "created_at": real,
        "purge_at": real + KEPT,
    }
    change = Change(inserts=(Row(attempts, row),))
    if graduate is None:
        return change
    note = {
        "id": fresh_id(),
        "to_graduate_id": graduate,
        "kind": "registration-attempted",
        "record_kind": "graduate",
        "record_id": graduate,
        "at": service.clock.now(),
    }
    return change.and_also(Change(inserts=(Row(messages, note),)))


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """The attempts at the caller's school, newest first, masked; for its reviewers and administrators."""
    real = caller.service.clock.real()
    who, found = await look(caller, _PAGE, limit=limit + 1, after=after or LAST_ID, real=real)
    if who.kind != "school" or not (who.is_a(StaffRole.REVIEWER) or who.is_a(StaffRole.ADMINISTRATOR)):
        raise Forbidden
    items = [_told(caller.service, row) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


def _told(service: Service, row: Any) -> dict[str, Any]:
    sealed = service.sealer.open(row.sealed, table="registration_attempts", column="sealed", row=row.id)
    typed = orjson.loads(sealed)
    masked = {"id_number": masks.id_number(typed["id_number"]), "phone": masks.phone(typed["phone"])}
    kept = {name: row[name] for name in ("id", "differing", "created_at", "purge_at")}
    return {**kept, **typed, **masked}
