"""What every table shares: the schema, the column types that raw asyncpg can carry, the columns of a procedure."""

from datetime import date, datetime
from typing import Annotated, Any, cast

from sqlalchemy import (
    ARRAY,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

Id = Annotated[str, mapped_column(Uuid(as_uuid=False))]
"""A UUIDv7 as text."""
Key = Annotated[str, mapped_column(Uuid(as_uuid=False), primary_key=True)]
Time = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column(Date)]
Short = Annotated[int, mapped_column(SmallInteger)]


def sealed_for(*row: str) -> MappedColumn[Any]:
    """AEAD ciphertext, bound to its table, its column and the row that these columns name, `/` between them."""
    return mapped_column(LargeBinary, info={"sealed_for": row})


Sealed = Annotated[bytes, sealed_for("id")]
"""AEAD ciphertext, bound to its table, column and row's id."""
SealedForPerson = Annotated[bytes, sealed_for("person_id")]
"""As `Sealed`, bound to the person's id."""
BlindIndex = Annotated[bytes, mapped_column(LargeBinary)]
"""Keyed digest of a sealed value, for equality alone."""


def index_of(sealed: str, kind: str) -> MappedColumn[Any]:
    """The blind index, as this kind of value, of what this column of the row has sealed."""
    return mapped_column(LargeBinary, info={"index_of": (sealed, kind)})


Document = Annotated[dict[str, Any], mapped_column(JSONB)]
Turns = Annotated[list[dict[str, Any]], mapped_column(JSONB)]
"""A review chain: `[{stage, body_id, body_name}, …]`, fixed at submission."""
Differences = Annotated[list[dict[str, Any]], mapped_column(JSONB)]
"""`[{pointer, from, to}, …]`."""
Words = Annotated[list[str], mapped_column(ARRAY(Text))]
Digests = Annotated[list[bytes], mapped_column(ARRAY(LargeBinary), server_default=text("'{}'"))]
"""Keyed digests; none by default."""


class Base(DeclarativeBase):
    """All tables live in the schema `app`."""

    metadata = MetaData(
        schema="app",
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        },
    )
    type_annotation_map = {str: Text, int: Integer, datetime: DateTime(timezone=True)}  # noqa: RUF012 (SQLAlchemy's own declaration)


def table_of(model: type[Base]) -> Table:
    """The table that a model declares."""
    return cast("Table", model.__table__)


class Recorded:
    """A record with a version: one up with each change, checked by each move."""

    id: Mapped[Key]
    version: Mapped[int]
    created_at: Mapped[Time]
    updated_at: Mapped[Time]


PARTIES = ("graduate_id", "employer_id", "department_id", "school_id", "county_id", "city_id")


class Parties:
    """Who a record concerns, and so who may see it: a body sees a row if it is named in it."""

    graduate_id: Mapped[Id | None]
    employer_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    department_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    school_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    county_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    city_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))


def party_indexes(table: str) -> tuple[Index, ...]:
    """One index for each party's own list, newest first by id, and one for the province's."""
    return tuple(Index(f"ix_{table}_{party}", party, "id") for party in PARTIES)


class Reviewed:
    """A procedure that bodies review in turn."""

    status: Mapped[str]
    decision: Mapped[str | None]
    stage: Mapped[str | None]
    """Whose turn it is while submitted."""
    chain: Mapped[Turns | None]
    turn: Mapped[Short | None]
    submitted_at: Mapped[Time | None]
    decided_at: Mapped[Time | None]
