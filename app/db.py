"""PostgreSQL: a pool of lines, reads of one statement, and `apply`, the only writer of procedures.

Statements are declared with SQLAlchemy Core, compiled to text once, and run prepared by asyncpg in autocommit: each is
atomic by itself and committed before its caller goes on. Every statement opens with one of the `app.begin_*` functions,
which set the context of row-level security for this statement alone.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

import asyncpg
import orjson
from sqlalchemy import (
    ARRAY,
    CTE,
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Integer,
    Select,
    Table,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import NullType

from app.change import Change, SetStatement
from app.errors import Busy, Unavailable

DIALECT = dialect()
_ZERO = literal_column("0", Integer)
STALE = "AP412"


class Stale(Exception):
    """A guarded row was not as it had been read; nothing was written. Look again."""


class AlreadyExists(Exception):
    """A unique rule was hit; nothing was written. `rule` is the constraint's name. Look again."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


# -- statements -------------------------------------------------------------------------------------------------------


def asked(name: str, kind: Any = None) -> BindParameter[Any]:
    """A value that each run of a statement gives; every other value is written into its text."""
    return bindparam(name, type_=kind, required=True)


def compiled(statement: Executable) -> tuple[str, tuple[str, ...]]:
    """The text of a statement and the names behind $1, $2, …; known values become literals, so partial indexes serve."""

    def known(part: Any, **_: Any) -> Any:
        if isinstance(part, BindParameter) and not part.required:
            part = literal(part.value) if isinstance(part.type, NullType) else part
            text = part.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}).string
            return literal_column(text, part.type)
        return None

    plain: Any = statement
    done = visitors.replacement_traverse(plain, {}, known).compile(dialect=DIALECT)
    return done.string, tuple(done.positiontup or ())


ACTOR_COLUMNS: tuple[Column[Any], ...] = (
    Column("account_id", Uuid(as_uuid=False)),
    Column("session_id", Uuid(as_uuid=False)),
    Column("kind", Text),
    Column("roles", ARRAY(Text)),
    Column("body_id", Uuid(as_uuid=False)),
    Column("school_id", Uuid(as_uuid=False)),
    Column("person_id", Uuid(as_uuid=False)),
    Column("graduate_id", Uuid(as_uuid=False)),
    Column("verified_at", DateTime(timezone=True)),
    Column("amr", ARRAY(Text)),
    Column("auth_at", DateTime(timezone=True)),
    Column("record_id", Uuid(as_uuid=False)),
)


@dataclass(frozen=True, slots=True)
class Door:
    """How a statement comes to its rights: the function of PostgreSQL that sets its context, or returns no row."""

    function: str
    parameters: tuple[tuple[str, Any], ...]


@cache
def opened(door: Door) -> TableValuedAlias:
    """The door's function as the table `actor`; its first column is never null."""
    given = (asked(name, kind) for name, kind in door.parameters)
    columns = (column(one.name, one.type) for one in ACTOR_COLUMNS)
    return getattr(func.app, door.function)(*given).table_valued(*columns, name="actor")  # type: ignore[no-any-return]


REQUEST = Door("begin_request", (("session", Uuid(as_uuid=False)), ("record", Uuid(as_uuid=False))))
PUBLIC = Door("begin_public", (("purpose", Text()),))
SYSTEM = Door("begin_system", (("job", Text()), ("body", Uuid(as_uuid=False))))

actor = opened(REQUEST)
"""The caller, in statements that run for a session."""


