"""The first administrator of a body, made by whoever operates the service; everybody else is made by administrators.

A body that has one is refused, unless it is forced with a reason (its administrators are gone), which the trail keeps.
"""

from typing import Final

import asyncpg
from sqlalchemy import Text, and_, func, insert, or_, select

from app.change import fresh_id
from app.db import SYSTEM, AlreadyExists, Statement, asked, run
from app.errors import Conflict, NotFound
from app.models import Account, Body, TrailEntry
from app.models.base import table_of
from app.schemas.staff import StaffDraft
from app.service import Service
from app.words import StaffRole
from app.workflows.accounts.staff import initial_password, new_account

JOB: Final = {"job": "create-administrator", "body": None}
_ROW: Final = (
    "id",
    "kind",
    "body_id",
    "username",
    "display_name",
    "roles",
    "password_hash",
    "enrol_until",
    "created_at",
)
_STEP: Final = ("id", "record_kind", "record_id", "seq", "action", "situation", "at", "real_at", "actor_kind", "reason")

accounts, bodies, trail = table_of(Account), table_of(Body), table_of(TrailEntry)
_code = asked("code", Text())
_body = Statement(
    select(bodies.c.id)
    .where(
        bodies.c.kind == asked("kind", Text()),
        bodies.c.kind != "employer",
        or_(_code.is_(None), bodies.c.code == _code),
    )
    .with_for_update()
)
"""The body, locked: two who make its first administrator wait for each other."""
_administrators = Statement(
    select(func.count().label("there")).where(
        and_(accounts.c.body_id == asked("body", bodies.c.id.type), accounts.c.kind == "staff"),
        accounts.c.disabled_at.is_(None),
        accounts.c.roles.any("administrator"),
    )
)
_add = Statement(insert(accounts).values({name: asked(name, accounts.c[name].type) for name in _ROW}))
_note = Statement(insert(trail).values({name: asked(name, trail.c[name].type) for name in _STEP}))


async def appoint(service: Service, kind: str, code: str | None, username: str, reason: str | None) -> str:
    """The initial password of a new administrator of the body of this kind (and code, where there are several).

    404 without such a body, or with several; 409 `administrator-exists` without a reason, `username-taken`.
    """
    password, initial = await initial_password(service)
    try:
        async with service.db.transaction(SYSTEM, **JOB) as line:
            found = await run(line, _body, kind=kind, code=code)
            if len(found) != 1:
                raise NotFound
            (there,) = await run(line, _administrators, body=found[0].id)
            if there.there and reason is None:
                raise Conflict("administrator-exists")
            await _write(line, service, found[0].id, username, initial, reason)
    except AlreadyExists as error:
        raise Conflict("username-taken") from error
    return password


async def _write(
    line: asyncpg.Connection, service: Service, body: str, username: str, initial: dict[str, object], reason: str | None
) -> None:
    draft = StaffDraft(username=username, display_name=username, roles=[StaffRole.ADMINISTRATOR], body_id=body)
    row = new_account(draft, service.clock.real()) | initial
    await run(line, _add, **row)
    step = {"id": fresh_id(), "record_kind": "account", "record_id": row["id"], "seq": 1, "action": "open"}
    when = {"situation": "active", "at": service.clock.now(), "real_at": service.clock.real()}
    await run(line, _note, **step, **when, actor_kind="system", reason=reason)
