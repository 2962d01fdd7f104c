"""Service clients of a body: made, rotated and disabled by its administrator (domain.md §2, model.md, Accounts).

A secret is told once; of it a keyed digest is kept. After a rotation the former secret is good for as long as the
administrator says, so that the script can be changed without a gap. Whatever a client does, its responsible person
answers for: when their account is disabled, the client stops.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final

from sqlalchemy import Integer, Uuid, select
from sqlalchemy.orm import aliased

from app.change import Change, Row, Update, fresh_id
from app.db import Read, Result, Stale, actor, asked
from app.errors import FieldError, Invalid, NotFound, VersionRequired
from app.errors import Stale as StaleVersion
from app.models import Account, Client, TrailEntry
from app.models.base import table_of
from app.policies import Actor
from app.schemas.client import ClientDraft, RotationDraft
from app.service import Caller, Service
from app.words import GRAVE, roles_of
from app.workflows.accounts import step_ups
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.province.bodies import FIRST_ID

LONGEST: Final = timedelta(days=366)
SECRET_BYTES: Final = 32
accounts, clients, trail = table_of(Account), table_of(Client), table_of(TrailEntry)
_id = Uuid(as_uuid=False)
_responsible = aliased(Account, name="responsible")

_GROUND: Final = Read(
    select(accounts.c.id, accounts.c.display_name).where(
        accounts.c.id == asked("responsible_id", _id),
        accounts.c.body_id == actor.c.body_id,
        accounts.c.kind == "staff",
        accounts.c.disabled_at.is_(None),
    )
)
_SHOWN = (
    select(
        *(clients.c[name] for name in ("id", "version", "scopes", "former_until", "expires_at", "last_used_at")),
        clients.c.created_at,
        clients.c.secret_hash,
        accounts.c.display_name.label("name"),
        accounts.c.disabled_at,
        accounts.c.responsible_id,
        _responsible.display_name.label("responsible_name"),
    )
    .select_from(clients.join(accounts, accounts.c.id == clients.c.id))
    .join(_responsible, _responsible.id == accounts.c.responsible_id)
    .where(clients.c.body_id == actor.c.body_id)
)
_ONE: Final = Read(_SHOWN.where(clients.c.id == actor.c.record_id))
_PAGE: Final = Read(
    _SHOWN.where(clients.c.id > asked("after", _id)).order_by(clients.c.id).limit(asked("limit", Integer()))
)


def secret_hash(service: Service, client: str, secret: str) -> bytes:
    """What is kept of a secret."""
    return service.fingerprint.of("client-secret", client, secret)


async def make(caller: Caller, draft: ClientDraft) -> Answer:
    """Make a client of the caller's body. Grave scopes ask for both factors, proved lately: 403 `step-up-required`."""
    service, client = caller.service, fresh_id()
    who, found = await look(caller, _GROUND, responsible_id=draft.responsible_id)
    if not GRAVE.isdisjoint(draft.scopes):
        step_ups.demand(service, who)
    real = service.clock.real()
    faults = [*_expiry_faults(real, draft.expires_at)]
    if not found:
        faults.append(FieldError("/body/responsible_id", "responsible-unknown"))
    if faults:
        raise Invalid(errors=faults)
    secret = token_urlsafe(SECRET_BYTES)
    account = {
        "id": client,
        "kind": "client",
        "body_id": who.body_id,
        "responsible_id": draft.responsible_id,
        "display_name": draft.name,
        "roles": [role.value for role in roles_of(draft.scopes)],
        "created_at": real,
    }
    row = {
        "id": client,
        "version": 1,
        "body_id": who.body_id,
        "scopes": [scope.value for scope in draft.scopes],
        "secret_hash": secret_hash(service, client, secret),
        "former_until": None,
        "expires_at": draft.expires_at,
        "last_used_at": None,
        "created_at": real,
        "updated_at": real,
    }
    inserts = (Row(accounts, account), Row(clients, row), _step(service, who, client, 1, "open", "active"))
    await caller.db.apply(Change(inserts=inserts), session=caller.session)
    responsible = {"responsible_id": found[0].id, "responsible_name": found[0].display_name}
    shown = _told({**row, **responsible, "name": draft.name, "disabled_at": None})
    return Answer(as_json({"client": shown, "client_secret": secret}), 1, id=client)


