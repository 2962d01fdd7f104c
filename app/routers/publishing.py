"""Answers that are the same for everybody, which caches on the way may keep."""

from fastapi import Request, Response

from app.etags import unless_known
from app.routers.answers import linked
from app.workflows.desk import Answer

MINUTE, HOUR = 60, 3600


def published(request: Request, answer: Answer, *, for_seconds: int = MINUTE) -> Response:
    """200 with an ETag, or 304 when the caller has it already; a page comes with a Link to the next one."""
    headers = {"Cache-Control": f"public, max-age={for_seconds}"}
    return linked(request, unless_known(request, answer.body, headers, version=answer.version), answer)
