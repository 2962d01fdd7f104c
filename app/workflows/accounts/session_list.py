"""The caller's sessions: where they are signed in, and how to end what they do not know."""

from typing import Final

from sqlalchemy import DateTime, Integer, Uuid, select

from app.change import Change, Update
from app.db import Read, Stale, actor, asked
from app.errors import NotFound
from app.models import Session
from app.models.base import table_of
from app.service import Caller
from app.workflows.accounts.session_endings import end_all
from app.workflows.looking import KNOWN, Answer, look, page_of
from app.workflows.view import LAST_ID

sessions = table_of(Session)
_TOLD = ("id", "auth_at", "refreshed_at", "amr", "device")
_LIVING = select(*(sessions.c[name] for name in _TOLD)).where(
    sessions.c.account_id == actor.c.account_id,
    sessions.c.ended_at.is_(None),
    sessions.c.expires_at > asked("real", DateTime(timezone=True)),
)
_PAGE: Final = Read(
    _LIVING.where(sessions.c.id < asked("after", Uuid(as_uuid=False)))
    .order_by(sessions.c.id.desc())
    .limit(asked("limit", Integer()))
)
_ONE: Final = Read(_LIVING.where(sessions.c.id == actor.c.record_id))


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """The caller's living sessions, the latest first."""
    real = caller.service.clock.real()
    _, found = await look(caller, _PAGE, real=real, limit=limit + 1, after=after or LAST_ID)
    items = [{**{name: row[name] for name in _TOLD}, "current": row.id == caller.session} for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


async def end(caller: Caller, session: str) -> None:
    """End one of them; another's is a 404, like one that has ended."""
    real = caller.service.clock.real()
    _, found = await look(caller, _ONE, real=real, record=session)
    if not found:
        raise NotFound
    ended = Update(sessions, {"id": session, "ended_at": None}, {"ended_at": real})
    try:
        await caller.db.apply(Change(updates=(ended,)), session=caller.session)
    except Stale as error:
        raise NotFound from error


async def end_others(caller: Caller) -> None:
    """End all of them but the caller's own."""
    who, _ = await look(caller, KNOWN)
    everyone_else = end_all(caller.service, who.account_id, but=caller.session)
    await caller.db.apply(Change(sets=(everyone_else,)), session=caller.session)
