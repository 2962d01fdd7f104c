"""Archive flow (档案流向): where personal files went."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from app.routers.answers import accepted, created, moved, page, shown
from app.routers.calling import (
    After,
    AfterKey,
    ArchiveKeepers,
    ArchiveReaders,
    Asked,
    Limit,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.archive import (
    ArchiveChange,
    ArchiveImportDraft,
    ArchiveImportOut,
    ArchiveOut,
    ArchivePage,
    DispatchDraft,
)
from app.schemas.base import TimelineOut
from app.schemas.import_report import ImportRowPage, RowOutcome
from app.schemas.task import TaskOut
from app.words import Cohort
from app.words.archives import DispatchStatus
from app.workflows.archive_imports import desk as imports
from app.workflows.archives import desk, record, workflow

if TYPE_CHECKING:
    ArchiveMove = BaseModel
else:
    ArchiveMove = workflow.moves()

router = APIRouter(prefix="/v1/archives", tags=["archives"])


class ArchiveFilters(BaseModel):
    """What a list may be narrowed by."""

    status: DispatchStatus | None = None
    cohort: Cohort | None = None


@router.post("", status_code=201, response_model=ArchiveChange, responses=on_open("rule-not-met", "dispatch-recorded"))
async def record_archive(body: DispatchDraft, once: Asked, caller: ArchiveKeepers) -> Response:
    """Record the dispatch of a personal file. Whoever is not on a roster you may use is the same 404."""
    return created(await record(caller, body, once), "/v1/archives/{id}")


@router.get("", response_model=ArchivePage, responses=ON_LIST)
async def list_archives(
    request: Request,
    caller: ArchiveReaders,
    filters: Annotated[ArchiveFilters, Depends(at_once(ArchiveFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The dispatches that are yours to see, newest first; a graduate's are their own."""
    return page(request, await desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.post("/imports", status_code=202, response_model=TaskOut, responses=on_open())
async def import_archives(body: ArchiveImportDraft, once: Asked, caller: ArchiveKeepers) -> Response:
    """Read an uploaded file of dispatches and legs, as a task. With `dry_run` only the report is written."""
    return accepted(await imports.begin(caller, body, once), "/v1/tasks/{id}")


@router.get("/imports/{id}", response_model=ArchiveImportOut, responses=ON_READ)
async def get_archive_import(request: Request, id: RecordIdInPath, caller: ArchiveReaders) -> Response:
    """What an import did so far, in numbers."""
    return shown(request, await imports.one(caller, id))


@router.get("/imports/{id}/rows", response_model=ImportRowPage, responses=ON_READ)
async def list_archive_import_rows(
    request: Request,
    id: RecordIdInPath,
    caller: ArchiveReaders,
    after: AfterKey,
    outcome: Annotated[RowOutcome | None, Query()] = None,
    limit: Limit = 50,
) -> Response:
    """What became of each row, in the order of the file."""
    return page(request, await imports.rows(caller, id, limit, after, outcome))


@router.get("/{id}", response_model=ArchiveOut, responses=ON_READ)
async def get_archive(request: Request, id: RecordIdInPath, caller: ArchiveReaders) -> Response:
    """One dispatch with its way so far, and what you may do now."""
    return shown(request, await desk.one(caller, id))


@router.post("/{id}/transitions", status_code=201, response_model=ArchiveChange, responses=on_move())
async def move_archive(
    id: RecordIdInPath, body: ArchiveMove, version: Version, once: Asked, caller: ArchiveKeepers
) -> Response:
    """Record a leg of its way, or void the record with the reason."""
    return moved(await desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_archive_transitions(request: Request, id: RecordIdInPath, caller: ArchiveReaders) -> Response:
    """What was recorded of the dispatch, oldest first."""
    return shown(request, await desk.timeline(caller, id))
