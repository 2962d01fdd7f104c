"""A running service: started from the settings, stopped when the process ends."""

import asyncio
import gc

from sqlalchemy import select

from app.clock import Clock
from app.db import LIMITS, Database, Statement
from app.documents.printer import Printer
from app.documents.signing import Signer
from app.models import ClockOffset
from app.models.base import table_of
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint, Sealer
from app.security.throttle import Throttle
from app.security.tokens import Tokens
from app.service import Service
from app.settings import Settings
from app.storage import Storage
from app.upload_safety import Inspector
from app.workflows.province import calendar_days

_offset = table_of(ClockOffset)
_OFFSET = Statement(select(_offset.c.by))


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
    service = Service(
        settings=settings,
        db=database,
        clock=clock,
        calendar=await calendar_days.load(database),
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
