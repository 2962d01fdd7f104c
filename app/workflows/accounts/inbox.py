"""The inbox: notes that procedures leave for a graduate, or for a body."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, FromClause, Select, Uuid, and_, func, or_, select, update

from app import texts
from app.change import Change, SetOf, SetStatement
from app.db import Stale, actor
from app.errors import Unauthenticated
from app.models import Message
from app.models.base import table_of
from app.policies import Visible
from app.service import Caller
from app.words import ActorKind
from app.workflows.looking import KNOWN, Answer, look, page_of
from app.workflows.view import LAST_ID, View


def _received(table: FromClause) -> Visible:
    mine, ours = table.c.to_graduate_id == actor.c.graduate_id, table.c.to_body_id == actor.c.body_id
    return {kind.value: mine if kind is ActorKind.GRADUATE else ours for kind in ActorKind}


def _rows(table: FromClause) -> Select[Any]:
    return select(*table.c)


messages = table_of(Message)
VIEW: Final = View(messages, _received, _rows)


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """The caller's messages, newest first."""
    _, found = await look(caller, VIEW.page(()), limit=limit + 1, after=after or LAST_ID)
    items = [_told(row, caller.language) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


def _reading(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    ours = or_(messages.c.to_graduate_id == func.app.graduate(), messages.c.to_body_id == func.app.body())
    unread = and_(gate, ours, messages.c.read_at.is_(None), messages.c.id <= asked("through", Uuid(as_uuid=False)))
    read = update(messages).where(unread).values(read_at=asked("at", DateTime(timezone=True)))
    return [read.returning(messages.c.id).cte("read_ones")]


_READ: Final = SetStatement("read_messages", _reading)


async def read(caller: Caller, through: str) -> None:
    """Note that the caller has read their messages up to this one."""
    await look(caller, KNOWN)
    change = Change(sets=(SetOf(_READ, {"through": through, "at": caller.service.clock.now()}),))
    try:
        await caller.db.apply(change, session=caller.session)
    except Stale as error:
        raise Unauthenticated("session-ended") from error


def _told(row: Any, language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "text": texts.detail(f"message-{row.kind}", language),
        "record": {"kind": row.record_kind, "id": row.record_id},
        "at": row.at,
        "read_at": row.read_at,
    }
