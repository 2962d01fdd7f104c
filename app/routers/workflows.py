"""The published workflows."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.routers.calling import Anyone
from app.routers.publishing import HOUR, published
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE
from app.schemas.workflow import WorkflowList, WorkflowName, WorkflowOut
from app.workflows import published as tables

router = APIRouter(prefix="/v1/workflows", tags=["reference"])


@router.get("", response_model=WorkflowList, responses=ON_PUBLIC_READ)
async def list_workflows(request: Request, _: Anyone) -> Response:
    """Every procedure's table: who may do what, from where, to where, when, and what then."""
    return published(request, tables.every(), for_seconds=HOUR)


@router.get("/{name}", response_model=WorkflowOut, responses=ON_PUBLIC_READ_ONE)
async def get_workflow(request: Request, name: Annotated[WorkflowName, Path()], _: Anyone) -> Response:
    """One procedure's table."""
    return published(request, tables.one(name), for_seconds=HOUR)
