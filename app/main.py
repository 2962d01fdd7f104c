"""The application: `create_app(settings)`. Nothing happens at import; the service is made when the server starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from app import contract, docs_page, problems, worker
from app.routers import ROUTERS, SANDBOX_ROUTERS
from app.routers.calling import checked, known
from app.routers.directory import Directory
from app.sandbox.router import router as personas
from app.settings import Settings
from app.starting import start, stop
from app.workflows.province import calendar_days

_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own, which asks the environment for its providers in every request."""


def create_app(settings: Settings, url: str) -> FastAPI:
    """The application on the database at `url`. Refuses to be made with an operation that has no policy.

    In the sandbox it does the worker's jobs too; elsewhere it looks again and again for what it keeps of the calendar.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = await start(settings, url)
        ending = asyncio.Event()
        kept = calendar_days.EVERY, calendar_days.refresh
        working = worker.work(service, stop=ending) if settings.sandbox else worker.repeat(service, *kept, stop=ending)
        task = asyncio.create_task(working)
        yield
        ending.set()
        await task
        await stop(service)

    app = FastAPI(
        title="Graduate Employment",
        version="0.1.0",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
    )
    for router in (*ROUTERS, *((*SANDBOX_ROUTERS, personas) if settings.sandbox else ())):
        app.router.routes.extend(router.routes)  # as they are: included, each would be built anew, and matched twice
    app.router.routes.insert(0, Directory(app))
    problems.install(app, body_limit=settings.body_limit_bytes, origins=settings.cors_origins, known=known)
    docs_page.install(app)
    contract.install(app)
    return checked(app)
