"""Conditional answers (RFC 9110 §13): an ETag names what was sent, and whoever has that already is told so."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

from fastapi import Request, Response

JSON: Final = "application/json"


def etag_of(body: bytes, version: int | None = None) -> str:
    """The ETag of an answer: its record's version, if it has one, and a digest, for one version looks many ways."""
    digest = blake2b(body, digest_size=8).hexdigest()
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def known(request: Request, etag: str) -> bool:
    """Whether a GET names what would be sent in If-None-Match."""
    named = (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(","))
    return request.method == "GET" and any(one in (etag, "*") for one in named)


def unless_known(
    request: Request, body: bytes, headers: Mapping[str, str], *, version: int | None = None, media_type: str = JSON
) -> Response:
    """200 with an ETag; to a GET that names it in If-None-Match, 304."""
    etag = etag_of(body, version)
    tagged = {"ETag": etag, **headers}
    if known(request, etag):
        return Response(status_code=304, headers=tagged)
    return Response(body, media_type=media_type, headers=tagged)
