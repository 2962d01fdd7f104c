"""Long work and its progress."""

from fastapi import APIRouter, Request, Response

from app.routers.answers import shown
from app.routers.calling import RecordIdInPath, TaskReaders
from app.routers.refusals import ON_READ
from app.schemas.task import TaskOut
from app.workflows import tasks

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])


@router.get("/{id}", response_model=TaskOut, responses=ON_READ)
async def get_task(request: Request, id: RecordIdInPath, caller: TaskReaders) -> Response:
    """Work of yours or of your body: how far it is, and where its result is."""
    return shown(request, await tasks.one(caller, id))
