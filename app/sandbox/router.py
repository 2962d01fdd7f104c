"""The personas over HTTP, for the tour, the demo and whoever tries the API."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.routers.answers import shown
from app.routers.calling import Anyone
from app.routers.refusals import ON_PUBLIC_READ
from app.sandbox.personas import personas
from app.schemas.base import Out, Said
from app.words import AnySchoolCode, Region
from app.workflows.looking import Answer, as_json

router = APIRouter(prefix="/v1/sandbox", tags=["sandbox"])


class PersonaOut(Out):
    """Somebody whom you may play."""

    persona: Annotated[Said, Field(examples=["school"])]
    about: Annotated[Said, Field(examples=["administrator, reviewer of the school"])]
    login: Annotated[
        dict[str, Any],
        Field(
            description="The body of a login, less the captcha and the authenticator.",
            examples=[{"as": "staff", "username": "school.10422", "password": "..."}],
        ),
    ]
    totp_secret: Annotated[
        str | None, Field(max_length=64, description="For an authenticator (RFC 6238).", examples=["JBSWY3DPEHPK3PXP"])
    ]
    school_code: AnySchoolCode | None
    region: Region | None


class PersonaList(Out):
    """One of each kind."""

    items: Annotated[list[PersonaOut], Field(max_length=50)]


@router.get("/personas", response_model=PersonaList, responses=ON_PUBLIC_READ)
async def list_personas(request: Request, _visitor: Anyone) -> Response:
    """Who may be played here, and how each signs in."""
    return shown(request, Answer(as_json({"items": [*personas()]})))
