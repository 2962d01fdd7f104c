"""Rosters (生源信息): imports with a report for each row."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.routers.answers import accepted, page, shown
from app.routers.calling import AfterKey, Asked, Limit, RecordIdInPath, RosterKeepers, RosterReaders
from app.routers.refusals import ON_READ, on_open
from app.schemas.import_report import ImportRowPage, RowOutcome
from app.schemas.roster import RosterImportDraft, RosterImportOut
from app.schemas.task import TaskOut
from app.workflows.rosters.roster_imports import desk

router = APIRouter(prefix="/v1/rosters", tags=["rosters"])


@router.post("/imports", status_code=202, response_model=TaskOut, responses=on_open())
async def import_roster(body: RosterImportDraft, once: Asked, caller: RosterKeepers) -> Response:
    """Read an uploaded file into your roster, as a task. With `dry_run` only the report is written."""
    return accepted(await desk.begin(caller, body, once), "/v1/tasks/{id}")


@router.get("/imports/{id}", response_model=RosterImportOut, responses=ON_READ)
async def get_roster_import(request: Request, id: RecordIdInPath, caller: RosterReaders) -> Response:
    """What an import did so far, in numbers."""
    return shown(request, await desk.one(caller, id))


@router.get("/imports/{id}/rows", response_model=ImportRowPage, responses=ON_READ)
async def list_roster_import_rows(
    request: Request,
    id: RecordIdInPath,
    caller: RosterReaders,
    after: AfterKey,
    outcome: Annotated[RowOutcome | None, Query()] = None,
    limit: Limit = 50,
) -> Response:
    """What became of each row, in the order of the file."""
    return page(request, await desk.rows(caller, id, limit, after, outcome))
