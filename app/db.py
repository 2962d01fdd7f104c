"""PostgreSQL: a pool of lines, reads of one statement, and `apply`, the only writer of procedures.

Statements run prepared, in autocommit: each is atomic by itself and committed before its caller goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import asyncpg
import orjson
from sqlalchemy import select

from app.change import Change
from app.errors import Busy, Unavailable
from app.statements import (
    ACTOR_COLUMNS,
    DIALECT,
    PUBLIC,
    REQUEST,
    SYSTEM,
    Door,
    Narrowed,
    Prepared,
    Read,
    Result,
    Statement,
    actor,
    asked,
    compiled,
    opened,
    prepared,
)
from app.writes import compile_sets, shape, values, write_statement

__all__ = [
    "ACTOR_COLUMNS",
    "DIALECT",
    "PUBLIC",
    "REQUEST",
    "SYSTEM",
    "AlreadyExists",
    "Database",
    "Door",
    "Narrowed",
    "Prepared",
    "Read",
    "Result",
    "Stale",
    "Statement",
    "actor",
    "apply_in",
    "asked",
    "compiled",
    "connect",
    "opened",
    "run",
    "to_json",
]

STALE = "AP412"
LIMITS: Mapping[str, int] = {
    "statement_timeout": 3000,
    "lock_timeout": 1000,
    "idle_in_transaction_session_timeout": 5000,
}
"""Milliseconds."""


class Stale(Exception):
    """A guarded row was not as it had been read; nothing was written. Look again."""


class AlreadyExists(Exception):
    """A unique rule was hit; nothing was written. `rule` is the constraint's name. Look again."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


async def run(line: asyncpg.Connection, statement: Prepared, **values: Any) -> list[Result]:
    """Run a statement on a line of an open transaction."""
    return await line.fetch(statement.sql, *statement.arguments(values), record_class=statement.row)


async def apply_in(line: asyncpg.Connection, change: Change, door: Door, **given: Any) -> None:
    """Write a change as a part of an open transaction, which it undoes when a guarded row is not as it was read."""
    parts = shape(change, door)
    await run(line, write_statement(parts), **values(change, parts, {"record": None, **given}))


@cache
def _opening(door: Door) -> Statement:
    """Goes through a door, for the transaction that it is sent in."""
    return Statement(select(opened(door).c.account_id))


# -- lines ------------------------------------------------------------------------------------------------------------


def _json_default(value: object) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(type(value).__name__)


def to_json(value: object) -> bytes:
    """JSON as PostgreSQL reads it back: bytes in its hex form, times as ISO 8601."""
    return orjson.dumps(value, default=_json_default)


async def _dress(line: asyncpg.Connection) -> None:
    """Give a fresh line its codecs: ids as text, JSON by orjson."""
    await line.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")
    await line.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + to_json(value),
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )


async def connect(dsn: str, *, role: str | None) -> asyncpg.Connection:
    """One line, with its role taken."""
    settings = {"application_name": "graduate-employment", "jit": "off", "search_path": "app"}
    if role:
        settings["role"] = role
    line = await asyncpg.connect(
        dsn,
        server_settings=settings,
        statement_cache_size=2000,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,  # of any size: a page narrowed by all its filters is beyond the 15 KiB given
        timeout=5,
    )
    await _dress(line)
    return line


