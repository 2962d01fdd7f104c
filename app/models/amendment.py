"""Amendments (变更申请): harmless fields of a placement in force, changed after another review."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Differences, Id, Parties, Recorded, Reviewed, Sealed, Short, party_indexes


class Amendment(Recorded, Reviewed, Parties, Base):
    """What one side wants a placement to say instead. Approving it writes the placement."""

    __tablename__ = "amendments"
    __table_args__ = (
        CheckConstraint("status in ('submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("decision in ('approved','rejected')", name="decision_is_known"),
        CheckConstraint("(status = 'reviewed') = (decision is not null)", name="decision_follows_review"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("(status = 'terminated') = (ending is not null)", name="ending_follows_termination"),
        CheckConstraint("asked_by in ('graduate','employer')", name="asker_is_a_side"),
        Index(
            "uq_amendments_one_open_per_placement",
            "placement_id",
            unique=True,
            postgresql_where=text("status = 'submitted'"),
        ),
        *party_indexes("amendments"),
    )

    placement_id: Mapped[Id] = mapped_column(ForeignKey("app.placements.id"))
    placement_kind: Mapped[str]
    asked_by: Mapped[str]
    diff: Mapped[Differences]
    """`[{pointer, from, to}, …]`: what the placement said when it was asked, and what it is to say, as it is shown."""
    diff_sealed: Mapped[Sealed | None]
    reason: Mapped[str]
    ending: Mapped[str | None]
    """`withdrawn` by who asked, `moot` because the placement ended."""
    cohort: Mapped[Short]
    graduate_name: Mapped[str]
    school_name: Mapped[str]
    unit_name: Mapped[str | None]
