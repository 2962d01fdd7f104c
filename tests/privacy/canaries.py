"""Canaries: values that went through the API once and must be found nowhere afterwards; and the looking for them."""

import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import asyncpg
import httpx

from app.codes import tables

ANSWERED = frozenset({"id_number", "phone", "contact_phone", "archive_phone", "access_token", "refresh_token"})
SENT = ANSWERED | {"password", "new_password", "code", "answer", "totp"}
"""The names under which secrets travel in answers and in requests; the sandbox answers with what is sent elsewhere."""
SHORT = 8
"""Characters; a shorter value is looked for between borders, and not inside other text."""
NO_SECRET = re.compile(r"\*|…")
"""What is masked already."""
PUBLIC = frozenset(code.code for code in tables()["region"])
"""A one-time code may be drawn that is a region's too: six digits that anybody may read and that tell nothing."""
_HELPS = re.compile(r"/v1/sandbox/(captchas|messages)")


@dataclass
class Canaries:
    """What was said in confidence, and everything that was answered in the open."""

    values: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """URLs asked for, and URLs answered in headers."""

    async def hear(self, response: httpx.Response) -> None:
        """Note what a request and its answer carried: the hook of a client."""
        await response.aread()
        request = response.request
        self.addresses += [str(request.url), *(response.headers.get(name, "") for name in ("Location", "Link", "ETag"))]
        if response.headers.get("content-type", "").startswith("application/problem"):
            self.problems.append(response.text)
        self.learn(_parsed(request.content), SENT)
        if request.url.path != "/openapi.json":
            self.learn(_parsed(response.content), SENT if _HELPS.match(request.url.path) else ANSWERED)

    def learn(self, given: Any, secret: Collection[str]) -> None:
        """The values of secret fields, at any depth."""
        match given:
            case dict():
                for name, value in given.items():
                    if name in secret and isinstance(value, str) and value and not NO_SECRET.search(value):
                        self.values |= {value} - PUBLIC
                    self.learn(value, secret)
            case list():
                for one in given:
                    self.learn(one, secret)

    def found_in(self, text: str) -> set[str]:
        """The canaries that can be read in a text, as they are, in hex or in base64. What it repeats is read once."""
        told = "\n".join(set(text.splitlines()))
        return {value for value in self.values if _readable(value, told)}


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _readable(value: str, text: str) -> bool:
    if len(value) >= SHORT:
        return any(form in text for form in _forms(value))
    alone = rf"(?<![A-Za-z0-9+/=_.:-]){re.escape(value)}(?![A-Za-z0-9+/=_:-])"
    return value in text and re.search(alone, text) is not None


@cache
def _forms(value: str) -> tuple[str, ...]:
    """The ways in which a value may be written."""
    raw = value.encode()
    encoded = (b64encode(b"\0" * shift + raw).decode()[4 if shift else 0 :].rstrip("=") for shift in range(3))
    return value, json.dumps(value)[1:-1], raw.hex(), *(one[: len(one) // 4 * 4 - 4] for one in encoded)


async def columns_with(line: asyncpg.Connection, canaries: Canaries, tables: str = "%") -> Mapping[str, set[str]]:
    """The columns of every table of the database in which a canary can be read, whatever their type."""
    columns = await line.fetch(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where table_schema not in ('pg_catalog', 'information_schema') and table_name like $1 order by 1, 2, 3",
        tables,
    )
    found = {}
    for schema, table, column in columns:
        rows = await line.fetch(f'select to_jsonb(t."{column}")::text from "{schema}"."{table}" t')  # noqa: S608 (the catalog's)
        text = "\n".join(row[0] or "" for row in rows)
        if seen := canaries.found_in(text):
            found[f"{table}.{column}"] = seen
    return found


def readable(lines: Iterable[str], canaries: Canaries) -> set[str]:
    """The canaries in any of these."""
    return canaries.found_in("\n".join(lines))
