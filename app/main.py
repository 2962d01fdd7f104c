"""The application: `create_app(settings)`. Nothing happens at import; the service is made when the server starts."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import select

from app import contract, docs_page, problems, worker
from app.calendar import Calendar
from app.clock import Clock
from app.db import LIMITS, Database, Statement
from app.documents.printer import Printer
from app.documents.signing import Signer
from app.models import CalendarDay, ClockOffset
from app.models.base import table_of
from app.routers import ROUTERS, SANDBOX_ROUTERS
from app.routers.calling import checked, known
from app.sandbox.router import router as personas
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint, Sealer
from app.security.throttle import Throttle
from app.security.tokens import Tokens
from app.service import Service
from app.settings import Settings
from app.storage import Storage
from app.upload_safety import Inspector

_days = table_of(CalendarDay)
_offset = table_of(ClockOffset)
_CALENDAR = Statement(select(_days.c.date, _days.c.is_working))
_OFFSET = Statement(select(_offset.c.by))
_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own, which asks the environment for its providers in every request."""


async def start(settings: Settings, url: str) -> Service:
    """A service on the migrated database at `url`: keys read, calendar and clock loaded, statements prepared."""
    database = Database(
        url,
        size=settings.pool_size,
        wait=settings.pool_wait_seconds,
        limits={
            **LIMITS,
            "statement_timeout": settings.statement_timeout_ms,
            "lock_timeout": settings.lock_timeout_ms,
        },
    )
    await database.warm()
    clock = Clock()
    for row in await database.rows(_OFFSET, {}):
        clock.move(row.by)
    calendar = Calendar.of((row.date, row.is_working) for row in await database.rows(_CALENDAR, {}))
    service = Service(
        settings=settings,
        db=database,
        clock=clock,
        calendar=calendar,
        sealer=Sealer(*settings.sealing),
        blind_index=BlindIndex(settings.blind_index),
        fingerprint=Fingerprint(settings.hmac),
        passwords=Passwords(
            memory_kib=settings.argon2_memory_kib,
            time_cost=settings.argon2_time_cost,
            parallelism=settings.argon2_parallelism,
            workers=settings.password_workers,
            queue=settings.password_queue,
        ),
        tokens=Tokens(settings.signing, settings.public_url, settings.public_url, settings.access_token_seconds),
        sessions_throttle=_throttle(settings.session_requests_per_second),
        networks_throttle=_throttle(settings.network_requests_per_second),
        storage=Storage.of(settings),
        inspector=Inspector(settings.clamd_url),
        printer=await asyncio.to_thread(Printer, settings.font_dir),
        signer=Signer.of(settings),
    )
    gc.freeze()  # what start-up has made lives as long as the process: the collector need not look at it again
    gc.enable()
    return service


def _throttle(rate: float) -> Throttle:
    return Throttle(rate=rate, burst=max(1, round(10 * rate)))


async def stop(service: Service) -> None:
    """End the service's lines and threads."""
    await service.db.close()
    service.passwords.close()


def create_app(settings: Settings, url: str) -> FastAPI:
    """The application on the database at `url`. Refuses to be made with an operation that has no policy.

    In the sandbox it does the worker's jobs too.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = await start(settings, url)
        ending = asyncio.Event()
        working = asyncio.create_task(worker.work(service, stop=ending)) if settings.sandbox else None
        yield
        ending.set()
        if working:
            await working
        await stop(service)

    app = FastAPI(
        title="Graduate Employment",
        version="0.1.0",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=contract.operation_id,
        telemetry=_NO_TELEMETRY,
    )
    for router in (*ROUTERS, *((*SANDBOX_ROUTERS, personas) if settings.sandbox else ())):
        app.include_router(router)
    problems.install(app, body_limit=settings.body_limit_bytes, origins=settings.cors_origins, known=known)
    docs_page.install(app)
    contract.install(app)
    return checked(app)
