"""What is promised is done, once its commit is there: at least once, whatever happens to the worker."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

from app import worker
from app.change import Change, Row, Update, fresh_id
from app.db import PUBLIC, REQUEST, SYSTEM, AlreadyExists, Read, Stale, Statement
from app.models import Message
from app.models.base import table_of
from app.outbox import jobs, promise
from app.service import Service
from app.settings import Settings
from app.workflows.sms import TextMessage, text_message
from sqlalchemy import column, literal, select
from tests.working import until, working
from tests.world import World

PHONE = "13900000001"
messages = table_of(Message)


class Gateway:
    """Takes messages over, and refuses the first few."""

    def __init__(self, refusing: int = 0) -> None:
        self.taken: list[TextMessage] = []
        self.asked = 0
        self._refusing = refusing

    async def send(self, message: TextMessage) -> None:
        """Refuse or take."""
        self.asked += 1
        if self.asked <= self._refusing:
            raise ConnectionError("13900000001 is not to be found in a log")
        self.taken.append(message)

    async def has(self, kind: str) -> list[TextMessage]:
        """The messages of a kind."""
        return [message for message in self.taken if message.kind == kind]


async def promised(service: Service, *rows: Row) -> None:
    """Commit these rows."""
    await service.db.apply(Change(inserts=rows), SYSTEM, job="test", body=None)


def a_message(service: Service, kind: str, **params: Any) -> Row:
    return text_message(service.sealer, PHONE, kind, **params)


async def queued(world: World, kind: str) -> list[Any]:
    """Rows of the queue whose payload names this."""
    return await world.line.fetch("select * from app.pgqueuer where convert_from(payload, 'utf8') like $1", f"%{kind}%")


async def test_a_promise_is_kept_once_it_is_committed(service: Service) -> None:
    gateway, kind = Gateway(), fresh_id()
    async with working(service, gateway=gateway):
        await promised(service, a_message(service, kind, code="123456"))
        [message] = await until(lambda: gateway.has(kind))
    assert (message.phone, message.params) == (PHONE, {"code": "123456"})


async def test_a_promise_falls_with_the_change_that_it_rides_on(service: Service, world: World) -> None:
    marked = promise("sms", {"mark": (mark := fresh_id())})
    stale = Change(updates=(Update(messages, {"id": fresh_id()}, {"kind": "never"}),), inserts=(marked,))
    with pytest.raises(Stale):
        await service.db.apply(stale, SYSTEM, job="test", body=None)
    assert await queued(world, mark) == []


async def test_the_queue_holds_neither_number_nor_code(service: Service, world: World) -> None:
    row = a_message(service, "one-time-code", code="493021", minutes=5)
    await promised(service, row)
    stored = await world.line.fetch("select t::text, convert_from(payload, 'utf8') from app.pgqueuer t")
    for texts in stored:
        assert not any(secret in text for text in texts for secret in (PHONE, "493021"))
    assert stored


async def test_a_promise_for_later_waits(service: Service) -> None:
    gateway, now, later = Gateway(), fresh_id(), fresh_id()
    after = service.clock.real() + timedelta(seconds=0.8)
    postponed = a_message(service, later)
    row = Row(jobs, {**postponed.values, "execute_after": after})
    async with working(service, gateway=gateway):
        await promised(service, row, a_message(service, now))
        await until(lambda: gateway.has(now))
        assert await gateway.has(later) == []
        await until(lambda: gateway.has(later))
    assert service.clock.real() >= after


def test_a_promise_names_its_time() -> None:
    after = worker.LEASE
    assert "execute_after" not in promise("sms", {}).values
    row = promise("sms", {"a": 1}, after=(moment := Settings.model_fields and None))
    assert after and moment is None and orjson.loads(row.values["payload"]) == {"a": 1}
