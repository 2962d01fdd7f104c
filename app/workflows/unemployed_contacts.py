"""How graduates without a placement were reached: the log of a case, and the contact rate of a cohort."""

from typing import Any, Final

from app.errors import NotFound
from app.service import Caller
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.unemployed_reads import contacts_of, reached
from app.workflows.view import LAST_ID

_SHOWN: Final = ("contacted_on", "channel", "result", "comment", "next_on", "logged_at")


async def page(caller: Caller, case: str, limit: int, after: str | None) -> Answer:
    """The contacts of a case, newest first."""
    _, found = await look(caller, contacts_of, record=case, limit=limit + 1, after=after or LAST_ID)
    if not found:
        raise NotFound
    items = [_told(row) for row in found[:limit] if row.contact_id is not None]
    return page_of(items, found[limit - 1].contact_id if len(found) > limit else None)


def _told(row: Any) -> dict[str, Any]:
    by = {"id": row.body_id, "name": row.body_name}
    return {"id": row.contact_id, **{name: row[name] for name in _SHOWN}, "by": by}


async def rate(caller: Caller, cohort: int, body: str | None) -> Answer:
    """In how many cases of a cohort the graduate was spoken with: of a body, or of all that the caller sees."""
    named = {} if body is None else {"body_id": body}
    _, (row,) = await look(caller, reached(named), cohort=cohort, **named)
    ratio = row.contacted / row.cases if row.cases else None
    shown = {"cohort": cohort, "bureau_id": body, "contacted": row.contacted, "cases": row.cases, "rate": ratio}
    return Answer(as_json({**shown, "as_of": caller.service.clock.now()}))
