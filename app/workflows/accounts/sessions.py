"""Sessions: begun by a login, kept by refresh tokens, ended at once.

A refresh token is `<session>.<secret>`, good once; the next secret follows from it under our key. So a client whose
answer was lost may repeat itself for 30 seconds and gets the same one. A secret that is neither the present one nor
its predecessor was used before, by the client or a thief: the session ends.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any, Final

from sqlalchemy import DateTime, LargeBinary, Uuid, and_, case, or_, select, update

from app.change import Change, Row, Update, fresh_id
from app.db import Stale, Statement, asked
from app.errors import Unauthenticated
from app.models import Account, Session
from app.models.base import table_of
from app.service import Caller, Service
from app.workflows.accounts.public import entered
from app.workflows.looking import Answer, as_json

GRACE: Final = timedelta(seconds=30)
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
sessions, accounts = table_of(Session), table_of(Account)


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session: its row, and what its owner is told."""

    row: Row
    answer: Answer


def begin(service: Service, account: str, graduate: str | None, amr: Sequence[str], device: str | None = None) -> Begun:
    """A session of an account, as this graduate, whose person proved themselves in these ways (RFC 8176)."""
    session, secret, at = fresh_id(), token_urlsafe(32), service.clock.real()
    row = {
        "id": session,
        "account_id": account,
        "graduate_id": graduate,
        "amr": list(amr),
        "auth_at": at,
        "device": device,
        "refresh_hash": _hash(service, session, secret),
        "expires_at": at + timedelta(hours=service.settings.session_hours),
    }
    return Begun(Row(sessions, row), _told(service, secret, row))


def _refreshing() -> Statement:
    """Exchanges the present secret for the next one, or ends a session whose secret was used before."""
    who, gate = entered()
    real, hashed, following = (
        asked("real", DateTime(timezone=True)),
        asked("hashed", LargeBinary()),
        asked("following", LargeBinary()),
    )
    enabled = select(accounts.c.id).where(accounts.c.id == sessions.c.account_id, accounts.c.disabled_at.is_(None))
    live = and_(
        gate,
        sessions.c.id == asked("session", Uuid(as_uuid=False)),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > real,
        enabled.exists(),
    )
    present = sessions.c.refresh_hash == hashed
    repeated = and_(sessions.c.refresh_hash == following, sessions.c.refreshed_at > asked("since", real.type))
    columns = [sessions.c[name] for name in ("id", "account_id", "amr", "auth_at")]
    kept = (
        update(sessions)
        .where(live, or_(present, repeated))
        .values(refresh_hash=following, refreshed_at=case((present, real), else_=sessions.c.refreshed_at))
        .returning(*columns)
        .cte("kept")
    )
    ended = (
        update(sessions)
        .where(live, ~or_(present, repeated))
        .values(ended_at=real)
        .returning(sessions.c.id)
        .cte("ended")
    )
    return Statement(select(*kept.c).add_cte(who, ended))


_REFRESHING: Final = _refreshing()


async def refresh(service: Service, token: str) -> Answer:
    """New tokens for a refresh token, or 401 `session-ended`."""
    session, _, secret = token.partition(".")
    if not _ID.fullmatch(session):
        raise Unauthenticated("session-ended")
    following, real = _following(service, session, secret), service.clock.real()
    given = {
        "purpose": "refreshing",
        "session": session,
        "hashed": _hash(service, session, secret),
        "following": _hash(service, session, following),
        "real": real,
        "since": real - GRACE,
    }
    rows = await service.db.write(_REFRESHING, given)
    if not rows:
        raise Unauthenticated("session-ended")
    return _told(service, following, dict(rows[0].items()))


async def end(caller: Caller) -> None:
    """End the caller's session: the next request with it is a 401."""
    ended = Update(sessions, {"id": caller.session, "ended_at": None}, {"ended_at": caller.service.clock.real()})
    try:
        await caller.db.apply(Change(updates=(ended,)), session=caller.session)
    except Stale as error:
        raise Unauthenticated("session-ended") from error


def _told(service: Service, secret: str, session: Mapping[str, Any]) -> Answer:
    now = service.clock.real()
    told = {
        "access_token": service.tokens.issue(session["id"], session["account_id"], now),
        "token_type": "Bearer",
        "expires_in": service.settings.access_token_seconds,
        "refresh_token": f"{session['id']}.{secret}",
        "session": {name: session[name] for name in ("id", "amr", "auth_at")},
    }
    return Answer(as_json(told), id=session["id"])


def _following(service: Service, session: str, secret: str) -> str:
    """The secret after this one."""
    return urlsafe_b64encode(service.fingerprint.of("refresh-token", session, secret)).decode().rstrip("=")


def _hash(service: Service, session: str, secret: str) -> bytes:
    """What is stored of a secret."""
    return service.fingerprint.of("refresh-hash", session, secret)
