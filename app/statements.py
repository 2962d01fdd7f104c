"""Statements: declared with SQLAlchemy Core, compiled to text once, at import.

A statement opens with a door, one of the `app.begin_*` functions, which sets the context of row-level security for this
statement alone.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any
from weakref import WeakSet

import asyncpg
from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    CompoundSelect,
    DateTime,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import CompilerElement
from sqlalchemy.types import NullType

_ZERO = literal_column("0", Integer)


class _Compiler(PGCompiler_asyncpg):
    """Writes every value that is known at import into the text, so that partial indexes serve."""

    def visit_bindparam(self, bindparam: BindParameter[Any], *given: Any, **named: Any) -> Any:
        if not bindparam.required:
            named["literal_binds"] = True
            if isinstance(bindparam.type, NullType):
                bindparam = literal(bindparam.value)
        return super().visit_bindparam(bindparam, *given, **named)  # type: ignore[no-untyped-call]


class _Dialect(PGDialect_asyncpg):
    statement_compiler = _Compiler
    supports_statement_cache = False  # a statement is compiled once


DIALECT: Dialect = _Dialect()  # type: ignore[no-untyped-call]


def asked(name: str, kind: Any = None) -> BindParameter[Any]:
    """A value that each run of a statement gives; every other value is written into its text."""
    return bindparam(name, type_=kind, required=True)


def compiled(statement: CompilerElement) -> tuple[str, tuple[str, ...]]:
    """A statement's text and the names behind $1, $2, …."""
    done: Any = statement.compile(dialect=DIALECT)
    return done.string, tuple(done.positiontup or ())


# -- doors ------------------------------------------------------------------------------------------------------------

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
    Column("scopes", ARRAY(Text)),
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


# -- statements -------------------------------------------------------------------------------------------------------


class Result(asyncpg.Record):
    """A row with its columns as attributes. Reading a column that was not selected is an AttributeError."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def _row(names: Iterable[str]) -> type[Result]:
    """A row of these columns, whose attributes are as quick as an index."""
    cells = {name: property(itemgetter(place)) for place, name in enumerate(names)}
    return type("Row", (Result,), {"__slots__": (), **cells})


class Prepared:
    """SQL text and the names of the values behind $1, $2, ….

    When it is `declared`, every line prepares it before it is first lent; else each does when it first runs it.
    """

    row: type[Result] = Result
    declared = False

    def __init__(self, sql: str, names: tuple[str, ...]) -> None:
        self.sql, self.names = sql, names
        self.arguments: Callable[[Mapping[str, Any]], Sequence[Any]] = _in_order(names)
        """The values of a run, in order."""
        _living.add(self)

    def __repr__(self) -> str:
        return self.sql


_living: WeakSet[Prepared] = WeakSet()


def prepared() -> Sequence[Prepared]:
    """All statements there are."""
    return tuple(_living)


class Statement(Prepared):
    """A statement compiled once."""

    declared = True

    def __init__(self, statement: CompilerElement) -> None:
        super().__init__(*compiled(statement))


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
        read = select(*chosen, *whose)
        super().__init__(read.select_from(source))
        self.row = _row(read.selected_columns.keys())


class Narrowed:
    """A read declared with all comparisons `column = name` (`<`, or `name = ANY (column)`) that may narrow it.

    It is run with the chosen ones.

    The text of a choice is made of the whole one's in microseconds; compiling each would take a page 60 ms.
    """

    def __init__(self, whole: Read, filters: Collection[str]) -> None:
        self._whole, self._filters = whole, frozenset(filters)
        self._made: dict[frozenset[str], Prepared] = {}
        self(()).declared = True

    def __call__(self, chosen: Collection[str]) -> Prepared:
        """The read narrowed by these filters alone."""
        left_out = self._filters.difference(chosen)
        if left_out not in self._made:
            self._made[left_out] = self._without(left_out)
        return self._made[left_out]

    def _without(self, left_out: frozenset[str]) -> Prepared:
        sql, names = self._whole.sql, self._whole.names
        for name in left_out:
            value = rf"\${names.index(name) + 1}::\w+"
            sql, found = re.subn(rf"[\w.]+ [=<] {value}|{value} = ANY \([\w.]+\)", "true", sql)
            if not found:
                message = f"not narrowed by {name}: {sql}"
                raise ValueError(message)
        kept = tuple(name for name in names if name not in left_out)
        places = {names.index(name) + 1: place for place, name in enumerate(kept, 1)}
        made = Prepared(re.sub(r"\$(\d+)", lambda one: f"${places[int(one[1])]}", sql), kept)
        made.row = self._whole.row
        return made


def _in_order(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    return itemgetter(*names)
