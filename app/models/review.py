"""Reviews: one row for each turn of each body; the queue of a body is its undecided rows."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Document, Id, Key, Parties, Short, Time


class Review(Parties, Base):
    """One turn. A claim is a lease: it keeps two reviewers apart and never bumps the record."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("(decision is null) = (decided_at is null)", name="decision_is_dated"),
        Index("uq_reviews_one_open_per_record", "record_id", unique=True, postgresql_where=text("decision is null")),
        Index("ix_reviews_open", "body_id", "opened_at", "id", postgresql_where=text("decision is null")),
        Index("ix_reviews_due", "body_id", "due_on", "id", postgresql_where=text("decision is null")),
        Index("ix_reviews_record_id", "record_id", "turn"),
    )

    id: Mapped[Key]
    record_kind: Mapped[str]
    record_id: Mapped[Id]
    turn: Mapped[Short]
    stage: Mapped[str]
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    cohort: Mapped[Short | None]
    subject: Mapped[Document]
    """What the queue shows of the record: names of the parties, position, number."""
    opened_at: Mapped[Time]
    opened_by: Mapped[Id | None]
    """Who approved the turn before, and so may reopen it while this one is undecided."""
    due_on: Mapped[Day]
    claimed_by: Mapped[Id | None]
    lease_until: Mapped[Time | None]
    decision: Mapped[str | None]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    decided_at: Mapped[Time | None]
    decided_by: Mapped[Id | None]
