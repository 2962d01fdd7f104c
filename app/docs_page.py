"""`/docs`: Swagger UI from our own server. Nothing is loaded from elsewhere, and the page may load nothing else."""

from importlib.resources import files
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

_ASSETS: Final = "/docs/assets"
_CACHED: Final = {"Cache-Control": "public, max-age=3600"}
_HEADERS: Final = {
    **_CACHED,
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    ),
}
_PAGE: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Graduate Employment · API</title>
<link rel="icon" href="{_ASSETS}/favicon.png">
<link rel="stylesheet" href="{_ASSETS}/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="{_ASSETS}/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START: Final = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#page",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
});
"""


async def _docs(_: Request) -> Response:
    return Response(_PAGE, media_type="text/html", headers=_HEADERS)


async def _start(_: Request) -> Response:
    return Response(_START, media_type="text/javascript", headers=_CACHED)


def install(app: FastAPI) -> None:
    """Serve the page. It is for people, and stays out of the contract."""
    static = files("fastapi_offline") / "static"  # a well-kept copy of swagger-ui-dist; its own pages go unused
    app.router.routes.extend(
        (
            Route("/docs", _docs),
            Route("/docs/start.js", _start),
            Mount(_ASSETS, StaticFiles(directory=str(static))),
        )
    )
