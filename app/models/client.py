"""Service clients: accounts of kind `client`, with what proves them and what they may do."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BlindIndex, Id, Key, Time, Words


class Client(Base):
    """An integration of a body. Its id is its account's, which has its name, body, roles and responsible person."""

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint("cardinality(scopes) > 0", name="may_do_something"),
        CheckConstraint("(former_hash is null) = (former_until is null)", name="an_overlap_ends"),
        Index("ix_clients_body_id", "body_id", "id"),
    )

    id: Mapped[Key] = mapped_column(ForeignKey("app.accounts.id"))
    version: Mapped[int]
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    scopes: Mapped[Words]
    secret_hash: Mapped[BlindIndex]
    """Keyed digest of the secret. It has 256 random bits: there is nothing to guess, so nothing to make slow."""
    former_hash: Mapped[BlindIndex | None]
    """Of the secret before it, good until `former_until`."""
    former_until: Mapped[Time | None]
    expires_at: Mapped[Time]
    last_used_at: Mapped[Time | None]
    """When it was last given a token."""
    created_at: Mapped[Time]
    updated_at: Mapped[Time]
