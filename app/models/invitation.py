"""Invitations (邀请函) of an employer to a graduate."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Document, Parties, Recorded, Sealed, Short, Time, party_indexes


class Invitation(Recorded, Parties, Base):
    """What an employer offers, in a version of its terms; an edit makes a new one, an extension does not."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(
            "status in ('sent','accepted','declined','withdrawn','expired','superseded')", name="status_is_known"
        ),
        CheckConstraint("graduate_id is not null and employer_id is not null", name="parties_are_named"),
        Index(
            "uq_invitations_one_pending_per_pair",
            "employer_id",
            "graduate_id",
            unique=True,
            postgresql_where="status = 'sent'",
        ),
        Index("ix_invitations_lapsing", "valid_until", postgresql_where="status = 'sent'"),
        Index("ix_invitations_pending", "graduate_id", postgresql_where="status = 'sent'"),
        *party_indexes("invitations"),
    )

    status: Mapped[str]
    terms_version: Mapped[Short]
    terms: Mapped[Document]
    """Position block and archive block, validated by `schemas.invitation.Terms`; of sealed fields what is shown."""
    terms_sealed: Mapped[Sealed | None]
    valid_until: Mapped[Time]
    answered_at: Mapped[Time | None]
    decline_reason: Mapped[str | None]
    employer: Mapped[Document]
    """The employer as it stood when inviting: `{name, credit_code, nature, industry, registered_region, region, …}`."""
    graduate_name: Mapped[str]
    cohort: Mapped[Short]
    level: Mapped[str]
    school_name: Mapped[str] = mapped_column()
    major: Mapped[str]
