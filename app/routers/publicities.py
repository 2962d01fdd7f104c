"""Publicities (公示): published by a body, read by everybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.routers.answers import created
from app.routers.calling import After, Anyone, Asked, Limit, Publishers, RecordIdInPath, at_once
from app.routers.publishing import Spoken, for_people, published, spoken
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE, on_open
from app.schemas.publicity import PublicityDraft, PublicityOut, PublicityPage, PublishedKind, PublishedPage
from app.words import Cohort
from app.workflows.applications import publicities, publicity_reads

router = APIRouter(prefix="/v1/publicities", tags=["applications"])
page_router = APIRouter(prefix="/publicities", include_in_schema=False)


class PublicityFilters(BaseModel):
    """What a list may be narrowed by."""

    kind: PublishedKind | None = None
    cohort: Cohort | None = None


@router.post("", status_code=201, response_model=PublicityOut, responses=on_open("rule-not-met"))
async def publish_applications(body: PublicityDraft, once: Asked, caller: Publishers) -> Response:
    """Publish, from today on, what your body has approved and not published yet; it passes after the last day."""
    return created(await publicities.publish(caller, body, once), "/v1/publicities/{id}")


@router.get("", response_model=PublicityPage, responses=ON_PUBLIC_READ)
async def list_publicities(
    request: Request,
    anyone: Anyone,
    filters: Annotated[PublicityFilters, Depends(at_once(PublicityFilters))],
    after: After,
    limit: Limit = 50,
) -> Response:
    """The lists that are open today, newest first."""
    narrowed = filters.model_dump(exclude_none=True)
    return published(request, await publicity_reads.page(anyone.service, limit, after, narrowed))


@router.get("/{id}", response_model=PublicityOut, responses=ON_PUBLIC_READ_ONE)
async def get_publicity(request: Request, id: RecordIdInPath, anyone: Anyone) -> Response:
    """One list that is open today: whose it is, until when, and where objections are heard."""
    return published(request, await publicity_reads.one(anyone.service, id))


@router.get("/{id}/items", response_model=PublishedPage, responses=ON_PUBLIC_READ_ONE)
async def list_publicity_items(
    request: Request, id: RecordIdInPath, anyone: Anyone, after: After, limit: Limit = 50
) -> Response:
    """Who is on the list: name masked, school, major."""
    return published(request, await publicity_reads.items_page(anyone.service, id, limit, after))


@page_router.get("")
async def show_publicities(visitor: Anyone, after: After, lang: Spoken = None) -> Response:
    """The lists that are open today, for people."""
    language = spoken(visitor, lang)
    return for_people(await publicity_reads.lists_page(visitor.service, after, language), language)


@page_router.get("/{id}")
async def show_publicity(id: str, visitor: Anyone, after: After, lang: Spoken = None) -> Response:
    """One list and who is on it, for people."""
    language = spoken(visitor, lang)
    return for_people(await publicity_reads.people_page(visitor.service, id, after, language), language)
