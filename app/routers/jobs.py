"""Jobs (招聘职位)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, shown
from app.routers.calling import (
    After,
    Asked,
    Employers,
    EmployersParties,
    EmployersPartiesToMove,
    Limit,
    Market,
    RecordIdInPath,
    Version,
    at_once,
)
from app.routers.refusals import ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import TimelineOut
from app.schemas.job import JobChange, JobDraft, JobOut, JobPage
from app.words import Industry, Level, Major, Region, SalaryFrom, SearchText
from app.workflows.market import jobs

if TYPE_CHECKING:
    JobMove = BaseModel
else:
    JobMove = jobs.workflow.moves()

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


class JobFilters(BaseModel):
    """What the list may be searched for and narrowed by; all of it is asked for at once.

    A region finds what lies in it; a level what is open to it; a major the posts that name it; a salary the posts that
    go up to it.
    """

    q: SearchText | None = None
    region: Region | None = None
    industry: Industry | None = None
    salary_from: SalaryFrom | None = None
    level: Level | None = None
    major: Major | None = None


@router.post("", status_code=201, response_model=JobChange, responses=on_open("rule-not-met"))
async def post_job(body: JobDraft, once: Asked, caller: Employers) -> Response:
    """Draft a post. Submit it then: the bureau of your registered place publishes it."""
    return created(await jobs.post(caller, body, once), "/v1/jobs/{id}")


@router.get("", response_model=JobPage, responses=ON_LIST)
async def list_jobs(
    request: Request,
    caller: Market,
    filters: Annotated[JobFilters, Depends(at_once(JobFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """Search the posts, newest first: for graduates all that are open, for the others those that are theirs to see."""
    return page(request, await jobs.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=JobOut, responses=ON_READ)
async def get_job(request: Request, id: RecordIdInPath, caller: Market) -> Response:
    """One post, with what you may do now."""
    return shown(request, await jobs.desk.one(caller, id))


@router.post("/{id}/transitions", status_code=201, response_model=JobChange, responses=on_move())
async def move_job(
    id: RecordIdInPath, body: JobMove, version: Version, once: Asked, caller: EmployersPartiesToMove
) -> Response:
    """Edit, submit, close; or approve, reject, return, take down. `actions` says which are yours now."""
    return moved(await jobs.desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_job_transitions(request: Request, id: RecordIdInPath, caller: EmployersParties) -> Response:
    """What happened to the post, oldest first."""
    return shown(request, await jobs.desk.timeline(caller, id))