class Result(asyncpg.Record):
    """A row with its columns as attributes. Reading a column that was not selected is an AttributeError."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Statement:
    """A statement compiled once."""

    def __init__(self, statement: Executable) -> None:
        self.sql, self.names = compiled(statement)
        self.arguments: Callable[[Mapping[str, Any]], Sequence[Any]] = _in_order(self.names)

    def __repr__(self) -> str:
        return self.sql


class Read(Statement):
    """A select that runs for a caller: `inner` for everything after the actor, as a lateral sub-select.

    Every row ends with the actor's columns. No row: no session. A row whose first column is null: nothing visible.
    """

    def __init__(self, inner: Select[Any] | CompoundSelect[Any], *beside: Select[Any], door: Door = REQUEST) -> None:
        who = opened(door)
        source: Any = who
        chosen: list[Any] = []
        for place, one in enumerate((inner, *beside)):
            part = (one if one._limit_clause is not None else one.offset(_ZERO)).lateral(f"part_{place}")  # noqa: SLF001
            source = source.outerjoin(part, true())
            chosen += part.c
        whose = (who.c[one.name].label(f"caller_{one.name}") for one in ACTOR_COLUMNS)
        super().__init__(select(*chosen, *whose).select_from(source))


def _in_order(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    return itemgetter(*names)


async def run(line: asyncpg.Connection, statement: Statement, **values: Any) -> list[Result]:
    """Run a statement on a line of an open transaction."""
    return await line.fetch(statement.sql, *statement.arguments(values), record_class=Result)


# -- writes -----------------------------------------------------------------------------------------------------------

UpdateShape = tuple[Table, tuple[tuple[str, bool], ...], tuple[str, ...]]
InsertShape = tuple[Table, tuple[str, ...]]
Shape = tuple[Door, tuple[UpdateShape, ...], tuple[InsertShape, ...], tuple[SetStatement, ...]]


def shape(change: Change, door: Door = REQUEST) -> Shape:
    """What of a change decides its statement's text; everything else is a parameter."""
    rows: dict[InsertShape, None] = {}
    for row in change.inserts:
        rows[row.table, tuple(row.values)] = None
    return (
        door,
        tuple(
            (one.table, tuple((name, value is None) for name, value in one.where.items()), tuple(one.values))
            for one in change.updates
        ),
        tuple(rows),
        tuple(one.statement for one in change.sets),
    )


@cache
def write_statement(parts: Shape) -> Statement:
    """The one statement that writes every change of this shape.

    Each branch is gated by an uncorrelated sub-select on the actor, a one-time filter that PostgreSQL evaluates before
    any policy of that branch. Sets come first, so that they may lock rows in an order that all writers keep; then
    updates, then new rows. The end raises when an update matched nothing, which undoes all of it.
    """
    door, updates, inserts, sets = parts
    who = select(opened(door).c.account_id.label("account_id")).cte("actor")
    gate = select(func.count()).select_from(who).scalar_subquery() == 1
    swept = [one.build(_asking(f"set_{place}_"), gate) for place, one in enumerate(sets)]
    first = [gate, *(_count(ended) >= 0 for ended, *_ in swept)]
    moved = [_update(place, one, first) for place, one in enumerate(updates)]
    before = [*first, *(_count(part) == 1 for part in moved)]
    added = [_insert(place, one, before) for place, one in enumerate(inserts)]
    done = and_(gate, *(_count(part) == 1 for part in moved))
    return Statement(
        select(
            case((done, literal_column("1", Integer)), else_=func.app.refuse("stale", type_=Integer)).label("done")
        ).add_cte(who, *moved, *chain.from_iterable(swept), *added)
    )


