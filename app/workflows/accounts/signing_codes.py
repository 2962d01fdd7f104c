"""Signing codes (签约码): what a graduate gives an employer, so that they may invite (model.md, Inviting)."""

from secrets import choice
from typing import Final

from sqlalchemy import select

from app.change import Change, Update
from app.clock import after_days
from app.db import AlreadyExists, Read, actor
from app.errors import Busy, Forbidden
from app.models import Graduate
from app.models.base import table_of
from app.service import Caller, Once
from app.words import SIGNING_CODE_ALPHABET
from app.workflows.looking import Answer, as_json, look
from app.workflows.repeating import remember, replayed
from app.workflows.view import remembered

DAYS: Final = 7
_LENGTH: Final = 8
_ATTEMPTS: Final = 4
graduates = table_of(Graduate)

_GROUND: Final = Read(select(graduates.c.id).where(graduates.c.id == actor.c.graduate_id), remembered)


async def mint(caller: Caller, once: Once | None) -> Answer:
    """A new code for the caller, a graduate, in place of the former."""
    for _ in range(_ATTEMPTS):
        who, found = await look(caller, _GROUND, key=once and once.key)
        if not found:
            raise Forbidden
        (row,) = found
        if once and row.once_fingerprint is not None:
            return replayed(caller, once, row, who)
        now = caller.service.clock.now()
        code, until = "".join(choice(SIGNING_CODE_ALPHABET) for _ in range(_LENGTH)), after_days(now, DAYS)
        minted = {"signing_code": code, "signing_code_until": until, "updated_at": now}
        answer = Answer(as_json({"signing_code": code, "valid_until": until}))
        change = Change(updates=(Update(graduates, {"id": row.id}, minted),))
        if once:
            change = change.and_also(remember(caller, once, answer, who))
        try:
            await caller.db.apply(change, session=caller.session)
        except AlreadyExists:  # another graduate's code, or a twin of this request
            continue
        return answer
    raise Busy("rows-busy", retry_after=1)
