"""Subsidies that wait to be paid, the file for the bank over HTTP, and what the bank gives back."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from app.service import Service
from app.workflows.payments.sheets import Header
from tests.agreements.given import Given
from tests.applications.given import application
from tests.rosters.given import as_csv
from tests.working import ended, working
from tests.world import Somebody, World

EXPORTS, IMPORTS = "/v1/payments/exports", "/v1/payments/imports"
Row = dict[str, str]


@dataclass(frozen=True)
class Due:
    """A subsidy that waits to be paid, and whose it is."""

    path: str
    graduate: Somebody

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    async def version(self, world: World) -> int:
        """The one it has now."""
        return int(await world.line.fetchval("select version from app.applications where id = $1", self.id))

    async def stands(self, world: World) -> str:
        """How far it is fulfilled."""
        return str(await world.line.fetchval("select fulfilment from app.applications where id = $1", self.id))

    async def row(self, world: World, result: str, reason: str = "", **other: str) -> Row:
        """What the bank says of it."""
        said = {Header.NUMBER: f"{self.id}-{await self.version(world)}", Header.RESULT: result, Header.REASON: reason}
        return {header.value: said.get(header, "") for header in Header} | other


async def due(given: Given, many: int) -> list[Due]:
    """So many."""
    found = []
    for _ in range(many):
        path = await application(given, "job_seeking_subsidy", "to_pay", None)
        found.append(Due(path, given.cast["graduate"]))
    return found


async def ask(who: Somebody, kind: str = "csv", **headers: str) -> httpx.Response:
    """The answer to asking for a file."""
    return await who.post(EXPORTS, {"cohort": 2027, "format": kind}, **headers)


async def exported(service: Service, who: Somebody, kind: str = "csv") -> str:
    """The path of a file that is there."""
    asked = await ask(who, kind)
    assert asked.status_code == 202, asked.text
    async with working(service):
        task = await ended(who, asked.headers["Location"])
    assert task["status"] == "succeeded", task
    return str(task["result"])


def rows_of(content: bytes) -> list[Row]:
    """The rows of a file in CSV."""
    return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


async def upload(who: Somebody, content: bytes, name: str = "结果.csv") -> str:
    """Upload what the bank gave back; its id."""
    answer = await who.client.post(
        "/v1/files", params={"name": name, "purpose": "payment_results"}, content=content, headers=who.headers({})
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def begin(who: Somebody, rows: Iterable[Mapping[str, str]] | bytes, *, dry_run: bool = False) -> str:
    """Ask for an import; its id."""
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    answer = await who.post(IMPORTS, {"file_id": await upload(who, content), "dry_run": dry_run})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def imported(service: Service, who: Somebody, rows: Any, *, dry_run: bool = False) -> dict[str, Any]:
    """The import, once it is done."""
    one = await begin(who, rows, dry_run=dry_run)
    async with working(service):
        task = await ended(who, f"/v1/tasks/{one}")
    assert (task["status"], task["result"]) == ("succeeded", f"{IMPORTS}/{one}"), task
    return await counted(who, one)


async def counted(who: Somebody, one: str) -> dict[str, Any]:
    """An import in numbers."""
    found: dict[str, Any] = (await who.get(f"{IMPORTS}/{one}")).json()
    return found


def counts(found: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Paid, failed, unchanged, refused."""
    return found["paid"], found["failed"], found["unchanged"], found["refused"]


async def report(who: Somebody, one: str) -> list[tuple[int, str, list[str]]]:
    """(row, outcome, codes of errors) of each row."""
    items = (await who.get(f"{IMPORTS}/{one}/rows?limit=200")).json()["items"]
    return [(row["row"], row["outcome"], [error["code"] for error in row["errors"]]) for row in items]
