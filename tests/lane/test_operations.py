"""Every operation of the service has a lane, and refuses what is odd as the framework alone would refuse it."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.routers.calling import routes_of
from app.routers.directory import Directory
from app.routers.lane import Lane, fastest
from app.security.throttle import Throttle
from app.service import Service
from app.settings import Settings
from tests.world import World

FORMS = {"/v1/oauth/token", "/v1/oauth/revoke"}
"""RFC 6749 has them send forms, which only the framework reads."""
NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"
JSON = {"Content-Type": "application/json"}
Oddity = tuple[str, str, dict[str, str], bytes]
"""The ids in the path, the query, the headers, the body."""
ODDITIES: dict[str, Oddity] = {
    "nothing there": (NOWHERE, "", JSON, b"{}"),
    "no such id": ("NONE", "", JSON, b"{}"),
    "no body": (NOWHERE, "", JSON, b""),
    "broken JSON": (NOWHERE, "", JSON, b'{"action": '),
    "no JSON": (NOWHERE, "", {"Content-Type": "text/plain"}, b"{}"),
    "a surprise": (NOWHERE, "", {**JSON, "If-Match": '"1"', "Idempotency-Key": "odd"}, b'{"surprise": 1}'),
    "no version": (NOWHERE, "", {**JSON, "If-Match": "x"}, b"{}"),
    "no page": (NOWHERE, "?limit=0&cursor=%21", JSON, b"{}"),
    "no key": (NOWHERE, "", {**JSON, "Idempotency-Key": "two words"}, b"{}"),
    "too large": (NOWHERE, "", JSON, b" " * (2 << 20)),
}


@pytest.fixture(scope="module")
def app(service: Service, settings: Settings) -> FastAPI:
    made = create_app(settings, "postgresql://nowhere")
    made.state.service = service
    return made


@pytest.fixture(scope="module")
def by_framework(service: Service, settings: Settings) -> FastAPI:
    """The same without what finds operations at once, and their lanes with it."""
    made = create_app(settings, "postgresql://nowhere")
    assert isinstance(made.router.routes.pop(0), Directory)
    made.state.service = service
    return made


def test_every_operation_but_forms_has_a_lane(app: FastAPI) -> None:
    without = {one.path for one in routes_of(app) if not isinstance(fastest(one.dependant, one.app), Lane)}
    assert without == FORMS


async def answer(app: FastAPI, method: str, path: str, headers: dict[str, str], content: bytes) -> tuple[Any, ...]:
    """What an answer says, without what each one has of its own."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        told = await client.request(method, path, headers={**headers, "X-Request-ID": "the-same-one"}, content=content)
    if told.is_success:
        return (told.status_code,)
    kept = {name: value for name, value in told.headers.items() if "limit" not in name}
    return told.status_code, kept, told.content


@pytest.mark.slow
@pytest.mark.parametrize("oddity", ODDITIES)
async def test_an_odd_request_is_refused_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, app: FastAPI, by_framework: FastAPI, oddity: str
) -> None:
    monkeypatch.setattr(world.service, "sessions_throttle", Throttle(rate=1e6, burst=10**6))
    monkeypatch.setattr(world.service, "networks_throttle", Throttle(rate=1e6, burst=10**6))
    ids, query, headers, content = ODDITIES[oddity]
    callers = {"a school": (await world.staff("school")).token}
    if oddity in ("nothing there", "broken JSON"):
        callers["nobody"] = ""
    refused = 0
    for route in routes_of(app):
        for method in (route.methods or set()) - {"DELETE"}:  # the session itself may end
            for who, token in callers.items():
                sent = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
                asked = (method, re.sub(r"\{\w+\}", ids, route.path) + query, sent, content)
                told = await answer(app, *asked)
                assert told == await answer(by_framework, *asked), (who, method, route.path)
                refused += told[0] >= 400
    assert refused > 150
