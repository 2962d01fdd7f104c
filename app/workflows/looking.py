"""Reads for a caller, in one statement each, and what they are answered."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select

from app.budgets import Budget
from app.db import ACTOR_COLUMNS, Prepared, Read, Result, actor
from app.errors import Forbidden, Reason, Unauthenticated
from app.models import Account
from app.policies import Actor, is_enrolling
from app.service import Caller

_WIDTH = len(ACTOR_COLUMNS)
_ENROL_FIRST = Reason("second-factor-missing", who="you", how="enrol-your-authenticator")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: JSON, with the version of the record it tells about."""

    body: bytes
    version: int | None = None
    replayed: bool = False
    id: str | None = None
    next_cursor: str | None = None
    budgets: tuple[Budget, ...] = ()
    """What is left of the limits that it was counted against."""


def as_json(value: Any) -> bytes:
    """The JSON of an answer: times in UTC with a Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def cursor_of(key: str) -> str:
    """What asks for the page after this key."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def page_of(items: list[dict[str, Any]], last: str | None) -> Answer:
    """A page; `last` is the key of its last item when there are more."""
    cursor = None if last is None else cursor_of(last)
    return Answer(as_json({"items": items, "next_cursor": cursor}), next_cursor=cursor)


async def look(caller: Caller, read: Prepared, **values: Any) -> tuple[Actor, list[Result]]:
    """As `greet`, for whoever is signed in with all they need: staff without their second factor are 403.

    Whoever lacks the permission is refused (403), unless the record is not theirs to know of: a 404, which comes first.
    """
    who, found = await greet(caller, read, **values)
    if is_enrolling(who):
        raise Forbidden(_ENROL_FIRST.code, reason=_ENROL_FIRST)
    if found or values.get("record") is None:
        caller.permission.demand(who)
    return who, found


async def greet(caller: Caller, read: Prepared, **values: Any) -> tuple[Actor, list[Result]]:
    """Run a read for the caller. No row means no session: 401. A row of nulls is dropped: nothing visible.

    A service client is refused whatever it asks for without the scope.
    """
    given = {"session": caller.session, "record": None, "at": caller.service.clock.now(), **values}
    rows = await caller.db.rows(read, given)
    if not rows:
        raise Unauthenticated("session-ended")
    who, found = Actor._make(rows[0][-_WIDTH:]), [row for row in rows if row[0] is not None]
    if who.scopes is not None:
        caller.permission.demand(who)
    return who, found


KNOWN = Read(select(Account.id).where(Account.id == actor.c.account_id))
"""The caller alone, for what needs no other ground than the permission."""
OWN_PASSWORD = Read(
    select(Account.password_hash).where(Account.id == actor.c.account_id),
)


async def reprove(caller: Caller, password: str) -> None:
    """Check the caller's password again, or refuse with 403 `password-wrong`."""
    _, found = await look(caller, OWN_PASSWORD)
    if not await caller.service.passwords.verify(password, found[0].password_hash if found else None):
        raise Forbidden("password-wrong")
