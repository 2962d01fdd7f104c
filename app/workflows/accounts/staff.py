"""Accounts of a body's staff: made by its administrator or the one above it (domain.md §2).

Whoever makes an account gets an initial password to hand over, once. It lasts seven days and lets its owner do one
thing: enrol (see `second_factor`). Later changes are in `staff_changes`.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final

from sqlalchemy import Integer, Uuid, and_, func, select

from app.change import Change, Row, fresh_id
from app.db import Read, Result, actor, asked
from app.errors import Forbidden, NotFound
from app.models import Account, Body
from app.models.base import table_of
from app.policies import Actor, administers
from app.schemas.staff import StaffDraft
from app.service import Caller, Service
from app.workflows.accounts.account_steps import step
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.province.bodies import FIRST_ID

PASSWORD_BYTES: Final = 15
LASTS: Final = timedelta(days=7)
"""How long an initial password lets somebody in."""

accounts, bodies = table_of(Account), table_of(Body)
_id = Uuid(as_uuid=False)
_body = (
    bodies.c.id.label("body_id"),
    bodies.c.kind.label("body_kind"),
    bodies.c.parent_id.label("body_parent_id"),
    bodies.c.name.label("body_name"),
)
_SHOWN: Final = ("id", "username", "display_name", "roles", "enrol_until", "disabled_at", "created_at")
_account = tuple(accounts.c[name] for name in (*_SHOWN, "steps"))
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
    service, (password, initial) = caller.service, await initial_password(caller.service)
    row = new_account(draft, service.clock.real()) | initial
    taken = step(service, who, row["id"], 1, "open", "active")
    await caller.db.apply(Change(inserts=(Row(accounts, row), taken)), session=caller.session)
    shown = {**row, "disabled_at": None, "steps": 1, "body_name": found[0].body_name}
    return handed_over(shown, password)


def new_account(draft: StaffDraft, at: datetime) -> dict[str, Any]:
    """The row of an account, but for its initial password."""
    return {
        "id": fresh_id(),
        "kind": "staff",
        "body_id": draft.body_id,
        "username": draft.username,
        "display_name": draft.display_name,
        "roles": [role.value for role in draft.roles],
        "created_at": at,
    }


async def initial_password(service: Service) -> tuple[str, dict[str, Any]]:
    """A new initial password, and what the account keeps of it."""
    password = token_urlsafe(PASSWORD_BYTES)
    kept = {"password_hash": await service.passwords.hash(password), "enrol_until": service.clock.real() + LASTS}
    return password, kept


def handed_over(row: Any, password: str) -> Answer:
    """An account with the initial password that can't be read again."""
    shown = {"account": told(row), "initial_password": password, "initial_password_until": row["enrol_until"]}
    return Answer(as_json(shown), row["steps"], id=row["id"])


async def page(caller: Caller, body: str | None, limit: int, after: str | None) -> Answer:
    """A page of a body's staff, the caller's own unless another is named, for its administrators."""
    who, found = await look(caller, _page, body=body, limit=limit + 1, after=after or FIRST_ID)
    if not found:
        raise NotFound
    if not administers(who, found[0]):
        raise Forbidden
    items = [told(row) for row in found[:limit] if row.id is not None]
    return page_of(items, found[limit - 1].id if len(found) > limit else None)


async def one(caller: Caller, account: str) -> Answer:
    """One account."""
    _, row = await administered(caller, account)
    return shown(row)


async def administered(caller: Caller, account: str) -> tuple[Actor, Result]:
    """The caller and the account that they administer."""
    who, found = await look(caller, _one, record=account)
    if not found:
        raise NotFound
    if not administers(who, found[0]):
        raise Forbidden
    return who, found[0]


def shown(row: Any) -> Answer:
    """An account as its administrators read it."""
    return Answer(as_json(told(row)), row["steps"])


def told(row: Any) -> dict[str, Any]:
    """An account, without a secret."""
    plain = {name: row[name] for name in _SHOWN}
    return {**plain, "version": row["steps"], "body": {"id": row["body_id"], "name": row["body_name"]}}
