"""The forms of what graduates register: JSON Schema to render from."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.etags import unless_known
from app.routers.calling import Anyone
from app.routers.publishing import HOUR
from app.routers.refusals import ON_PUBLIC_READ_ONE
from app.schemas.form import FormKind, FormOut
from app.words import Cohort, Level
from app.workflows import forms

router = APIRouter(prefix="/v1/forms", tags=["reference"])
CACHED = {"Cache-Control": f"public, max-age={HOUR}", "Vary": "Accept-Language"}


@router.get("/{kind}", response_model=FormOut, responses=ON_PUBLIC_READ_ONE)
async def get_form(
    request: Request,
    kind: Annotated[FormKind, Path()],
    level: Annotated[Level, Query()],
    cohort: Annotated[Cohort, Query()],
    visitor: Anyone,
) -> Response:
    """What a complete form of this kind has, for a graduate of this level and cohort, in your language."""
    return unless_known(request, forms.one(kind, level, cohort, visitor.language).body, CACHED)
