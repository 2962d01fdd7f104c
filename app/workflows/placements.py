"""All placements in one read: online agreements, entered agreements and destinations, for each kind of viewer."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import FromClause, Select, select

from app.errors import NotFound
from app.policies import its_parties_once_sent
from app.service import Caller
from app.workflows import agreements, destinations, entered_agreements
from app.workflows.destination_codes import told as code_told
from app.workflows.engine import Workflow
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.placing_reads import placements
from app.workflows.view import LAST_ID, View

WORKFLOWS: Final = {agreements.KIND: agreements.workflow, entered_agreements.KIND: entered_agreements.workflow}
PATHS: Mapping[str, str] = {agreements.KIND: "agreements", entered_agreements.KIND: "entered-agreements"}

SHOWN = (
    "id", "version", "kind", "number", "status", "decision", "stage", "cohort", "level", "graduate_id",
    "graduate_name", "school_id", "school_name", "department_id", "major", "unit_name", "region", "submitted_at",
    "approved_at", "ended_at", "ending", "created_at", "updated_at",
)  # fmt: skip


def _rows(table: FromClause) -> Select[Any]:
    return select(*table.c)


view = View(placements, its_parties_once_sent, _rows, filters=("kind", "status", "decision", "cohort", "stage"))


async def one(caller: Caller, placement: str) -> Answer:
    """One placement."""
    _, found = await look(caller, view.one, record=placement)
    if not found:
        raise NotFound
    return Answer(as_json(_told(found[0])), found[0].version)


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page, newest first; `after` is the last id of the page before."""
    _, found = await look(caller, view.page(filters), limit=limit + 1, after=after or LAST_ID, **filters)
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


def procedure_of(kind: str) -> Workflow:
    """The procedure of a placement of this kind."""
    return WORKFLOWS.get(kind, destinations.workflow)


def link_of(kind: str, placement: str) -> str:
    """Where the whole of a placement of this kind is."""
    return f"/v1/{PATHS.get(kind, 'destinations')}/{placement}"


def _told(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in SHOWN}
    return {**shown, "link": link_of(row["kind"], row["id"]), "code": code_told(row)}
