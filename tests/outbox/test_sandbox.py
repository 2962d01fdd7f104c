"""The sandbox's instruments over HTTP: messages by phone, the clock, answers to captchas."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.change import Change, fresh_id
from app.db import SYSTEM
from app.main import create_app
from app.routers.calling import routes_of
from app.service import Service
from app.settings import Settings
from app.workflows.sms import SandboxTelephone, TextMessage, text_message
from tests.working import until, working
from tests.world import World


def phone() -> str:
    """A number that no other test has."""
    return f"139{int(fresh_id().replace('-', '')[:12], 16) % 10**8:08d}"


async def search(client: httpx.AsyncClient, number: str) -> list[dict[str, object]]:
    """The messages to a number."""
    answer = await client.post("/v1/sandbox/messages/search", json={"phone": number})
    assert answer.status_code == 200
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def test_a_code_is_read_where_the_sandbox_keeps_it(service: Service, client: httpx.AsyncClient) -> None:
    number = phone()
    row = text_message(service.sealer, number, "one-time-code", code="493021", minutes=5)
    async with working(service):
        await service.db.apply(Change(inserts=(row,)), SYSTEM, job="test", body=None)
        [message] = await until(lambda: search(client, number))
    assert (message["kind"], message["code"]) == ("one-time-code", "493021")
    assert "493021" in str(message["text"])
    assert await search(client, phone()) == []


async def test_a_message_taken_twice_is_kept_once_and_sealed(
    service: Service, client: httpx.AsyncClient, world: World
) -> None:
    number = phone()
    message = TextMessage(fresh_id(), number, "one-time-code", {"code": "111222", "minutes": 5})
    for _ in range(2):
        await SandboxTelephone(service).send(message)
    assert len(await search(client, number)) == 1
    [kept] = await world.line.fetch("select t::text from app.sandbox_messages t where id = $1", message.id)
    assert not any(secret in kept[0] for secret in (number, "111222"))


async def test_the_clock_moves_and_stays_moved(service: Service, client: httpx.AsyncClient, world: World) -> None:
    try:
        moved = (await client.put("/v1/sandbox/clock", json={"now": "2027-06-30T16:00:00Z"})).json()
        assert (moved["today"], moved["now"][:13]) == ("2027-07-01", "2027-06-30T16")
        assert abs(service.clock.now() - datetime(2027, 6, 30, 16, tzinfo=UTC)) < timedelta(minutes=1)
        assert await world.line.fetchval("select by from app.clock_offset") == service.clock.offset
        again = (await client.put("/v1/sandbox/clock", json={"offset_seconds": -86400})).json()
        assert again["offset_seconds"] == -86400
        assert (await client.get("/v1/sandbox/clock")).json()["offset_seconds"] == -86400
    finally:
        answer = await client.put("/v1/sandbox/clock", json={"offset_seconds": 0})
    assert answer.json()["offset_seconds"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"offset_seconds": 1, "now": "2027-06-30T16:00:00Z"},
        {"now": "2027-06-30T16:00:00"},
        {"now": "1999-06-30T16:00:00Z"},
        {"offset_seconds": 10**12},
    ],
)
async def test_a_clock_is_moved_one_way_and_within_reason(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await client.put("/v1/sandbox/clock", json=body)).status_code == 422


async def test_the_answer_to_a_captcha_can_be_read(service: Service, client: httpx.AsyncClient, world: World) -> None:
    one = fresh_id()
    await world.line.execute(
        "insert into app.challenges (id, kind, purpose, answer, network, expires_at)"
        " values ($1, 'image', 'login', 'K7MTW', '', now() + interval '2 minutes')",
        one,
    )
    assert (await client.get(f"/v1/sandbox/captchas/{one}")).json() == {"id": one, "answer": "K7MTW"}
    assert (await client.get(f"/v1/sandbox/captchas/{fresh_id()}")).status_code == 404


def test_the_instruments_exist_in_the_sandbox_alone(settings: Settings, database_url: str) -> None:
    def paths(environment: str) -> set[str]:
        app = create_app(settings.model_copy(update={"environment": environment}), database_url)
        return {route.path for route in routes_of(app)}

    only = paths("sandbox") - paths("production")
    assert only >= {"/v1/sandbox/clock", "/v1/sandbox/messages/search", "/v1/sandbox/captchas/{id}"}
    assert not [path for path in paths("production") if "sandbox" in path]
