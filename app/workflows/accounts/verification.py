"""Identity verification (身份认证): the graduate's five fields, compared with the provincial roster (domain.md §2).

A look is counted: nobody searches the provincial roster by having the school's corrected again and again.
"""

from typing import Final

from sqlalchemy import and_, select

from app.change import Change, Update
from app.db import Read, Stale, actor
from app.errors import Busy, Forbidden, Reason
from app.models import Graduate, Person, RosterEntry
from app.models.base import table_of
from app.service import Caller
from app.workflows.accounts.limits import Limit, Window
from app.workflows.looking import Answer, as_json, look

_ATTEMPTS: Final = 4
VERIFYING: Final = Limit("verifications", Window(20, 86400))
graduates, persons, entries = table_of(Graduate), table_of(Person), table_of(RosterEntry)

_equal = and_(
    entries.c.source == "provincial",
    *(entries.c[name] == graduates.c[name] for name in ("person_id", "name", "level", "cohort", "school_id")),
)
_GROUND: Final = Read(
    select(
        *(graduates.c[name] for name in ("id", "version", "verified_at", "name", "level", "cohort", "school_id")),
        persons.c.id_bidx,
        entries.c.id.label("entry_id"),
    )
    .select_from(graduates.join(persons, persons.c.id == graduates.c.person_id).outerjoin(entries, _equal))
    .where(graduates.c.id == actor.c.graduate_id)
)


async def verify(caller: Caller) -> Answer:
    """When the identity was found equal; 403 `identity-not-matched` with the way out when it is not."""
    service = caller.service
    for _ in range(_ATTEMPTS):
        who, found = await look(caller, _GROUND)
        if not found:
            raise Forbidden
        if who.archive_query_only:
            reason = Reason("archive-query-only", who="nobody", how="ask-about-your-archive")
            raise Forbidden("archive-query-only", reason=reason)
        (row,) = found
        if row.verified_at is not None:
            return Answer(as_json({"verified_at": row.verified_at}))
        budgets = await VERIFYING.count(service, "verification", who.account_id)
        if row.entry_id is None:
            reason = Reason("identity-not-matched", who="school", how="have-the-rosters-corrected")
            raise Forbidden(reason.code, reason=reason)
        now = service.clock.now()
        digest = service.fingerprint.of("identity", row.name, row.id_bidx, row.level, str(row.cohort), row.school_id)
        held = {"id": row.id, "version": row.version}
        verified = Update(graduates, held, {"verified_at": now, "verified_hash": digest, "updated_at": now})
        try:
            await caller.db.apply(Change(updates=(verified,)), session=caller.session)
        except Stale:
            continue
        return Answer(as_json({"verified_at": now}), budgets=budgets)
    raise Busy("rows-busy", retry_after=1)
