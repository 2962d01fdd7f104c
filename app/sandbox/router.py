"""The personas over HTTP, for the tour, the demo and whoever tries the API."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.routers.answers import shown
from app.routers.calling import Anyone
from app.routers.refusals import ON_PUBLIC_READ
from app.sandbox.personas import personas
from app.schemas.base import Out
from app.workflows.desk import Answer, as_json

router = APIRouter(prefix="/v1/sandbox", tags=["sandbox"])


class PersonaOut(Out):
    """Somebody whom you may play."""

    persona: Annotated[str, Field(examples=["school"])]
    about: Annotated[str, Field(examples=["administrator, reviewer of the school"])]
    login: Annotated[dict[str, Any], Field(description="The body of a login, less the captcha and the authenticator.")]
    totp_secret: Annotated[str | None, Field(description="For an authenticator (RFC 6238).")]
    school_code: str | None
    region: str | None


class PersonaList(Out):
    """One of each kind."""

    items: list[PersonaOut]


@router.get("/personas", response_model=PersonaList, responses=ON_PUBLIC_READ)
async def list_personas(request: Request, _visitor: Anyone) -> Response:
    """Who may be played here, and how each signs in."""
    return shown(request, Answer(as_json({"items": [*personas()]})))
