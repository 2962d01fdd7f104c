"""Placements (毕业去向): where a graduate goes. Agreements and destinations are views of this one table."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import (
    Base,
    Day,
    Document,
    Id,
    Parties,
    Recorded,
    Reviewed,
    Sealed,
    Short,
    Time,
    Words,
    party_indexes,
)

DESTINATIONS = "kind in ('labor_contract','flexible','further_study','abroad','startup','enlistment','grassroots')"
ENTERED = "kind = 'entered_agreement'"


def kind_indexes() -> tuple[Index, ...]:
    """The lists of destinations and of entered agreements, for those who see many of them among many others."""
    return tuple(
        Index(f"ix_placements_{name}_{key[0]}", *key, postgresql_where=text(kept))
        for name, kept in (("destinations", DESTINATIONS), ("entered", ENTERED))
        for key in (("department_id", "id"), ("school_id", "id"), ("id",))
    )


class Placement(Recorded, Reviewed, Parties, Base):
    """One placement. A graduate has at most one that is live: issued, submitted, or approved and not ended."""

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint("status in ('draft','issued','submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("decision in ('approved','rejected')", name="decision_is_known"),
        CheckConstraint(
            "case status when 'reviewed' then decision is not null when 'terminated' then ending is not null"
            " else decision is null end",
            name="decision_follows_review",
        ),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("(status = 'terminated') = (ended_at is not null)", name="ending_is_dated"),
        CheckConstraint(
            "(ending is not distinct from 'annulled') = (annulment is not null)", name="an_annulment_says_whose_and_why"
        ),
        Index(
            "uq_placements_one_live_per_graduate",
            "graduate_id",
            unique=True,
            postgresql_where=text(
                "status in ('issued','submitted') or (status = 'reviewed' and decision = 'approved')"
            ),
        ),
        Index(
            "uq_placements_one_draft_per_kind",
            "graduate_id",
            "kind",
            unique=True,
            postgresql_where=text("status = 'draft'"),
        ),
        Index("uq_placements_number", "number", unique=True),
        Index(
            "ix_placements_hires",
            "unit_credit_code",
            "cohort",
            postgresql_where=text("unit_credit_code is not null and status <> 'draft'"),
        ),
        *party_indexes("placements"),
        *kind_indexes(),
    )

    kind: Mapped[str]
    number: Mapped[str | None]
    cohort: Mapped[Short]
    level: Mapped[str]
    graduate_name: Mapped[str]
    school_name: Mapped[str]
    major: Mapped[str]
    code: Mapped[str | None]
    """The destination code (毕业去向代码), derived from kind and details; null while a draft lacks what decides it."""
    subcode: Mapped[str | None]
    unit_name: Mapped[str | None]
    """For study the institution; null while a draft lacks it, and for enlistment."""
    unit_credit_code: Mapped[str | None]
    unit_nature: Mapped[str | None]
    unit_industry: Mapped[str | None]
    registered_region: Mapped[str | None]
    region: Mapped[str | None]
    details: Mapped[Document]
    """The rest, typed by kind; for an agreement the accepted terms. Of sealed fields, what is shown of them."""
    details_sealed: Mapped[Sealed | None]
    invitation_id: Mapped[Id | None] = mapped_column(ForeignKey("app.invitations.id"))
    signed_on: Mapped[Day | None]
    approved_at: Mapped[Time | None]
    ended_at: Mapped[Time | None]
    ending: Mapped[str | None]
    returned_at: Mapped[Time | None]
    """When a reviewer gave it back for correction; null again once it is resubmitted."""
    returned_details: Mapped[Document | None]
    """What it said then: a resubmission keeps in the trail what is another."""
    returned_details_sealed: Mapped[Sealed | None]
    annulment: Mapped[Document | None]
    """Who annulled it and why: `{by, by_kind, reason, comment, proof_file_ids, object_until}`."""
    findings: Mapped[Words | None]
    """Codes of the automatic pre-checks, made at submission; they never block and graduates never see them."""
