"""Text messages over HTTP: signed, one key for each, asked again where that may help. The carrier is a real server."""

import hmac
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from app import worker
from app.change import Change, Row, fresh_id
from app.db import SYSTEM
from app.service import Service
from app.sms_gateway import HttpGateway, NotTaken
from app.workflows.sms import TextMessage, text_message
from tests.working import until, working
from tests.world import World

SECRET = "a secret of some thirty-two letters"
PHONE, CODE = "13900000077", "604417"


@dataclass
class Asked:
    """One request as the carrier gets it."""

    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        """What it is about."""
        return dict(orjson.loads(self.body))

    def is_ours(self, secret: str) -> bool:
        """Whether the signature is right, computed as the carrier would, by the description alone."""
        signed = self.headers["x-timestamp"] + "." + self.body.decode()
        expected = hmac.new(secret.encode(), signed.encode(), sha256).hexdigest()
        return hmac.compare_digest("v1=" + expected, self.headers["x-signature"])


@dataclass
class Carrier:
    """A server that answers with these statuses in turn, the last one again and again, after some seconds."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [202])
    waits: float = 0.0
    asked: list[Asked] = field(default_factory=list)

    async def was_asked(self, times: int) -> bool:
        """Whether it was asked so often."""
        return len(self.asked) >= times


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    """A carrier's HTTP server on a port of its own."""
    one = Carrier()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            one.asked.append(Asked({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(one.waits)
            self.send_response(one.statuses.pop(0) if len(one.statuses) > 1 else one.statuses[0])
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    one.url = f"http://127.0.0.1:{server.server_port}/messages"
    yield one
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def named(
    service: Service, world: World, carrier: Carrier, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> Carrier:
    """The carrier, named by the settings as outside the sandbox. Its worker is impatient; nothing waits for it yet."""
    await world.line.execute("delete from app.pgqueuer where entrypoint in ('sms', 'notice')")
    monkeypatch.setattr(worker, "REPEATED", ())  # reminders of other tests' invitations would come here too
    secret = {"sms_secret": SecretStr(SECRET), "sms_timeout_seconds": 1.0}
    chosen = {"environment": "production", "sms_url": carrier.url, **secret}
    monkeypatch.setattr(service, "settings", service.settings.model_copy(update=chosen))
    return carrier


async def promised(service: Service) -> Row:
    """A committed promise of a message with a code."""
    row = text_message(service.sealer, PHONE, "one-time-code", code=CODE, minutes=5)
    await service.db.apply(Change(inserts=(row,)), SYSTEM, job="test", body=None)
    return row


async def parked(world: World, row: Row) -> Any:
    """The job of a promise, if it waits for an operator."""
    held = "select id from app.pgqueuer where payload = $1 and status = 'failed'"
    return await world.line.fetchval(held, row.values["payload"])


async def gone(world: World, row: Row) -> bool:
    """Whether a promise is kept, and off the queue."""
    held = "select count(*) from app.pgqueuer where payload = $1"
    return not await world.line.fetchval(held, row.values["payload"])


async def test_a_message_is_handed_over_once_signed_and_with_its_own_key(
    service: Service, world: World, named: Carrier
) -> None:
    async with working(service):
        row = await promised(service)
        await until(lambda: gone(world, row))
    (asked,) = named.asked
    key = orjson.loads(row.values["payload"])["id"]
    assert asked.message == {
        "id": key,
        "phone": PHONE,
        "template": "one-time-code",
        "params": {"code": CODE, "minutes": 5},
        "text": f"【毕业生就业】验证码 {CODE}，5 分钟内有效。请勿告诉他人。",
    }
    assert asked.headers["idempotency-key"] == key
    assert abs(int(asked.headers["x-timestamp"]) - time.time()) < 30
    assert asked.is_ours(SECRET)
    assert not asked.is_ours("another secret, of thirty-two letters")
    changed = Asked(asked.headers | {"x-timestamp": "1"}, asked.body)
    assert not changed.is_ours(SECRET), "the time is signed too"


@pytest.mark.parametrize("trouble", [500, 503, 302, 408, 429])
async def test_what_may_pass_is_asked_again_with_the_same_key(
    service: Service, world: World, named: Carrier, trouble: int
) -> None:
    named.statuses = [trouble, trouble, 200]
    async with working(service):
        row = await promised(service)
        await until(lambda: gone(world, row))
    assert len(named.asked) == 3
    assert len({one.headers["idempotency-key"] for one in named.asked}) == 1
    assert all(one.is_ours(SECRET) for one in named.asked)


async def test_no_answer_in_time_is_asked_again(service: Service, world: World, named: Carrier) -> None:
    named.waits = 1.5
    async with working(service):
        row = await promised(service)
        await until(lambda: named.was_asked(2))
        named.waits = 0.0
        await until(lambda: gone(world, row))
    assert len({one.headers["idempotency-key"] for one in named.asked}) == 1


@pytest.mark.parametrize("no", [400, 401, 404, 422])
async def test_what_will_never_be_taken_is_parked_at_once(
    service: Service, world: World, named: Carrier, no: int
) -> None:
    named.statuses = [no]
    async with working(service):
        row = await promised(service)
        job = await until(lambda: parked(world, row))
    assert len(named.asked) == 1
    await world.line.execute("delete from app.pgqueuer where id = $1", job)


async def test_neither_logs_nor_queue_tell_a_phone_or_a_code_whatever_fails(
    service: Service, world: World, named: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    named.statuses = [500, 422]
    caplog.set_level(0)
    with capture_logs() as logs:
        async with working(service):
            row = await promised(service)
            job = await until(lambda: parked(world, row))
    failed = [one for one in logs if one["event"] == "job-failed"]
    assert [one["error"] for one in failed] == ["NotTaken", "Hopeless"]
    told = await world.line.fetch("select l::text from app.pgqueuer_log l where job_id = $1", job)
    said = repr(logs) + caplog.text + repr(told)
    assert "Hopeless" in said
    assert not any(secret in said for secret in (PHONE, CODE, SECRET))
    await world.line.execute("delete from app.pgqueuer where id = $1", job)


async def test_an_error_and_what_it_rests_on_quote_nothing(named: Carrier) -> None:
    message = TextMessage(fresh_id(), PHONE, "one-time-code", {"code": CODE, "minutes": 5})
    nobody = HttpGateway("http://127.0.0.1:1/", SECRET, 0.4)
    with pytest.raises(NotTaken) as refusal:
        await nobody.send(message)
    await nobody.close()
    assert (str(refusal.value), refusal.value.__cause__) == ("ConnectError", None)
