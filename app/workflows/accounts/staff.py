"""Accounts of a body's staff: made and disabled by its administrator or the one above it (domain.md §2).

The initial password and the second factor's secret are told once, to whoever made the account. Making and disabling are
steps of the trail.
"""

from secrets import token_urlsafe
from typing import Any, Final

from sqlalchemy import Integer, Uuid, and_, func, select

from app.change import Change, Row, Update, fresh_id
from app.db import Read, Result, Stale, actor, asked
from app.errors import Busy, Conflict, Forbidden, NotFound
from app.models import Account, Body, TrailEntry
from app.models.base import table_of
from app.policies import Actor, administers
from app.schemas.staff import StaffDraft
from app.security import totp
from app.service import Caller, Service
from app.workflows.desk import Answer, as_json, look, page_of
from app.workflows.province.bodies import FIRST_ID

ISSUER: Final = "Graduate Employment"
"""What an authenticator app calls this service."""
PASSWORD_BYTES: Final = 15
_ATTEMPTS: Final = 2

accounts, bodies, trail = table_of(Account), table_of(Body), table_of(TrailEntry)
_id = Uuid(as_uuid=False)
_body = (
    bodies.c.id.label("body_id"),
    bodies.c.kind.label("body_kind"),
    bodies.c.parent_id.label("body_parent_id"),
    bodies.c.name.label("body_name"),
)
_account = tuple(accounts.c[name] for name in ("id", "username", "display_name", "roles", "disabled_at", "created_at"))
_their_body = bodies.c.id == func.coalesce(asked("body", _id), actor.c.body_id)
_is_staff = and_(accounts.c.body_id == bodies.c.id, accounts.c.kind == "staff")

_employing = Read(select(*_body).where(_their_body))
_page = Read(
    select(*_body, *_account)
    .select_from(bodies.outerjoin(accounts, and_(_is_staff, accounts.c.id > asked("after", _id))))
    .where(_their_body)
    .order_by(accounts.c.id)
    .limit(asked("limit", Integer()))
)
_one = Read(
    select(*_body, *_account).select_from(bodies.join(accounts, _is_staff)).where(accounts.c.id == actor.c.record_id)
)


async def make(caller: Caller, draft: StaffDraft) -> Answer:
    """Make an account; a name that is taken is a 409 `username-taken`."""
    who, found = await look(caller, _employing, body=draft.body_id)
    if not found:
        raise NotFound
    if not administers(who, found[0]):
        raise Forbidden
    service, account = caller.service, fresh_id()
    password, secret, at = token_urlsafe(PASSWORD_BYTES), totp.new_secret(), service.clock.real()
    row = {
        "id": account,
        "kind": "staff",
        "body_id": draft.body_id,
        "username": draft.username,
        "display_name": draft.display_name,
        "roles": [role.value for role in draft.roles],
        "password_hash": await service.passwords.hash(password),
        "totp_sealed": service.sealer.seal(secret, table="accounts", column="totp_sealed", row=account),
        "created_at": at,
    }
    step = _step(service, who, account, 1, "open", "active")
    await caller.db.apply(Change(inserts=(Row(accounts, row), step)), session=caller.session)
    told = {
        "account": _told({**row, "disabled_at": None, "body_name": found[0].body_name}),
        "initial_password": password,
        "totp_uri": totp.uri(secret, draft.username, ISSUER),
    }
    return Answer(as_json(told), id=account)


async def page(caller: Caller, body: str | None, limit: int, after: str | None) -> Answer:
    """A page of a body's staff, the caller's own unless another is named, for its administrators."""
    who, found = await look(caller, _page, body=body, limit=limit + 1, after=after or FIRST_ID)
    if not found:
        raise NotFound
    if not administers(who, found[0]):
        raise Forbidden
    items = [_told(row) for row in found[:limit] if row.id is not None]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


async def one(caller: Caller, account: str) -> Answer:
    """One account."""
    _, row = await _found(caller, account)
    return Answer(as_json(_told(row)))


async def disable(caller: Caller, account: str) -> Answer:
    """Let somebody in no more; their sessions end at once. Disabling twice is the same as once."""
    for _ in range(_ATTEMPTS):
        who, row = await _found(caller, account)
        if account == who.account_id:
            raise Conflict("own-account")
        if row.disabled_at:
            return Answer(as_json(_told(row)))
        at = caller.service.clock.real()
        held = Update(accounts, {"id": account, "disabled_at": None}, {"disabled_at": at})
        step = _step(caller.service, who, account, 2, "disable", "disabled")
        try:
            await caller.db.apply(Change((held,), (step,)), session=caller.session)
        except Stale:
            continue
        return Answer(as_json(_told({**dict(row.items()), "disabled_at": at})))
    raise Busy("rows-busy", retry_after=1)


async def _found(caller: Caller, account: str) -> tuple[Actor, Result]:
    """The caller and the account that they administer."""
    who, found = await look(caller, _one, record=account)
    if not found:
        raise NotFound
    if not administers(who, found[0]):
        raise Forbidden
    return who, found[0]


def _step(service: Service, who: Actor, account: str, seq: int, action: str, situation: str) -> Row:
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
    }
    return Row(trail, values)


def _told(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "username", "display_name", "roles", "disabled_at", "created_at")}
    return {**shown, "body": {"id": row["body_id"], "name": row["body_name"]}}
