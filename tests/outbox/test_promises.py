"""What is promised is done once its commit is there: at least once, whatever happens to the worker."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import func, literal, select, table

from app import worker
from app.change import Change, Row, Update, fresh_id
from app.db import REQUEST, SYSTEM, Read, Stale
from app.models import Message
from app.models.base import table_of
from app.outbox import promise
from app.service import Service
from app.settings import Settings
from app.workflows.sms import TextMessage, text_message
from tests.working import until, working
from tests.world import World

PHONE = "13900000001"


class Gateway:
    """Takes messages over, and refuses the first few times."""

    def __init__(self, refusing: int = 0) -> None:
        self.taken: list[TextMessage] = []
        self.asked = 0
        self._refusing = refusing

    async def send(self, message: TextMessage) -> None:
        """Refuse or take."""
        self.asked += 1
        if self.asked <= self._refusing:
            raise ConnectionError(f"no way to {message.phone}")
        self.taken.append(message)

    async def has(self, kind: str) -> list[TextMessage]:
        """The messages of a kind."""
        return [message for message in self.taken if message.kind == kind]


async def commit(service: Service, *rows: Row) -> None:
    """Commit these rows."""
    await service.db.apply(Change(inserts=rows), SYSTEM, job="test", body=None)


async def test_a_promise_is_kept(service: Service) -> None:
    gateway, kind = Gateway(), fresh_id()
    async with working(service, gateway=gateway):
        await commit(service, text_message(service.sealer, PHONE, kind, code="123456"))
        [message] = await until(lambda: gateway.has(kind))
    assert (message.phone, message.params) == (PHONE, {"code": "123456"})


async def test_a_promise_made_without_a_worker_waits_for_one(service: Service) -> None:
    gateway, kind = Gateway(), fresh_id()
    await commit(service, *(text_message(service.sealer, PHONE, kind, place=place) for place in range(25)))
    async with working(service, gateway=gateway):
        await until(lambda: _all(gateway, kind, 25))
    assert sorted(message.params["place"] for message in gateway.taken if message.kind == kind) == [*range(25)]


async def _all(gateway: Gateway, kind: str, many: int) -> bool:
    return len(await gateway.has(kind)) >= many


async def test_a_promise_falls_with_the_change_that_it_rides_on(service: Service, world: World) -> None:
    mark = fresh_id()
    change = Change(
        updates=(Update(table_of(Message), {"id": fresh_id()}, {"kind": "never"}),),
        inserts=(promise("sms", {"mark": mark}),),
    )
    with pytest.raises(Stale):
        await service.db.apply(change, SYSTEM, job="test", body=None)
    like = "select count(*) from app.pgqueuer where convert_from(payload, 'utf8') like $1"
    assert await world.line.fetchval(like, f"%{mark}%") == 0
    await commit(service, promise("nobody-does-this", {"mark": mark}))
    assert await world.line.fetchval(like, f"%{mark}%") == 1


async def test_the_queue_holds_neither_number_nor_code(service: Service, world: World) -> None:
    await commit(service, text_message(service.sealer, PHONE, "one-time-code", code="493021", minutes=5))
    stored = await world.line.fetch("select t::text, convert_from(payload, 'utf8') from app.pgqueuer t")
    assert stored
    for texts in stored:
        assert not any(secret in text for text in texts for secret in (PHONE, "493021"))


async def test_a_promise_for_later_waits(service: Service) -> None:
    gateway, now, later = Gateway(), fresh_id(), fresh_id()
    payload = orjson.loads(text_message(service.sealer, PHONE, later).values["payload"])
    after = service.clock.real() + timedelta(seconds=0.8)
    async with working(service, gateway=gateway):
        await commit(service, promise("sms", payload, after=after), text_message(service.sealer, PHONE, now))
        await until(lambda: gateway.has(now))
        assert await gateway.has(later) == []
        await until(lambda: gateway.has(later))
    assert service.clock.real() >= after


async def test_what_fails_is_tried_again(service: Service, impatient: None) -> None:
    gateway, kind = Gateway(refusing=3), fresh_id()
    async with working(service, gateway=gateway):
        await commit(service, text_message(service.sealer, PHONE, kind))
        await until(lambda: gateway.has(kind))
    assert gateway.asked >= 4


async def test_what_fails_too_often_is_parked_and_says_nothing_personal(
    service: Service, world: World, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ATTEMPTS", 3)
    gateway, row = Gateway(refusing=10**6), text_message(service.sealer, PHONE, fresh_id())

    async def parked() -> Any:
        return await world.line.fetchval(
            "select id from app.pgqueuer where payload = $1 and status = 'failed'", row.values["payload"]
        )

    async with working(service, gateway=gateway):
        await commit(service, row)
        job = await until(parked)
    told = await world.line.fetch("select traceback::text from app.pgqueuer_log where job_id = $1", job)
    said = "".join(one["traceback"] or "" for one in told)
    assert "ConnectionError" in said
    assert PHONE not in said
    await world.line.execute("delete from app.pgqueuer where id = $1", job)


async def test_a_job_that_was_cancelled_is_not_lost(service: Service) -> None:
    kind, hanging = fresh_id(), asyncio.Event()

    class Hanging(Gateway):
        async def send(self, message: TextMessage) -> None:
            if message.kind == kind and not hanging.is_set():
                hanging.set()
                await asyncio.Event().wait()
            await super().send(message)

    gateway = Hanging()
    async with working(service, gateway=gateway):
        await commit(service, text_message(service.sealer, PHONE, kind))
        await hanging.wait()
        for task in asyncio.all_tasks():
            if getattr(task.get_coro(), "__qualname__", "") == "QueueManager._dispatch":
                task.cancel()
        await until(lambda: gateway.has(kind))


async def test_a_worker_that_lost_its_line_takes_a_new_one(
    service: Service, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL", timedelta(milliseconds=50))
    gateway, kind = Gateway(), fresh_id()
    async with working(service, gateway=gateway):
        await until(lambda: _listening(world))
        await world.line.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", worker.NAME
        )
        await commit(service, text_message(service.sealer, PHONE, kind))
        await until(lambda: gateway.has(kind))


async def _listening(world: World) -> bool:
    seen = "select count(*) from pg_stat_activity where application_name = $1 and query like '%pgqueuer%'"
    return bool(await world.line.fetchval(seen, worker.NAME))


async def test_a_worker_that_is_told_to_stop_ends_by_itself(service: Service) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(worker.work(service, stop=stop, gateway=Gateway()))
    await asyncio.sleep(0.2)
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_outside_the_sandbox_text_messages_need_a_gateway(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = Settings.model_construct(environment="production")
    monkeypatch.setattr(service, "settings", production)
    with pytest.raises(ValueError, match="gateway"):
        await worker.work(service, stop=asyncio.Event())


async def test_a_request_may_promise_and_not_look_into_the_queue(service: Service, world: World) -> None:
    await commit(service, promise("nobody-does-this", {}))
    queue = table("pgqueuer", schema="app")
    count = Read(select(literal(1).label("here")), select(func.count().label("seen")).select_from(queue))
    county = await world.staff("county")
    session = await world.line.fetchval("select id from app.sessions where account_id = $1", county.account)
    [row] = await service.db.rows(count, {"session": str(session), "record": None})
    assert row.seen == 0
    assert REQUEST.function == "begin_request"
    everything = Read(
        select(literal(1).label("here")), select(func.count().label("seen")).select_from(queue), door=SYSTEM
    )
    [row] = await service.db.rows(everything, {"job": "test", "body": None})
    assert row.seen > 0
