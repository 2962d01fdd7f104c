"""Tokens of service clients: OAuth 2 client credentials (RFC 6749 §4.4) and their revocation (RFC 7009).

A granted token is a session row with scopes, so that a request with it is judged like any other, in its one statement,
and ends at once with its session, its client or the person who answers for it. Three statements: the try is counted,
the client read, the session begun. A refusal names its OAuth error beside our code.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import unquote_plus

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, and_, func, select, update
from sqlalchemy.orm import aliased

from app import texts
from app.budgets import Budget
from app.change import Change, Row, SetOf, SetStatement, Update, fresh_id
from app.db import PUBLIC, Read, Result, Stale, asked
from app.errors import Malformed, Unauthenticated, UnknownClient
from app.models import Account, Client, Session
from app.models.base import table_of
from app.schemas.base import ID
from app.service import Service
from app.words import GRAVE
from app.workflows.accounts.clients import secret_hash
from app.workflows.accounts.limits import Limit, Window, count
from app.workflows.accounts.witnessing import witnessed
from app.workflows.looking import Answer, as_json

PURPOSE: Final = "granting"
GRANT: Final = "client_credentials"
BY_CLIENT: Final = Limit("client_tokens", Window(60, 600))
"""Of one client from one network: a stranger elsewhere cannot use it up."""
BY_NETWORK: Final = Limit("network_tokens", Window(600, 600), told=False)

accounts, clients, sessions = table_of(Account), table_of(Client), table_of(Session)
_id = Uuid(as_uuid=False)
_responsible = aliased(Account, name="responsible")
_CLIENT: Final = Read(
    select(*(clients.c[name] for name in ("id", "scopes", "secret_hash", "former_hash", "former_until", "expires_at")))
    .select_from(clients.join(accounts, and_(accounts.c.id == clients.c.id, accounts.c.disabled_at.is_(None))))
    .join(_responsible, and_(_responsible.id == accounts.c.responsible_id, _responsible.disabled_at.is_(None)))
    .where(clients.c.id == asked("client", _id), clients.c.expires_at > asked("real", DateTime(timezone=True))),
    door=PUBLIC,
)


def _used(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    at = asked("at", DateTime(timezone=True))
    used = update(clients).where(gate, clients.c.id == asked("client", _id))
    latest = func.greatest(clients.c.last_used_at, at)
    return [used.values(last_used_at=latest).returning(clients.c.id).cte("used_client")]


_USE: Final = SetStatement("use_client", _used, one=True)
"""That a client was used is no change of it: its version stays."""


async def grant(
    service: Service, authorization: str | None, network: bytes, *, grant_type: str | None, scope: str | None
) -> Answer:
    """A token; 401 `client-unknown`, 400 for what was asked wrongly, 429."""
    with witnessed("client", network) as witness:
        witness.factors = ("client_secret",)
        return await _granted(service, authorization, network, grant_type=grant_type, scope=scope)


async def _granted(
    service: Service, authorization: str | None, network: bytes, *, grant_type: str | None, scope: str | None
) -> Answer:
    client, budgets = await _proven(service, authorization, network)
    if not grant_type:
        raise _refused("token-request-malformed", "invalid_request", name="grant_type")
    if grant_type != GRANT:
        raise _refused("grant-type-unsupported", "unsupported_grant_type")
    scopes = _scopes(client, scope)
    real, session = service.clock.real(), fresh_id()
    until = min(client.expires_at, real + timedelta(seconds=service.settings.access_token_seconds))
    row = {
        "id": session,
        "account_id": client.id,
        "amr": [],
        "auth_at": real,
        "scopes": scopes,
        "expires_at": until,
    }
    begun = Change(inserts=(Row(sessions, row),), sets=(SetOf(_USE, {"client": client.id, "at": real}),))
    await service.db.apply(begun, PUBLIC, purpose=PURPOSE)
    told = {
        "access_token": service.tokens.issue(session, client.id, real),
        "token_type": "Bearer",
        "expires_in": max(1, int((until - real).total_seconds())),
        "scope": " ".join(scopes),
    }
    return Answer(as_json(told), budgets=budgets)


async def revoke(service: Service, authorization: str | None, network: bytes, *, token: str | None) -> Answer:
    """End a token of this client's at once. What is no token of its own is none to revoke: the same answer."""
    client, budgets = await _proven(service, authorization, network)
    if not token:
        raise _refused("token-request-malformed", "invalid_request", name="token")
    real = service.clock.real()
    with suppress(Unauthenticated, Stale):
        named = service.tokens.read(token, real)
        held = {"id": named.session_id, "account_id": client.id, "ended_at": None}
        await service.db.apply(Change((Update(sessions, held, {"ended_at": real}),)), PUBLIC, purpose=PURPOSE)
    return Answer(as_json({}), budgets=budgets)


async def _proven(service: Service, authorization: str | None, network: bytes) -> tuple[Result, tuple[Budget, ...]]:
    """The client that the header proves (client_secret_basic), after the try is counted; else 401."""
    client, secret = _presented(authorization)
    budgets = await count(service, PURPOSE, BY_NETWORK.of(network), BY_CLIENT.of(client, network))
    real = service.clock.real()
    known = client if ID.fullmatch(client) else None
    (row, *_) = await service.db.rows(_CLIENT, {"purpose": PURPOSE, "client": known, "real": real})
    if row.id is None:
        raise _unknown()
    given = secret_hash(service, row.id, secret)
    former = row.former_hash if row.former_hash and row.former_until > real else row.secret_hash
    if not compare_digest(given, row.secret_hash) and not compare_digest(given, former):
        raise _unknown()
    return row, budgets


def _presented(authorization: str | None) -> tuple[str, str]:
    """The id and the secret in a Basic header, each form-encoded before (RFC 6749 §2.3.1)."""
    scheme, _, given = (authorization or "").partition(" ")
    try:
        client, colon, secret = b64decode(given.strip(), validate=True).decode().partition(":")
    except (NotBase64, ValueError) as error:
        raise _unknown() from error
    if scheme.lower() != "basic" or not colon:
        raise _unknown()
    return unquote_plus(client), unquote_plus(secret)


def _scopes(client: Result, asked_for: str | None) -> list[str]:
    """What is granted: what was asked for by name, or all of the client's but the grave ones."""
    if asked_for is None:
        granted = [one for one in client.scopes if one not in GRAVE]
    else:
        granted = list(dict.fromkeys(asked_for.split(" ")))
    if not granted or not set(granted) <= set(client.scopes):
        raise _refused("scope-not-granted", "invalid_scope")
    return granted


def _refused(code: str, error: str, **params: str) -> Malformed:
    return Malformed(code, params=params, error=error, error_description=texts.detail(code, "en", params))


def _unknown() -> UnknownClient:
    code = UnknownClient.default
    return UnknownClient(error="invalid_client", error_description=texts.detail(code, "en"))
