"""The worker: takes promised jobs off the queue and does each at least once.

A job that fails is tried again, later and later; one that fails too often, or without hope, is parked in the queue for
an operator (`pgq failed`, `pgq requeue`). One whose worker died is taken again when its lease has run out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

import asyncpg
import orjson
import structlog
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import PgqException, RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings
from pgqueuer.queries import Queries

from app.errors import Refusal
from app.outbox import Hopeless, Interrupted
from app.service import Service
from app.sms_gateway import HttpGateway
from app.workflows import (
    archive_loading,
    escalations,
    forgetting,
    notices,
    pre_checks,
    reminders,
    rerouting,
    sandbox,
    sms,
)
from app.workflows.accounts import data_gathering, phone_claims, phones, recoveries, recovery_photos
from app.workflows.accounts.data_exports import ENTRYPOINT as DATA_EXPORT
from app.workflows.applications import publicity_endings
from app.workflows.documents import storing
from app.workflows.documents.issuing import ENTRYPOINT as STORE_DOCUMENTS
from app.workflows.keys import resealing
from app.workflows.payments import exporting, importing
from app.workflows.payments.exports import ENTRYPOINT as PAYMENT_EXPORT
from app.workflows.payments.imports import ENTRYPOINT as PAYMENT_IMPORT
from app.workflows.promised_tasks import fail
from app.workflows.province import calendar_days
from app.workflows.rosters import roster_loading

log = structlog.get_logger()

NAME: Final = "graduate-employment-worker"
"""What PostgreSQL calls the queue's own line."""
LEASE: Final = timedelta(seconds=20)
ATTEMPTS: Final = 20
FIRST_PAUSE: Final = timedelta(seconds=1)
"""Before the second attempt; doubled before each one more."""
LONGEST_PAUSE: Final = timedelta(minutes=10)
BATCH: Final = 10
POLL: Final = timedelta(seconds=5)
"""For jobs whose notification didn't come through."""
IMPORTS: Final = (roster_loading.loading, archive_loading.loading)
"""What reads files in, kind by kind."""
REPEATED: Final = (
    (reminders.EVERY, reminders.remind),
    (escalations.EVERY, escalations.escalate),
    (publicity_endings.EVERY, publicity_endings.pass_what_is_over),
    (timedelta(hours=1), forgetting.forget),
    (calendar_days.EVERY, calendar_days.refresh),
)
"""What is done again and again, and how often. Two workers doing the same at once do it once."""

LOST: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, PgqException)
"""How a line of the queue ends; the driver's own error is of one that ends in the middle of an operation."""

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entrypoint:
    """One kind of job."""

    run: Callable[[Service, Payload, asyncio.Event], Awaitable[None]]
    """Does the job. The event is set when the worker wants to leave: a long job then raises `Interrupted`."""
    tasked: bool = False
    """Whether somebody waits for a task, of this kind: it is told when the job has failed for good."""
    at_once: int = 0
    """So many at a time over all workers; 0 for as many as come."""


class GivenUp(Exception):
    """The last attempt failed."""


def entrypoints(gateway: sms.SmsGateway) -> Mapping[str, Entrypoint]:
    """Every kind of job, by the name it is promised under."""
    return {
        sms.ENTRYPOINT: Entrypoint(lambda service, payload, _: sms.deliver(gateway, service, payload)),
        notices.ENTRYPOINT: Entrypoint(lambda service, payload, _: notices.send(gateway, service, payload)),
        recoveries.FORGET_PHOTO: Entrypoint(recovery_photos.forget),
        phones.TELL_THE_HOLDER: Entrypoint(phone_claims.tell_the_holder),
        phones.MOVE_IT: Entrypoint(phone_claims.move),
        **{one.entrypoint: Entrypoint(one.run, tasked=True, at_once=2) for one in IMPORTS},
        DATA_EXPORT: Entrypoint(data_gathering.run, tasked=True, at_once=2),
        PAYMENT_EXPORT: Entrypoint(exporting.run, tasked=True, at_once=1),
        PAYMENT_IMPORT: Entrypoint(importing.run, tasked=True, at_once=1),
        resealing.ENTRYPOINT: Entrypoint(resealing.carry_on, tasked=True, at_once=1),
        sandbox.CLOCK_MOVED: Entrypoint(lambda service, *_: _catch_up(service)),
        pre_checks.ENTRYPOINT: Entrypoint(lambda service, payload, _: pre_checks.check(service, payload)),
        rerouting.ENTRYPOINT: Entrypoint(lambda service, payload, _: rerouting.reroute(service, payload)),
        STORE_DOCUMENTS: Entrypoint(lambda service, payload, _: storing.store(service, payload)),
    }


