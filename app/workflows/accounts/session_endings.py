"""Ending the sessions of an account, with the change that makes them untrustworthy."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, update

from app.change import SetOf, SetStatement
from app.models import Session
from app.models.base import table_of
from app.service import Service

_sessions = table_of(Session)


def _ended(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    theirs = (_sessions.c.account_id == asked("account_id", Uuid(as_uuid=False)), _sessions.c.ended_at.is_(None))
    kept = asked("kept", Uuid(as_uuid=False))
    ended = update(_sessions).where(gate, *theirs, _sessions.c.id.is_distinct_from(kept))
    return [ended.values(ended_at=asked("real", DateTime(timezone=True))).returning(_sessions.c.id).cte("ended")]


_END: Final = SetStatement("end_sessions", _ended)


def end_all(service: Service, account: str, *, but: str | None = None) -> SetOf:
    """Every session of the account ends, but for one; the next request with any of them is a 401."""
    return SetOf(_END, {"account_id": account, "kept": but, "real": service.clock.real()})
