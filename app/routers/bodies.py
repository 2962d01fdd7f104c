"""Bodies: schools, departments, bureaus, offices."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.calling import After, Anyone, Limit, RecordIdInPath, at_once
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE
from app.schemas.base import RecordId
from app.schemas.body import BodyOut, BodyPage, OfficialKind
from app.workflows.province import bodies

router = APIRouter(prefix="/v1/bodies", tags=["bodies"])


class BodyFilters(BaseModel):
    """What a list may be narrowed by."""

    kind: OfficialKind | None = None
    parent_id: RecordId | None = None


@router.get("", response_model=BodyPage, responses=ON_PUBLIC_READ)
async def list_bodies(
    request: Request,
    anyone: Anyone,
    filters: Annotated[BodyFilters, Depends(at_once(BodyFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The bodies that act here; employers are at `/v1/employers`."""
    narrowed = filters.model_dump(exclude_none=True)
    return published(request, await bodies.page(anyone.service, limit, after, narrowed))


@router.get("/{id}", response_model=BodyOut, responses=ON_PUBLIC_READ_ONE)
async def get_body(request: Request, id: RecordIdInPath, anyone: Anyone) -> Response:
    """One body."""
    return published(request, await bodies.one(anyone.service, id))
