"""Corrections of a roster that graduates ask for."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Parties, Recorded, Reviewed, Short, Words, sealed_for


class RosterCorrection(Recorded, Reviewed, Parties, Base):
    """What a graduate says is wrong in a roster, and what is right. Approving it writes the entry."""

    __tablename__ = "roster_corrections"
    __table_args__ = (
        CheckConstraint("status in ('submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("decision in ('approved','rejected')", name="decision_is_known"),
        CheckConstraint("(status = 'reviewed') = (decision is not null)", name="decision_follows_review"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("source in ('school','provincial')", name="source_is_known"),
        Index(
            "uq_roster_corrections_one_open_per_entry",
            "entry_id",
            unique=True,
            postgresql_where=text("status = 'submitted'"),
        ),
        *(
            Index(f"ix_roster_corrections_{party}", party, "id")
            for party in ("graduate_id", "department_id", "school_id")
        ),
    )

    entry_id: Mapped[Id] = mapped_column(ForeignKey("app.roster_entries.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    source: Mapped[str]
    cohort: Mapped[Short]
    fields: Mapped[Words]
    """The names of what is to be corrected."""
    sealed: Mapped[bytes] = sealed_for("entry_id")
    """`{before, after}` of these fields as JSON: what the roster said when it was asked, and what it should say."""
    reason: Mapped[str]
    graduate_name: Mapped[str]
    school_name: Mapped[str]