class Database:
    """A bounded pool of lines to one PostgreSQL. Waiting longer than `wait` seconds for a line is a refusal (503).

    The most recently used line is lent first. A line is kept only after success or an ordinary refusal of the server;
    anything else (a lost server, a cancelled request) ends it. `trips` counts statements sent, for tests.
    """

    def __init__(
        self,
        dsn: str,
        *,
        role: str | None = "employment_app",
        size: int = 10,
        wait: float = 1.0,
        limits: Mapping[str, int] = LIMITS,
    ) -> None:
        self._dsn, self._role, self._wait = dsn, role, wait
        self._limits = "; ".join(f"set {name} = {value}" for name, value in limits.items())
        self._idle: list[asyncpg.Connection] = []
        self._known: tuple[Prepared, ...] = ()
        self._size, self._free = size, asyncio.Semaphore(size)
        self.trips = 0

    async def own_line(self, **settings: str) -> asyncpg.Connection:
        """A line outside of the pool, without our codecs, for a library that keeps one; `settings` last as long."""
        taken = {"application_name": "graduate-employment", "search_path": "app", **settings}
        if self._role:
            taken["role"] = self._role
        return await asyncpg.connect(self._dsn, server_settings=taken, timeout=5)

    async def close(self) -> None:
        """End every idle line."""
        while self._idle:
            line = self._idle.pop()
            try:
                await line.close(timeout=2)
            except TimeoutError:
                line.terminate()

    async def warm(self) -> None:
        """Open every line, each with all declared statements prepared, so that the first request is not special.

        A line that takes the place of a lost one knows them too, before it is lent.
        """
        compile_sets()
        self._known = tuple(one for one in prepared() if one.declared)
        for line in await asyncio.gather(*(self._take() for _ in range(self._size))):
            self._give(line)

    async def _open(self) -> asyncpg.Connection:
        line = await connect(self._dsn, role=self._role)
        try:
            for one in self._known:
                await line._get_statement(one.sql, None, record_class=one.row)  # type: ignore[attr-defined] # noqa: SLF001
            await line.execute(self._limits)  # only now: asyncpg prepares without a Sync, so all of it is one statement
        except BaseException:
            line.terminate()
            raise
        return line

    async def rows(self, statement: Prepared, values: Mapping[str, Any]) -> list[Result]:
        """Run a statement that reads. A lost server is `Unavailable`: nothing can have been written."""
        return await self._run(statement, values, lost="database-down")

    async def write(self, statement: Prepared, values: Mapping[str, Any]) -> list[Result]:
        """Run a statement that writes. A server lost on the way is `Unavailable("outcome-unknown")`: repeat the key."""
        return await self._run(statement, values, lost="outcome-unknown")

    async def apply(self, change: Change, door: Door = REQUEST, **given: Any) -> Result:
        """Write a change, all or nothing, committed on return: what its set statements tell.

        Raises `Stale` or `AlreadyExists`: then look again.
        """
        parts = shape(change, door)
        (told,) = await self.write(write_statement(parts), values(change, parts, {"record": None, **given}))
        return told

    async def _run(self, statement: Prepared, values: Mapping[str, Any], lost: str) -> list[Result]:
        return await self._lend(
            lambda line: line.fetch(statement.sql, *statement.arguments(values), record_class=statement.row), lost
        )

    @asynccontextmanager
    async def transaction(self, door: Door | None = None, **given: Any) -> AsyncIterator[asyncpg.Connection]:
        """An ordinary transaction, for work that needs many statements (imports). Committed on leaving."""
        line = await self._take()
        try:
            async with line.transaction():
                if door:
                    await run(line, _opening(door), **given)
                yield line
        except asyncpg.PostgresError as error:
            self._give(line)
            raise _translated(error, "outcome-unknown") from error
        except (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            self._end(line)
            raise Unavailable("outcome-unknown", retry_after=2) from error
        except asyncio.CancelledError:
            self._end(line)
            raise
        except BaseException:
            self._give(line)
            raise
        self._give(line)

    async def _lend(self, work: Callable[[asyncpg.Connection], Awaitable[list[Result]]], lost: str) -> list[Result]:
        line = await self._take()
        self.trips += 1
        try:
            rows = await work(line)
        except asyncpg.PostgresError as error:
            self._give(line)
            raise _translated(error, lost) from error
        except (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            self._end(line)
            raise Unavailable(lost, retry_after=2) from error
        except BaseException:
            self._end(line)
            raise
        self._give(line)
        return rows

    async def _take(self) -> asyncpg.Connection:
        if self._free.locked():
            await self._queue()
        else:
            await self._free.acquire()
        while self._idle:
            line = self._idle.pop()
            if not line.is_closed():
                return line
        try:
            return await self._open()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            self._free.release()
            raise Unavailable("database-down", retry_after=2) from error
        except BaseException:
            self._free.release()
            raise

    async def _queue(self) -> None:
        try:
            async with asyncio.timeout(self._wait):
                await self._free.acquire()
        except TimeoutError as error:
            raise Busy("pool-empty", retry_after=1) from error

    def _give(self, line: asyncpg.Connection) -> None:
        if not line.is_closed() and not line.is_in_transaction():
            self._idle.append(line)
        else:
            line.terminate()
        self._free.release()

    def _end(self, line: asyncpg.Connection) -> None:
        line.terminate()
        self._free.release()


_NOT_NOW = {"57014": "statement-timeout", "53": "database-down"}
"""SQLSTATE, or its class, of what is over in a moment."""
_ENDED_BY_SERVER = ("57P01", "57P02", "57P03", "57P05", "08000", "08003", "08006", "25P03")


def _named(error: asyncpg.PostgresError) -> bool:
    """Whether a file went, or was attached, since it was read: a look again says which."""
    held = isinstance(error, asyncpg.ForeignKeyViolationError) and error.constraint_name
    return bool(held) and str(held).endswith("_file_id")


def _translated(error: asyncpg.PostgresError, lost: str) -> Exception:
    """What an error of PostgreSQL means to a caller."""
    state = error.sqlstate or ""
    if state == STALE or state in ("40001", "40P01") or _named(error):
        return Stale()
    if isinstance(error, asyncpg.UniqueViolationError | asyncpg.ExclusionViolationError):
        return AlreadyExists(error.constraint_name or "")
    if state == "55P03":
        return Busy("rows-busy", retry_after=1)
    code = lost if state in _ENDED_BY_SERVER else _NOT_NOW.get(state, _NOT_NOW.get(state[:2]))
    return Unavailable(code, retry_after=2) if code else error
