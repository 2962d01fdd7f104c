"""Who saw my data: rows of `accesses`, written with whatever shows personal data unmasked, read by their subject.

A row goes into the very change that precedes the showing, and that is committed first: what can't be recorded isn't
shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import FromClause, Select, select

from app import texts
from app.change import Row, fresh_id
from app.db import actor
from app.models import Access, Body
from app.models.base import table_of
from app.policies import Actor, Visible
from app.service import Caller, Service
from app.words import AccessPurpose, PersonalField, RevealReason, SeenField, StaffRole
from app.workflows.looking import Answer, look, page_of
from app.workflows.view import LAST_ID, View

accesses, bodies = table_of(Access), table_of(Body)


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody is about to see, and why; persons read the reason, a code `look-<code>`, and comment."""

    purpose: AccessPurpose
    fields: Sequence[PersonalField | SeenField]
    reason: RevealReason
    comment: str | None = None


def seen(service: Service, who: Actor, looked: Look, *, persons: Iterable[str]) -> tuple[Row, ...]:
    """That `who` is about to see this of these persons: the rows for the change that precedes it."""
    shared = _row(service, who, looked)
    return tuple(Row(accesses, {**shared, "id": fresh_id(), "person_id": one, "employer_id": None}) for one in persons)


def contact_seen(service: Service, who: Actor, looked: Look, *, employer: str) -> tuple[Row, ...]:
    """The same, of an employer's contact."""
    shared = _row(service, who, looked)
    return (Row(accesses, {**shared, "id": fresh_id(), "person_id": None, "employer_id": employer}),)


def _row(service: Service, who: Actor, looked: Look) -> dict[str, Any]:
    return {
        "account_id": who.account_id,
        "body_id": who.body_id,
        "role": (StaffRole.REVIEWER if who.is_a(StaffRole.REVIEWER) else StaffRole.ADMINISTRATOR).value,
        "purpose": looked.purpose.value,
        "fields": [field.value for field in looked.fields],
        "reason": looked.reason.value,
        "comment": looked.comment,
        "at": service.clock.real(),
    }


def _subjects(table: FromClause) -> Visible:
    return {"graduate": table.c.person_id == actor.c.person_id, "employer": table.c.employer_id == actor.c.body_id}


def _rows(table: FromClause) -> Select[Any]:
    """Never the account: a person learns which body looked, in which role, and not who."""
    shown = (table.c[name] for name in ("id", "role", "purpose", "fields", "reason", "comment", "at"))
    return select(*shown, bodies.c.id.label("body_id"), bodies.c.name.label("body_name"), bodies.c.kind).select_from(
        table.outerjoin(bodies, bodies.c.id == table.c.body_id)
    )


VIEW: Final = View(accesses, _subjects, _rows)


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """Who saw the caller's data, the latest first. Nobody's, for who is neither a graduate nor an employer."""
    _, found = await look(caller, VIEW.page(()), limit=limit + 1, after=after or LAST_ID)
    items = [_told(row, caller.language) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


def _told(row: Any, language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "body": {"id": row.body_id, "name": row.body_name},
        "body_kind": row.kind,
        "role": row.role,
        "purpose": row.purpose,
        "fields": row.fields,
        "reason": row.reason,
        "reason_text": texts.title(f"look-{row.reason}", language),
        "comment": row.comment,
    }
