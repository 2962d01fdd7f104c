"""What happened: the append-only trail, the events for other systems, messages for people, remembered answers."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.models.base import Base, BlindIndex, Document, Id, Key, Parties, Time, sealed_for


class TransactionId(UserDefinedType[Any]):
    """PostgreSQL's xid8."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name."""
        return "xid8"


class TrailEntry(Base):
    """One step of one record. Rows are only ever added; each carries the hash of the one before it."""

    __tablename__ = "trail"
    __table_args__ = (Index("uq_trail_one_per_version", "record_id", "seq", unique=True),)

    id: Mapped[Key]
    record_kind: Mapped[str]
    record_id: Mapped[Id]
    seq: Mapped[int]
    """The record's version after the step."""
    action: Mapped[str]
    source: Mapped[str | None]
    situation: Mapped[str]
    stage: Mapped[str | None]
    at: Mapped[Time]
    """By the service's clock: what the rules went by."""
    real_at: Mapped[Time]
    """By the wall clock."""
    actor_kind: Mapped[str]
    account_id: Mapped[Id | None]
    responsible_id: Mapped[Id | None]
    """Who answered for the client that took the step; written by a trigger."""
    body_id: Mapped[Id | None]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    diff: Mapped[Document | None]
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """sha256 over the row before and this one; written by a trigger."""


class Event(Parties, Base):
    """Something other systems may want to know; read in the order of commits, below the oldest running transaction."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_xid", "xid", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[str] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    id: Mapped[Id]
    kind: Mapped[str]
    record_kind: Mapped[str]
    record_id: Mapped[Id]
    record_version: Mapped[int]
    at: Mapped[Time]


class Message(Base):
    """A note in somebody's inbox: a graduate's, or a body's."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("num_nonnulls(to_graduate_id, to_body_id) = 1", name="one_receiver"),
        Index("ix_messages_to_graduate_id", "to_graduate_id", "id"),
        Index("ix_messages_to_body_id", "to_body_id", "id"),
        Index("ix_messages_unread_graduate", "to_graduate_id", postgresql_where=text("read_at is null")),
        Index("ix_messages_unread_body", "to_body_id", postgresql_where=text("read_at is null")),
        Index(
            "uq_messages_one_reminder",
            "record_id",
            "kind",
            "at",
            unique=True,
            postgresql_where=text("kind like '%-lapses-in-%'"),
        ),
    )

    id: Mapped[Key]
    to_graduate_id: Mapped[Id | None]
    to_body_id: Mapped[Id | None]
    kind: Mapped[str]
    record_kind: Mapped[str]
    record_id: Mapped[Id]
    at: Mapped[Time]
    read_at: Mapped[Time | None]


class Remembered(Base):
    """The answer to a request with an Idempotency-Key, sealed, kept 72 hours."""

    __tablename__ = "remembered"
    __table_args__ = (Index("ix_remembered_until", "until"),)

    account_id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[BlindIndex]
    answer: Mapped[bytes] = sealed_for("account_id", "key")
    until: Mapped[Time]