async def page(caller: Caller, limit: int, after: str | None) -> Answer:
    """The clients of the caller's body, in the order in which they were made."""
    _, found = await look(caller, _PAGE, limit=limit + 1, after=after or FIRST_ID)
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


async def one(caller: Caller, client: str) -> Answer:
    """One client."""
    _, row = await _found(caller, client)
    return Answer(as_json(_told(row)), row.version)


async def rotate(caller: Caller, client: str, draft: RotationDraft, version: int | None) -> Answer:
    """A new secret, told once; the former one stays good for `overlap_hours`, the one before it ends."""
    service, secret = caller.service, token_urlsafe(SECRET_BYTES)
    who, row = await _found(caller, client)
    _judge(row, version)
    real = service.clock.real()
    if faults := [*_expiry_faults(real, draft.expires_at)]:
        raise Invalid(errors=faults)
    kept = draft.overlap_hours > 0
    values = {
        "secret_hash": secret_hash(service, client, secret),
        "former_hash": row.secret_hash if kept else None,
        "former_until": real + timedelta(hours=draft.overlap_hours) if kept else None,
        "expires_at": draft.expires_at or row.expires_at,
        "updated_at": real,
    }
    changed = Update(clients, {"id": client, "version": row.version}, values)
    step = _step(service, who, client, row.version + 1, "rotate", "disabled" if row.disabled_at else "active")
    await _carry_out(caller, Change((changed,), (step,)))
    shown = _told({**dict(row.items()), **values, "version": row.version + 1})
    return Answer(as_json({"client": shown, "client_secret": secret}), row.version + 1, id=client)


async def disable(caller: Caller, client: str, version: int | None) -> Answer:
    """Stop a client at once, for good. Disabling twice is the same as once."""
    service = caller.service
    who, row = await _found(caller, client)
    if row.disabled_at:
        return Answer(as_json(_told(row)), row.version)
    _judge(row, version)
    real = service.clock.real()
    stopped = Update(accounts, {"id": client, "disabled_at": None}, {"disabled_at": real})
    changed = Update(clients, {"id": client, "version": row.version}, {"updated_at": real})
    step = _step(service, who, client, row.version + 1, "disable", "disabled")
    await _carry_out(caller, Change((stopped, changed), (step,)))
    shown = _told({**dict(row.items()), "disabled_at": real, "version": row.version + 1})
    return Answer(as_json(shown), row.version + 1)


async def _carry_out(caller: Caller, change: Change) -> None:
    """Write the change, or say why it cannot be: somebody was faster, or the session has ended."""
    try:
        await caller.db.apply(change, session=caller.session)
    except Stale as error:
        await look(caller, _PAGE, limit=1, after=FIRST_ID)
        raise StaleVersion from error


async def _found(caller: Caller, client: str) -> tuple[Actor, Result]:
    who, found = await look(caller, _ONE, record=client)
    if not found:
        raise NotFound
    return who, found[0]


def _judge(row: Result, version: int | None) -> None:
    if version is None:
        raise VersionRequired
    if version != row.version:
        raise StaleVersion


def _expiry_faults(real: datetime, until: datetime | None) -> list[FieldError]:
    wrong = until is not None and not real < until <= real + LONGEST
    return [FieldError("/body/expires_at", "expiry-out-of-range")] if wrong else []


def _step(service: Service, who: Actor, client: str, seq: int, action: str, situation: str) -> Row:
    values = {
        "id": fresh_id(),
        "record_kind": "client",
        "record_id": client,
        "seq": seq,
        "action": action,
        "situation": situation,
        "at": service.clock.now(),
        "real_at": service.clock.real(),
        "actor_kind": who.kind,
        "account_id": who.account_id,
        "body_id": who.body_id,
    }
    return Row(trail, values)


def _told(row: Mapping[str, Any] | Result) -> dict[str, Any]:
    names = (
        "id",
        "version",
        "name",
        "scopes",
        "expires_at",
        "last_used_at",
        "former_until",
        "disabled_at",
        "created_at",
    )
    responsible = {"id": row["responsible_id"], "name": row["responsible_name"]}
    return {**{name: row[name] for name in names}, "responsible": responsible}
