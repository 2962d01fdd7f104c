"""A real server on a database of its own, with callers of every kind and records in several situations."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import asyncpg
import httpx
import requests

from app.service import Service
from tests.accounts.lost import ask, kept_code
from tests.accounts.people import Enrolled, phone
from tests.agreements.given import Given
from tests.amendments.given import amendment
from tests.world import World

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERSION = re.compile(r'(W/)?"\d{1,9}(-[0-9a-f]{1,64})?"', re.ASCII)


@dataclass
class Arena:
    """Where cases are sent: an address, tokens by who has them, ids by the resource that they belong to."""

    address: str
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    async def made(cls, service: Service, address: str, line: asyncpg.Connection) -> "Arena":
        """An arena on a running server; `service` and `line` are on its database."""
        arena = cls(address)
        arena.session.trust_env = False  # what the environment says of proxies is looked up for each of 20,000 requests
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            given = await Given.everybody(await World.made(service, client, line))
            async for path in _records(given):
                resource, record = path.split("/")[2:]
                arena.ids.setdefault(resource, []).append(record)
                arena.tokens[f"graduate of {path}"] = given.cast["graduate"].token
        arena.tokens |= {who: somebody.token for who, somebody in given.cast.items()}
        arena.ids["reviews"] = [str(one["id"]) for one in await line.fetch("select id from app.reviews")]
        return arena

    def furnished(self, case: Any) -> dict[str, str]:
        """A caller's token for a case; what is well-formed in it becomes real: its id mostly, its version sometimes.

        All of it follows from the case, so that the same case is the same request again.
        """
        chance = crc32(repr((case.path_parameters, case.query, case.headers, case.body)).encode(errors="replace"))
        ids = self.ids.get(case.path.split("/")[2] if case.path.startswith("/v1/") else "")
        named = case.path_parameters or {}
        if ids and chance % 4 and ID.fullmatch(str(named.get("id"))):
            named["id"] = ids[chance // 4 % len(ids)]
        headers = {"Authorization": f"Bearer {self.tokens[sorted(self.tokens)[chance // 64 % len(self.tokens)]]}"}
        if VERSION.fullmatch(str((case.headers or {}).get("If-Match"))) and chance // 2048 % 2:
            headers["If-Match"] = '"1"'
        return headers


async def _records(given: Given) -> AsyncIterator[str]:
    """The paths of records, each with a graduate of its own."""
    yield await given.invitation("sent")
    await given.new_graduate()
    yield await given.agreement("submitted", "department")
    await given.new_graduate()
    yield await given.agreement("approved", None)
    await given.new_graduate()
    yield await amendment(given, "submitted", "graduate")
    await given.new_graduate()
    yield await given.termination("asked", None)
    who, number = Enrolled("", given.cast["graduate"].facts | {"school_code": given.world.school_code}), phone()
    opened = await ask(given.world, who, number, code=await kept_code(given.world, number, "recovery"))
    yield f"/v1/recoveries/{opened.json()['reference']}"