def _count(part: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(part).scalar_subquery()


def _asking(prefix: str) -> Callable[..., BindParameter[Any]]:
    return lambda name, kind=None: asked(f"{prefix}{name}", kind)


def _update(place: int, parts: UpdateShape, before: list[ColumnElement[bool]]) -> CTE:
    table, where, values = parts
    held = [
        table.c[name].is_(None) if empty else table.c[name] == asked(f"held_{place}_{name}", table.c[name].type)
        for name, empty in where
    ]
    new: dict[str, Any] = {name: asked(f"new_{place}_{name}", table.c[name].type) for name in values}
    if "version" in table.c:
        new["version"] = table.c.version + 1
    return update(table).where(*before, *held).values(new).returning(table.c.id).cte(f"moved_{place}")


def _insert(place: int, parts: InsertShape, before: list[ColumnElement[bool]]) -> CTE:
    table, names = parts
    rows = func.jsonb_populate_recordset(
        literal_column(f"null::{table.fullname}"), asked(f"rows_{place}", JSONB)
    ).table_valued(*(column(name, table.c[name].type) for name in names), name=f"rows_{place}")
    return (
        insert(table).from_select(list(names), select(*rows.c).select_from(rows).where(*before)).cte(f"added_{place}")
    )


def _values(change: Change, parts: Shape, given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    for place, one in enumerate(change.updates):
        values.update((f"held_{place}_{name}", value) for name, value in one.where.items() if value is not None)
        values.update((f"new_{place}_{name}", value) for name, value in one.values.items())
    for place, (table, names) in enumerate(parts[2]):
        values[f"rows_{place}"] = [
            dict(row.values) for row in change.inserts if row.table is table and tuple(row.values) == names
        ]
    for place, one_set in enumerate(change.sets):
        values.update((f"set_{place}_{name}", value) for name, value in one_set.values.items())
    return values


# -- lines ------------------------------------------------------------------------------------------------------------


def _json_default(value: object) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(type(value).__name__)


def to_json(value: object) -> bytes:
    """JSON as PostgreSQL reads it back: bytes as `\\x…`, times as ISO 8601."""
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


async def connect(dsn: str, *, role: str | None, limits: Mapping[str, str]) -> asyncpg.Connection:
    """One line, with its limits set and its role taken."""
    settings = {"application_name": "graduate-employment", "jit": "off", "search_path": "app", **limits}
    if role:
        settings["role"] = role
    line = await asyncpg.connect(
        dsn,
        server_settings=settings,
        statement_cache_size=2000,
        max_cached_statement_lifetime=0,
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
        limits: Mapping[str, str] | None = None,
    ) -> None:
        self._dsn, self._role, self._wait = dsn, role, wait
        self._limits = (
            limits
            if limits is not None
            else {
                "statement_timeout": "3000",
                "lock_timeout": "1000",
                "idle_in_transaction_session_timeout": "5000",
            }
        )
        self._idle: list[asyncpg.Connection] = []
        self._free = asyncio.Semaphore(size)
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

    async def warm(self, lines: int, statements: Iterable[Statement]) -> None:
        """Open lines and prepare statements on them, so that the first request is not special."""
        statements = tuple(statements)
        opened = [await self._take() for _ in range(lines)]
        for line in opened:
            for statement in statements:
                await line._get_statement(statement.sql, None, record_class=Result)  # type: ignore[attr-defined] # noqa: SLF001
            await line.execute("select 1")  # asyncpg prepares without a Sync: until one, statement_timeout runs on
        for line in opened:
            self._give(line)

    async def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Result]:
        """Run a statement that reads. A lost server is `Unavailable`: nothing can have been written."""
        return await self._run(statement, values, lost="database-down")

    async def write(self, statement: Statement, values: Mapping[str, Any]) -> list[Result]:
        """Run a statement that writes. A server lost on the way is `Unavailable("outcome-unknown")`: repeat the key."""
        return await self._run(statement, values, lost="outcome-unknown")

    async def apply(self, change: Change, door: Door = REQUEST, **given: Any) -> None:
        """Write a change, all or nothing, committed on return. Raises `Stale` or `AlreadyExists`: then look again."""
        parts = shape(change, door)
        await self.write(write_statement(parts), _values(change, parts, {"record": None, **given}))

    async def _run(self, statement: Statement, values: Mapping[str, Any], lost: str) -> list[Result]:
        return await self._lend(
            lambda line: line.fetch(statement.sql, *statement.arguments(values), record_class=Result), lost
        )

    @asynccontextmanager
    async def transaction(self, door: Door | None = None, **given: Any) -> AsyncIterator[asyncpg.Connection]:
        """An ordinary transaction, for work that needs many statements (imports, administration). Committed on leaving."""
        line = await self._take()
        try:
            async with line.transaction():
                if door:
                    names = ", ".join(f"${place}" for place, _ in enumerate(door.parameters, 1))
                    await line.fetch(
                        f"select 1 from app.{door.function}({names})", *(given[name] for name, _ in door.parameters)
                    )
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
        try:
            async with asyncio.timeout(self._wait):
                await self._free.acquire()
        except TimeoutError as error:
            raise Busy("pool-empty", retry_after=1) from error
        while self._idle:
            line = self._idle.pop()
            if not line.is_closed():
                return line
        try:
            return await connect(self._dsn, role=self._role, limits=self._limits)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            self._free.release()
            raise Unavailable("database-down", retry_after=2) from error
        except BaseException:
            self._free.release()
            raise

    def _give(self, line: asyncpg.Connection) -> None:
        if not line.is_closed() and not line.is_in_transaction():
            self._idle.append(line)
        else:
            line.terminate()
        self._free.release()

    def _end(self, line: asyncpg.Connection) -> None:
        line.terminate()
        self._free.release()


_ENDED_BY_SERVER = ("57P01", "57P02", "57P03", "57P05", "08000", "08003", "08006", "25P03")


def _translated(error: asyncpg.PostgresError, lost: str) -> Exception:
    """What an error of PostgreSQL means to a caller."""
    state = error.sqlstate or ""
    if state == STALE or state in ("40001", "40P01"):
        return Stale()
    if isinstance(error, asyncpg.UniqueViolationError | asyncpg.ExclusionViolationError):
        return AlreadyExists(error.constraint_name or "")
    if state == "57014":
        return Unavailable("statement-timeout", retry_after=2)
    if state == "55P03":
        return Busy("rows-busy", retry_after=1)
    if state in _ENDED_BY_SERVER:
        return Unavailable(lost, retry_after=2)
    if state.startswith("53"):
        return Unavailable("database-down", retry_after=2)
    return error
