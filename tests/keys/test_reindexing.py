"""Blind indexes under another key: everybody is found again, by the new one alone."""

from base64 import b64encode
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app.main import create_app
from app.models import Base
from app.sandbox import personas
from app.service import Service
from app.settings import Settings
from app.starting import start, stop
from app.workflows.keys.reindexing import reindex

INDEXES = {
    "persons.id_bidx", "phones.bidx", "roster_entries.phone_bidx", "accounts.phone_bidx", "recoveries.phone_bidx",
    "phone_claims.bidx",
}  # fmt: skip
PASSING = {"sandbox_messages.phone_bidx", "one_time_codes.phone_bidx"}
"""Of the sandbox's telephone, and of codes on their way, which fall."""


@pytest.fixture
async def other(settings: Settings, url: str) -> AsyncIterator[Service]:
    """A service with another key for blind indexes."""
    given = settings.model_dump() | {"blind_index_key": b64encode(b"\x09" * 32).decode()}
    running = await start(Settings(**given), url)
    yield running
    await stop(running)


def test_every_blind_index_is_declared_as_the_index_of_something() -> None:
    cells = {f"{t.name}.{c.name}": c for t in Base.metadata.sorted_tables for c in t.columns if c.name.endswith("bidx")}
    assert {name for name, cell in cells.items() if "index_of" in cell.info} == INDEXES
    assert cells.keys() == INDEXES | PASSING


async def sign_in(service: Service, url: str) -> httpx.Response:
    """A graduate signs in by ID number, on a service that has just started."""
    app = create_app(service.settings, url)
    app.state.service = service
    (login,) = (one["login"] for one in personas() if one["persona"] == "graduate")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        made = (await client.post("/v1/auth/captchas", json={"kind": "image", "purpose": "login"})).json()["id"]
        answer = (await client.get(f"/v1/sandbox/captchas/{made}")).json()["answer"]
        return await client.post("/v1/auth/tokens", json={**login, "captcha": {"id": made, "answer": answer}})


async def test_everybody_is_found_again(other: Service, line: asyncpg.Connection, url: str) -> None:
    assert (await sign_in(other, url)).status_code == 401, "the control: with the key alone nobody is found"
    places = [name.split(".") for name in INDEXES]
    counts = [await line.fetchval(f"select count({cell}) from app.{table}") for table, cell in places]  # noqa: S608
    assert await reindex(other) == sum(counts)
    assert await reindex(other) == 0, "again does no harm"
    assert (await sign_in(other, url)).status_code == 201


async def test_one_value_that_does_not_open_undoes_all_of_it(other: Service, line: asyncpg.Connection) -> None:
    everything = "select sha256(string_agg(id_bidx, '' order by id)) from app.persons"
    before = await line.fetchval(everything)
    await line.execute(
        "update app.persons set id_sealed = '\\x01' where id = (select id from app.persons order by id desc limit 1)"
    )
    with pytest.raises(Exception, match="not a sealed value"):
        await reindex(other)
    assert await line.fetchval(everything) == before
