"""Applications for jobs (求职申请)."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created, moved, page, secret, shown
from app.routers.calling import (
    After,
    Asked,
    Employers,
    Graduates,
    Limit,
    RecordIdInPath,
    Sides,
    Version,
    at_once,
)
from app.routers.refusals import ON_CONTACT, ON_LIST, ON_READ, on_move, on_open
from app.schemas.base import RecordId, TimelineOut
from app.schemas.job_application import (
    ApplicantContactOut,
    JobApplicationChange,
    JobApplicationDraft,
    JobApplicationOut,
    JobApplicationPage,
)
from app.words import JobApplicationStatus
from app.workflows.market import job_applications
from app.workflows.market.applicant_contacts import contact

if TYPE_CHECKING:
    JobApplicationMove = BaseModel
else:
    JobApplicationMove = job_applications.workflow.moves()

router = APIRouter(prefix="/v1/job-applications", tags=["job-applications"])


class JobApplicationFilters(BaseModel):
    """What a list may be narrowed by."""

    status: JobApplicationStatus | None = None
    job_id: RecordId | None = None


@router.post(
    "",
    status_code=201,
    response_model=JobApplicationChange,
    responses=on_open("rule-not-met", "already-applied", "archive-query-only"),
)
async def apply_for_job(body: JobApplicationDraft, once: Asked, caller: Graduates) -> Response:
    """Apply for a job, before or after identity verification. The employer sees the fields you name and no others."""
    return created(await job_applications.apply(caller, body, once), "/v1/job-applications/{id}")


@router.get("", response_model=JobApplicationPage, responses=ON_LIST)
async def list_job_applications(
    request: Request,
    caller: Sides,
    filters: Annotated[JobApplicationFilters, Depends(at_once(JobApplicationFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The applications that you sent, or that were sent to you, newest first."""
    return page(request, await job_applications.desk.page(caller, limit, after, filters.model_dump(exclude_none=True)))


@router.get("/{id}", response_model=JobApplicationOut, responses=ON_READ)
async def get_job_application(request: Request, id: RecordIdInPath, caller: Sides) -> Response:
    """One application, with what you may do now."""
    return shown(request, await job_applications.desk.one(caller, id))


@router.get("/{id}/contact", response_model=ApplicantContactOut, responses=ON_CONTACT)
async def get_applicant_contact(id: RecordIdInPath, caller: Employers) -> Response:
    """The phone of somebody who applied and consented. The graduate reads in `/v1/me/accesses` that you saw it."""
    return secret(await contact(caller, id))


@router.post("/{id}/transitions", status_code=201, response_model=JobApplicationChange, responses=on_move())
async def move_job_application(
    id: RecordIdInPath, body: JobApplicationMove, version: Version, once: Asked, caller: Sides
) -> Response:
    """View or decline; withdraw. To invite, send an invitation that names the application."""
    return moved(await job_applications.desk.move(caller, id, body, version, once))


@router.get("/{id}/transitions", response_model=TimelineOut, responses=ON_READ)
async def list_job_application_transitions(request: Request, id: RecordIdInPath, caller: Sides) -> Response:
    """What happened to the application, oldest first."""
    return shown(request, await job_applications.desk.timeline(caller, id))
