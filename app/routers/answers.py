"""Answers on the wire: status, ETag, Location, Link."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import orjson
from fastapi import Request, Response

from app.problems import problem_of
from app.workflows.desk import Answer, as_json

JSON = "application/json"
PRIVATE = "private, no-cache"
VARY = "Authorization, Accept-Language"


def _etag(answer: Answer) -> str:
    digest = blake2b(answer.body, digest_size=8).hexdigest()
    return f'"{digest}"' if answer.version is None else f'"{answer.version}-{digest}"'


def shown(request: Request, answer: Answer) -> Response:
    """200 with an ETag, or 304 when the caller has it already."""
    etag = _etag(answer)
    headers = {"ETag": etag, "Cache-Control": PRIVATE, "Vary": VARY}
    if etag in (one.strip() for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type=JSON, headers=headers)


def page(request: Request, answer: Answer) -> Response:
    """A page, with a Link to the next one."""
    response = shown(request, answer)
    if answer.next_cursor:
        following = request.url.include_query_params(cursor=answer.next_cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return response


def moved(answer: Answer, *, location: str | None = None) -> Response:
    """201: a change was made; the ETag is the record's new one. `location` has `{id}` in it."""
    headers = {"ETag": _etag(answer), "Cache-Control": "no-store", "Vary": VARY}
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
