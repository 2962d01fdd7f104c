"""`/docs`: Swagger UI from our own server, and a page for each problem code. Nothing is loaded from elsewhere."""

from html import escape
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from app import texts

_ASSETS = "/docs/assets"


async def _docs(_: Request) -> Response:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Graduate Employment · API",
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon.png",
        swagger_ui_parameters={
            "docExpansion": "none",
            "filter": True,
            "tagsSorter": "alpha",
            "persistAuthorization": True,
        },
    )
    page.headers["Cache-Control"] = "public, max-age=3600"
    return page


async def _problems(_: Request) -> Response:
    rows = "".join(
        f'<tr><td><a href="/problems/{escape(code)}"><code>{escape(code)}</code></a></td>'
        f"<td>{escape(text.titles['zh-CN'])}</td><td>{escape(text.titles['en'])}</td></tr>"
        for code, text in sorted(texts.catalog().items())
    )
    return _page("Problems · 问题代码", f"<table>{rows}</table>")


async def _problem(request: Request) -> Response:
    code = request.path_params["code"]
    text = texts.catalog().get(code)
    if text is None:
        return _page("Unknown code · 未知代码", '<p><a href="/problems">All codes · 全部代码</a></p>', status=404)
    parts = "".join(
        f'<section lang="{language}"><h2>{escape(text.titles[language] or code)}</h2><p>{escape(text.details[language])}</p></section>'
        for language in texts.LANGUAGES
    )
    return _page(code, f'{parts}<p><a href="/problems">All codes · 全部代码</a></p>')


def _page(title: str, content: str, status: int = 200) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body{font:16px/1.6 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
        "td{padding:.2rem 1rem .2rem 0}</style></head>"
        f"<body><h1>{escape(title)}</h1>{content}</body></html>",
        status_code=status,
        headers={"Cache-Control": "public, max-age=3600"},
    )


def install(app: FastAPI) -> None:
    """Serve the pages. They are for people, and stay out of the contract."""
    app.router.routes.extend(
        (
            Route("/docs", _docs),
            Mount(_ASSETS, StaticFiles(directory=str(files("fastapi_offline") / "static"))),
            Route("/problems", _problems),
            Route("/problems/{code}", _problem),
        )
    )
