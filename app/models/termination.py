"""Terminations (解约): the only way to end what is live."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Id, Parties, Recorded, Short, Time, Turns, Words, party_indexes


class Termination(Recorded, Parties, Base):
    """One side's wish to end a placement, answered by the other side or by a reviewing body."""

    __tablename__ = "terminations"
    __table_args__ = (
        CheckConstraint("status in ('submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("(status = 'reviewed') = (decision is not null)", name="decision_follows_review"),
        CheckConstraint("decision in ('agreed','refused')", name="decision_is_known"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("asked_by in ('graduate','employer')", name="asker_is_a_side"),
        CheckConstraint("ending in ('withdrawn','moot')", name="ending_is_known"),
        Index(
            "uq_terminations_one_open_per_placement",
            "placement_id",
            unique=True,
            postgresql_where=text("status = 'submitted'"),
        ),
        Index("ix_terminations_reply_due_on", "reply_due_on", postgresql_where=text("stage = 'counterparty'")),
        *party_indexes("terminations"),
    )

    placement_id: Mapped[Id] = mapped_column(ForeignKey("app.placements.id"))
    asked_by: Mapped[str]
    type: Mapped[str]
    reason: Mapped[str]
    liquidated_damages_paid: Mapped[bool | None]
    proof_file_ids: Mapped[Words] = mapped_column(server_default=text("'{}'"))
    status: Mapped[str]
    decision: Mapped[str | None]
    stage: Mapped[str | None]
    chain: Mapped[Turns | None]
    turn: Mapped[Short | None]
    reply_due_on: Mapped[Day | None]
    """The last day on which the other side may answer; then a reviewing body decides. Null where no side answers."""
    comment: Mapped[str | None]
    ending: Mapped[str | None]
    decided_at: Mapped[Time | None]
