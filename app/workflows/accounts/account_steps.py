"""Steps in the trail of an account, and the end of its sessions that goes with some."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, update

from app.change import Row, SetOf, SetStatement, fresh_id
from app.models import Session, TrailEntry
from app.models.base import table_of
from app.policies import Actor
from app.service import Service

sessions, trail = table_of(Session), table_of(TrailEntry)


def step(service: Service, who: Actor, account: str, seq: int, action: str, situation: str, **more: Any) -> Row:
    """A step: by whom, when, what the account is after it; `more` are a reason, a comment, a diff."""
    values = {
        "id": fresh_id(),
        "record_kind": "account",
        "record_id": account,
        "seq": seq,
        "action": action,
        "situation": situation,
        "at": service.clock.now(),
        "real_at": service.clock.real(),
        "actor_kind": who.kind,
        "account_id": who.account_id,
        "body_id": who.body_id,
        **more,
    }
    return Row(trail, values)


def _ended(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    kept = asked("kept", Uuid(as_uuid=False))
    live = (sessions.c.account_id == asked("account", Uuid(as_uuid=False)), sessions.c.ended_at.is_(None))
    ended = update(sessions).where(gate, *live, sessions.c.id.is_distinct_from(kept))
    return [ended.values(ended_at=asked("real", DateTime(timezone=True))).returning(sessions.c.id).cte("ended")]


_END: Final = SetStatement("end_sessions", _ended)


def sessions_end(account: str, real: datetime, *, but: str | None = None) -> SetOf:
    """Ends the sessions of an account, all or all but one."""
    return SetOf(_END, {"account": account, "real": real, "kept": but})
