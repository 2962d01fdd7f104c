"""The school releases a bound graduate, who may then sign with others than the commissioning unit (model.md §4)."""

from app.change import Change, Row, Update
from app.db import Stale
from app.errors import Busy, Forbidden, NotFound, VersionRequired
from app.errors import Stale as StaleVersion
from app.service import Caller
from app.words import StaffRole
from app.workflows.engine import Now
from app.workflows.looking import Answer, look
from app.workflows.rosters.roster_entries import answer, entries, view
from app.workflows.rosters.roster_trail import release_of


async def release(caller: Caller, entry: str, version: int | None) -> Answer:
    """Record the release, on the version that the caller saw."""
    who, found = await look(caller, view.one, record=entry)
    if not found:
        raise NotFound
    row = found[0]
    if who.kind != "school" or not who.is_a(StaffRole.ADMINISTRATOR):
        raise Forbidden
    if version is None:
        raise VersionRequired
    if version != row.version:
        raise StaleVersion
    at = caller.service.clock.now()
    new = {"released_at": at, "updated_at": caller.service.clock.real()}
    left: tuple[Row, ...] = tuple(release_of(caller.service, who, row))
    change = Change.of((Update(entries, {"id": row.id, "version": row.version}, new), *left))
    try:
        await caller.db.apply(change, session=caller.session)
    except Stale as error:
        raise Busy("rows-busy", retry_after=1) from error
    return answer(caller.service, Now({**dict(row.items()), **new, "version": row.version + 1}))
