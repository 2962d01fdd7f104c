"""Step-up: whoever reveals, exports or decides in bulk has shown the second factor within ten minutes.

A recovery code is no authenticator and doesn't count, neither at login nor here. Clients never step up: their scopes
are granted one by one (model.md, Accounts).
"""

from typing import Final

from sqlalchemy import select

from app.change import Change, Update
from app.db import Read, Result, Stale, actor
from app.errors import Forbidden, Reason
from app.models import Account, Session
from app.models.base import table_of
from app.policies import NO_STAFF, STEP_UP, Actor, proved_lately
from app.security import totp
from app.service import Caller, Service
from app.workflows.accounts.limits import Limit, Window
from app.workflows.looking import Answer, as_json, look

TRYING: Final = Limit("step_ups", Window(10, 900))
"""Codes tried for one account; a right one counts from zero again."""

accounts, sessions = table_of(Account), table_of(Session)
_OWN: Final = Read(
    select(accounts.c.id, accounts.c.totp_sealed, accounts.c.totp_step).where(accounts.c.id == actor.c.account_id)
)


async def step_up(caller: Caller, code: str) -> Answer:
    """The session counts as begun just now, by both factors; 403 `totp-wrong`, 429."""
    service = caller.service
    who, (own,) = await look(caller, _OWN)
    if who.kind in NO_STAFF or own.totp_sealed is None:
        raise Forbidden
    budgets = await TRYING.count(service, "step_up", own.id)
    real, before = service.clock.real(), {"id": own.id, "totp_step": own.totp_step}
    used = Update(accounts, before, {"totp_step": step_of(service, own, code)})
    proven = Update(sessions, {"id": caller.session, "ended_at": None}, {"amr": ["pwd", "otp"], "auth_at": real})
    try:
        change = Change((used, proven), sets=(TRYING.forgotten(service, own.id),))
        await caller.db.apply(change, session=caller.session)
    except Stale as error:  # the same code at the same moment
        raise Forbidden("totp-wrong") from error
    return Answer(as_json({"until": real + STEP_UP}), budgets=budgets)


def step_of(service: Service, own: Result, code: str) -> int:
    """The step of an account's authenticator whose code this is, or 403 `totp-wrong`."""
    secret = service.sealer.open(own.totp_sealed, table="accounts", column="totp_sealed", row=own.id)
    step = totp.matches(secret, code, service.clock.real(), own.totp_step)
    if step is None:
        raise Forbidden("totp-wrong")
    return step


def demand(service: Service, who: Actor) -> None:
    """403 `step-up-required` for staff who have not shown both factors within ten minutes."""
    if who.kind not in NO_STAFF and not proved_lately(who, service.clock.real()):
        reason = Reason("step-up-required", who="you", how="step-up-again")
        raise Forbidden(reason.code, reason=reason)
