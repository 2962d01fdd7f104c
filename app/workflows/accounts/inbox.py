"""The inbox: notes that procedures leave for a graduate, or for a body."""

from typing import Any, Final

from sqlalchemy import FromClause, Select, select

from app import texts
from app.db import actor
from app.models import Message
from app.models.base import table_of
from app.policies import Visible
from app.service import Caller
from app.words import ActorKind
from app.workflows.desk import Answer, look, page_of
from app.workflows.view import LAST_ID, View


def _received(table: FromClause) -> Visible:
    mine, ours = table.c.to_graduate_id == actor.c.graduate_id, table.c.to_body_id == actor.c.body_id
    return {kind.value: mine if kind is ActorKind.GRADUATE else ours for kind in ActorKind}


def _rows(table: FromClause) -> Select[Any]:
    return select(*table.c)


VIEW: Final = View(table_of(Message), _received, _rows)


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """The caller's messages, newest first."""
    _, found = await look(caller, VIEW.page(()), limit=limit + 1, after=after or LAST_ID)
    items = [_told(row, caller.language) for row in found[:limit]]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


def _told(row: Any, language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "text": texts.detail(f"message-{row.kind}", language),
        "record": {"kind": row.record_kind, "id": row.record_id},
        "at": row.at,
        "read_at": row.read_at,
    }