async def work(
    service: Service, *, stop: asyncio.Event, gateway: sms.SmsGateway | None = None, lease: timedelta = LEASE
) -> None:
    """Do jobs until `stop` is set or this is cancelled; returns once the jobs in hand are done or given back.

    A lost database is waited for. Text messages go to the gateway given, else to the one of the settings, else to the
    sandbox's telephone; outside the sandbox none of them is a ValueError.
    """
    named = HttpGateway.of(service.settings) if gateway is None else None
    if not (gateway or named or service.settings.sandbox):
        raise ValueError("outside the sandbox, text messages need a gateway")
    kinds = entrypoints(gateway or named or sms.SandboxTelephone(service))
    repeating = [asyncio.create_task(repeat(service, every, work, stop=stop)) for every, work in REPEATED]
    try:
        while not stop.is_set():
            try:
                await _take(service, kinds, stop, lease)
            except LOST as error:
                log.warning("queue-lost", error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), FIRST_PAUSE.total_seconds())
    finally:
        for one in repeating:
            one.cancel()
        if named:
            await named.close()


async def repeat(
    service: Service, every: timedelta, work: Callable[[Service], Awaitable[None]], *, stop: asyncio.Event
) -> None:
    """Do a piece of work now, and again each time so much has passed, until `stop` is set."""
    while not stop.is_set():
        try:
            await work(service)
        except (OSError, Refusal) as error:
            log.warning("not-repeated", work=work.__name__, error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every.total_seconds())


async def _catch_up(service: Service) -> None:
    """Do once, now, what is repeated: the service's clock has moved."""
    for _, work in REPEATED:
        await work(service)


async def _take(service: Service, kinds: Mapping[str, Entrypoint], stop: asyncio.Event, lease: timedelta) -> None:
    """Take jobs for as long as the queue's own line holds."""
    line = await service.db.own_line(application_name=NAME, **{"app.kind": "system", "app.purpose": "queue"})
    manager, ending = QueueManager(_queries(line)), asyncio.Event()
    for name, kind in kinds.items():
        manager.entrypoint(name, concurrency_limit=kind.at_once, on_failure="hold", accepts_context=False)(
            partial(_attempt, service, kind, ending)
        )
    taking = asyncio.create_task(
        manager.run(
            dequeue_timeout=POLL,
            batch_size=BATCH,
            max_concurrent_tasks=2 * BATCH,
            heartbeat_timeout=lease,
            shutdown_on_listener_failure=True,
        )
    )
    leaving = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({taking, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        ending.set()
        manager.shutdown.set()
        try:
            await taking
        finally:
            line.terminate()


def _queries(line: asyncpg.Connection) -> Queries:
    settings = DBSettings(db_schema="app")
    queries = Queries.from_asyncpg_connection(line)
    queries.qbe, queries.qbq = QueryBuilderEnvironment(settings), QueryQueueBuilder(settings)
    return queries


async def _attempt(service: Service, kind: Entrypoint, ending: asyncio.Event, job: Job) -> None:
    """One attempt. The queue is told the kind of error alone: it keeps no personal data."""
    payload = orjson.loads(job.payload or b"{}")
    try:
        await kind.run(service, payload, ending)
    except (Interrupted, asyncio.CancelledError):  # pgqueuer drops a job that was cancelled
        raise RetryRequested(reason="interrupted") from None
    except Exception as error:
        failure = type(error).__name__
        log.exception("job-failed", entrypoint=job.entrypoint, job=job.id, attempts=job.attempts, error=failure)
        if job.attempts + 1 < ATTEMPTS and not isinstance(error, Hopeless):
            raise RetryRequested(min(FIRST_PAUSE * 2**job.attempts, LONGEST_PAUSE), failure) from None
        if kind.tasked:
            await fail(service, str(job.entrypoint), payload["task"], "task-failed")
        raise GivenUp(failure) from None
