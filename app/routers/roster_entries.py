"""Entries of a roster (生源信息) and their correction."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import page, shown
from app.routers.calling import (
    After,
    EntryReaders,
    EntryWriters,
    Limit,
    RecordIdInPath,
    SchoolsAdministrators,
    Version,
    at_once,
)
from app.routers.refusals import ON_LIST, ON_READ, promise
from app.schemas.roster_entry import RosterEntryOut, RosterEntryPage, RosterEntryPatch
from app.words import Cohort, Level, RosterSource
from app.workflows.rosters import releases, roster_corrections, roster_entries

router = APIRouter(prefix="/v1/roster-entries", tags=["rosters"])


class RosterEntryFilters(BaseModel):
    """What a list may be narrowed by."""

    cohort: Cohort | None = None
    level: Level | None = None
    source: RosterSource | None = None


@router.get("", response_model=RosterEntryPage, responses=ON_LIST)
async def list_roster_entries(
    request: Request,
    caller: EntryReaders,
    filters: Annotated[RosterEntryFilters, Depends(at_once(RosterEntryFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The entries that are yours to see, newest first."""
    return page(request, await roster_entries.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=RosterEntryOut, responses=ON_READ)
async def get_roster_entry(request: Request, id: RecordIdInPath, caller: EntryReaders) -> Response:
    """One entry; ID number and phone are masked."""
    return shown(request, await roster_entries.one(caller, id))


@router.patch(
    "/{id}",
    response_model=RosterEntryOut,
    responses=promise("role-missing", "not-found", "rule-not-met", "roster-entry-exists"),
)
async def correct_roster_entry(
    request: Request, id: RecordIdInPath, body: RosterEntryPatch, version: Version, caller: EntryWriters
) -> Response:
    """Correct an entry of your roster. A registered graduate follows; a verification that no longer holds falls."""
    return shown(request, await roster_corrections.correct(caller, id, body, version))


@router.post("/{id}/release", response_model=RosterEntryOut, responses=promise("role-missing", "not-found"))
async def release_bound_graduate(
    request: Request, id: RecordIdInPath, version: Version, caller: SchoolsAdministrators
) -> Response:
    """Release a bound graduate (定向、委培、公费师范): they may go elsewhere than to the commissioning unit."""
    return shown(request, await releases.release(caller, id, version))
