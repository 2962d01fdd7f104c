"""Answers that are the same for everybody: JSON that caches on the way may keep, and pages for people."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.etags import unless_known
from app.pages.shell import POLICY, Page
from app.routers.answers import linked
from app.routers.calling import Visitor
from app.texts import LANGUAGES
from app.workflows.looking import Answer

MINUTE, HOUR = 60, 3600
Spoken = Annotated[str | None, Query(alias="lang", max_length=20)]


def published(request: Request, answer: Answer, *, for_seconds: int = MINUTE) -> Response:
    """200 with an ETag, or 304 when the caller has it already; a page comes with a Link to the next one."""
    headers = {"Cache-Control": f"public, max-age={for_seconds}"}
    return linked(request, unless_known(request, answer.body, headers, version=answer.version), answer)


def spoken(visitor: Visitor, lang: str | None) -> str:
    """The language asked for in the address, else the browser's."""
    return next((one for one in LANGUAGES if one[:2] == (lang or "")[:2].lower()), visitor.language)


def for_people(page: Page, language: str) -> Response:
    """A page that may load nothing but its own style, and is kept by nobody."""
    headers = {"Content-Security-Policy": POLICY, "Content-Language": language, "Vary": "Accept-Language"}
    return Response(page.html, page.status, headers, "text/html")
