"""Answers that are the same for everybody, which caches on the way may keep."""

from hashlib import blake2b

from fastapi import Request, Response

from app.routers.answers import JSON
from app.workflows.desk import Answer

MINUTE, HOUR = 60, 3600


def published(request: Request, answer: Answer, *, for_seconds: int = MINUTE) -> Response:
    """200 with an ETag, or 304 when the caller has it already; a page comes with a Link to the next one."""
    etag = f'"{blake2b(answer.body, digest_size=8).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": f"public, max-age={for_seconds}"}
    if answer.next_cursor:
        following = request.url.include_query_params(cursor=answer.next_cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    if etag in (one.strip() for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, headers=headers, media_type=JSON)
