"""Objections (异议): against an annulment, and against a placement that is not the graduate's."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Id, Parties, Recorded, Reviewed, Short, Words, party_indexes


class Objection(Recorded, Reviewed, Parties, Base):
    """What a side says against a placement's annulment, or the graduate against a placement. One is open at a time."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint("status in ('submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("decision in ('upheld','dismissed')", name="decision_is_known"),
        CheckConstraint("(status = 'reviewed') = (decision is not null)", name="decision_follows_review"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint(
            "(decision is not distinct from 'upheld') = (outcome is not null)", name="an_outcome_follows_upholding"
        ),
        CheckConstraint("kind in ('annulment','not_mine')", name="kind_is_known"),
        CheckConstraint("objected_by in ('graduate','employer')", name="who_objects_is_a_side"),
        Index(
            "uq_objections_one_open_per_placement",
            "placement_id",
            unique=True,
            postgresql_where=text("status = 'submitted'"),
        ),
        Index("ix_objections_placement_id", "placement_id", "id"),
        *party_indexes("objections"),
    )

    placement_id: Mapped[Id] = mapped_column(ForeignKey("app.placements.id"))
    kind: Mapped[str]
    objected_by: Mapped[str]
    cohort: Mapped[Short]
    graduate_name: Mapped[str]
    school_name: Mapped[str]
    unit_name: Mapped[str | None]
    reason: Mapped[str]
    proof_file_ids: Mapped[Words]
    comment: Mapped[str | None]
    """What the last body that decided says."""
    outcome: Mapped[str | None]
    """What upholding did: `annulled`, `reinstated`; or nothing, because of `slot_taken` or `already_ended`."""
    escalate_until: Mapped[Day | None]
    """The last day on which a dismissal may be taken on to the next body of the chain."""
