"""What each code means, for programs and for people: the answers at `/problems` and `/problems/{code}`."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Annotated, Final

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, Field

from app import texts
from app.errors import NotFound
from app.etags import unless_known
from app.problems.wire import status_of
from app.schemas.base import Said, Word

_HEADERS: Final = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"}
_LOOK: Final = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "td{padding:.2rem 1rem .2rem 0;vertical-align:top}"
)


class CodeOut(BaseModel):
    """What a code means: of a problem, a field's error, an unmet rule, or a way out."""

    code: Annotated[Word, Field(examples=["live-placement-exists"])]
    status: Annotated[
        int | None, Field(ge=400, le=599, description="The status of a problem with this code.", examples=[409])
    ]
    title: Annotated[Said, Field(examples=["已有有效去向"])]
    detail: Annotated[
        Said, Field(description="Names in braces stand for facts.", examples=["该毕业生已有有效的毕业去向。"])
    ]


class CodeList(BaseModel):
    """Every code."""

    items: Annotated[list[CodeOut], Field(max_length=1000)]


def every_code(request: Request, language: str) -> Response:
    """All codes: JSON, or a page for browsers."""
    codes = sorted(texts.catalog())
    if _is_a_browser(request):
        return _page("Problems · 问题代码", "<table>" + "".join(map(_row, codes)) + "</table>")
    return _json(request, {"items": [_told(code, language) for code in codes]}, language)


def one_code(request: Request, code: str, language: str) -> Response:
    """One code: JSON, or a page for browsers in both languages."""
    if code not in texts.catalog():
        raise NotFound
    if _is_a_browser(request):
        return _page(code, _about(code) + '<p><a href="/problems">All codes · 全部代码</a></p>')
    return _json(request, _told(code, language), language)


def _is_a_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _status(code: str) -> int | None:
    return status_of(code) if texts.catalog()[code].refusal else None


def _told(code: str, language: str) -> dict[str, object]:
    text = texts.catalog()[code]
    return {"code": code, "status": _status(code), "title": text.titles[language], "detail": text.details[language]}


def _json(request: Request, content: Mapping[str, object], language: str) -> Response:
    return unless_known(request, orjson.dumps(content), {**_HEADERS, "Content-Language": language})


def _row(code: str) -> str:
    titles = texts.catalog()[code].titles
    cells: Sequence[str] = (
        f'<a href="/problems/{escape(code)}"><code>{escape(code)}</code></a>',
        str(_status(code) or ""),
        *(escape(titles[language]) for language in texts.LANGUAGES),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _about(code: str) -> str:
    text, status = texts.catalog()[code], _status(code)
    return (f"<p>HTTP {status}</p>" if status else "") + "".join(
        f'<section lang="{language}"><h2>{escape(text.titles[language])}</h2>'
        f"<p>{escape(text.details[language])}</p></section>"
        for language in texts.LANGUAGES
    )


def _page(title: str, content: str) -> Response:
    page = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_LOOK}</style></head>'
        f"<body><h1>{escape(title)}</h1>{content}</body></html>"
    )
    security = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
    return Response(page, 200, {**_HEADERS, **security}, "text/html")
