"""Employers (用人单位)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import (
    After,
    Anyone,
    Asked,
    EmployersParties,
    EmployersPartiesToMove,
    Limit,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_EMPLOYER_REGISTRATION, ON_LIST, ON_READ, on_move
from app.schemas.base import TimelineOut
from app.schemas.employer import EmployerChange, EmployerDraft, EmployerOut, EmployerPage
from app.words import Decision, EmployerStatus
from app.workflows import employers
from app.workflows.employer_registrations import register

if TYPE_CHECKING:
    EmployerMove = BaseModel
else:
    EmployerMove = employers.workflow.moves()

router = APIRouter(prefix="/v1/employers", tags=["employers"])


class EmployerFilters(BaseModel):
    """What a list may be narrowed by."""

    status: EmployerStatus | None = None
    decision: Decision | None = None


@router.post("", status_code=201, response_model=EmployerChange, responses=ON_EMPLOYER_REGISTRATION)
async def register_employer(body: EmployerDraft, anyone: Anyone) -> Response:
    """Register an employer and its first operator. Sign in then, and attach the licence: approval waits for it."""
    return created(await register(anyone.service, body, anyone.language), "/v1/employers/{id}")


@router.get("", response_model=EmployerPage, responses=ON_LIST)
async def list_employers(
    request: Request,
    caller: EmployersParties,
    filters: Annotated[EmployerFilters, Depends(at_once(EmployerFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The employers that are yours to see, newest first."""
    return page(request, await employers.desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=EmployerOut, responses=ON_READ)
async def get_employer(request: Request, id: RecordIdInPath, caller: EmployersParties) -> Response:
    """One employer, with what you may do now."""
    return shown(request, await employers.desk.one(caller, id))


@router.post("/{id}/transitions", status_code=201, response_model=EmployerChange, responses=on_move())
async def move_employer(
    id: RecordIdInPath, body: EmployerMove, version: Version, once: Asked, caller: EmployersPartiesToMove
) -> Response:
    """Edit, attach the licence, submit again; or approve, reject, return. `actions` says which are yours now."""
    return moved(await employers.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_employer_transitions(request: Request, id: RecordIdInPath, caller: EmployersParties) -> Response:
    """What happened to the employer, oldest first."""
    return shown(request, await employers.desk.timeline(caller, id))
