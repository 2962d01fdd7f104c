"""The graduate's word that the school's roster is right (生源信息确认): given once, for the version that they read.

Some fields are the graduate's to write until then; from then on they are changed by a correction alone (fields.md).
"""

from typing import Final

from sqlalchemy import and_, select

from app.change import Change, Update
from app.db import Read, Stale, actor
from app.errors import Busy, Forbidden
from app.errors import Stale as StaleVersion
from app.models import Graduate, RosterEntry
from app.models.base import table_of
from app.service import Caller
from app.workflows.looking import Answer, as_json, look

_ATTEMPTS: Final = 4
graduates, entries = table_of(Graduate), table_of(RosterEntry)

_GROUND: Final = Read(
    select(graduates.c.id, graduates.c.version, graduates.c.confirmed_at, entries.c.version.label("entry_version"))
    .select_from(graduates.join(entries, entries.c.id == graduates.c.roster_entry_id))
    .where(and_(graduates.c.id == actor.c.graduate_id, entries.c.person_id == actor.c.person_id))
)


async def confirm(caller: Caller, version: int) -> Answer:
    """When it was confirmed; saying so again changes nothing. 412 when the entry is not as it was read.

    An entry that its school corrects at the very moment is confirmed as it was read: the trail has both versions.
    """
    for _ in range(_ATTEMPTS):
        _, found = await look(caller, _GROUND)
        if not found:
            raise Forbidden
        (row,) = found
        if row.confirmed_at is not None:
            return Answer(as_json({"confirmed_at": row.confirmed_at}))
        if version != row.entry_version:
            raise StaleVersion
        now = caller.service.clock.now()
        held = {"id": row.id, "version": row.version}
        confirmed = Update(graduates, held, {"confirmed_at": now, "updated_at": now})
        try:
            await caller.db.apply(Change(updates=(confirmed,)), session=caller.session)
        except Stale:
            continue
        return Answer(as_json({"confirmed_at": now}))
    raise Busy("rows-busy", retry_after=1)
