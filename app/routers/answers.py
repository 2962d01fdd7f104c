"""Answers on the wire: status, ETag, Location, Link, RateLimit."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from app import budgets
from app.etags import JSON, etag_of, known, unless_known
from app.problems import problem_of
from app.workflows.documents.serving import Printed
from app.workflows.files import Download
from app.workflows.looking import Answer, as_json
from app.workflows.payments.exports import Sheet

PRIVATE = "private, no-cache"
VARY = "Authorization, Accept-Language"
DOWNLOADED = {
    "Content-Disposition": "attachment",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}
"""What somebody else sent is saved, never shown or run, and kept by no cache."""


def done(answer: Answer) -> Response:
    """204: there is nothing to tell, but what is left of the limits."""
    return Response(status_code=204, headers=budgets.headers(answer.budgets))


def shown(request: Request, answer: Answer) -> Response:
    """200 with an ETag, or 304 when the caller has it already."""
    return unless_known(request, answer.body, {"Cache-Control": PRIVATE, "Vary": VARY}, version=answer.version)


def told(answer: Answer, status: int = 200) -> Response:
    """What is told once and kept by nobody, with what is left of the limits that it was counted against."""
    return Response(answer.body, status, media_type=JSON, headers=budgets.headers(answer.budgets))


def printed(request: Request, document: Printed) -> Response:
    """200 with a PDF to be saved and an ETag, or 304."""
    headers = {
        "Cache-Control": PRIVATE,
        "Vary": "Authorization",
        "Content-Disposition": f'attachment; filename="{document.name}"',
    }
    return unless_known(request, document.body, headers, media_type="application/pdf")


def put(request: Request, answer: Answer, *, new: bool) -> Response:
    """What is at this address from now on: 200 with an ETag, or 201 when nothing was there."""
    response = shown(request, answer)
    response.status_code = 201 if new else 200
    return response


def page(request: Request, answer: Answer) -> Response:
    """A page, with a Link to the next one."""
    return linked(request, shown(request, answer), answer)


def linked(request: Request, response: Response, answer: Answer) -> Response:
    """The response with a Link to the page after this one, if there is one and this one is told."""
    if answer.next_cursor and response.status_code == HTTPStatus.OK:
        kept = [one for one in request.query_params.multi_items() if one[0] != "cursor"]
        query = urlencode([*kept, ("cursor", answer.next_cursor)])
        response.headers["Link"] = f'<{request.scope["path"]}?{query}>; rel="next"'
    return response


async def downloaded(request: Request, file: Download) -> Response:
    """A file to save under its name (RFC 6266, RFC 5987), never shown in place; or 304."""
    headers = {"ETag": f'"{file.digest[:32]}"', "Cache-Control": PRIVATE, "Vary": VARY}
    if known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    extension = file.name.rpartition(".")[2]
    headers["Content-Disposition"] = (
        f"attachment; filename=\"file.{extension}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    )
    headers["Content-Length"] = str(file.size)
    return StreamingResponse(await file.open(), headers=headers, media_type=file.media_type)


def moved(answer: Answer, *, location: str | None = None) -> Response:
    """201: a change was made; the ETag is the record's new one. `location` has `{id}` in it."""
    headers = {"ETag": etag_of(answer.body, answer.version), "Cache-Control": "no-store", "Vary": VARY}
    headers |= budgets.headers(answer.budgets)
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    if location:
        headers["Location"] = location.format(id=answer.id)
    return Response(answer.body, status_code=201, media_type=JSON, headers=headers)


def created(answer: Answer, location: str) -> Response:
    """201 with the Location of what was made."""
    return moved(answer, location=location)


def accepted(answer: Answer, location: str) -> Response:
    """202 with the Location of the task that does it."""
    response = moved(answer, location=location)
    response.status_code = 202
    return response


def secret(answer: Answer, *, file_name: str | None = None) -> Response:
    """200 with what nobody may keep on the way; with a name it is a file to save."""
    headers = {"Cache-Control": "no-store", "Vary": VARY, **budgets.headers(answer.budgets)}
    if file_name:
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return Response(answer.body, media_type=JSON, headers=headers)


def handed_over(sheet: Sheet) -> Response:
    """200 with a file to be saved, which nobody may keep on the way."""
    named = {"Content-Disposition": f'attachment; filename="{sheet.name}"', "Vary": VARY}
    return Response(sheet.content, headers={**DOWNLOADED, **named}, media_type=sheet.media_type)


def multi(request: Request, results: Sequence[Answer | Exception], *, dry_run: bool) -> Response:
    """207: one result for each item, in the order sent, each with the status that it would have alone."""
    rows = [
        {"index": place, "status": 200 if dry_run else 201, **orjson.loads(one.body), "problem": None}
        if isinstance(one, Answer)
        else {"index": place, **_refused(request, one)}
        for place, one in enumerate(results)
    ]
    return Response(as_json({"dry_run": dry_run, "results": rows}), status_code=207, media_type=JSON)


def _refused(request: Request, error: Exception) -> dict[str, Any]:
    problem = problem_of(request, error)
    return {"status": problem["status"], "change": None, "record": None, "created": [], "problem": problem}
