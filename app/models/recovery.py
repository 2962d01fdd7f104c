"""Recovery of accounts whose phone is lost: the case, the photo that proves the person, who looked at it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Key, Recorded, Reviewed, Sealed, Short, Time, index_of


class Recovery(Recorded, Reviewed, Base):
    """One wish to get into an account again, reviewed by the school or by support (domain.md §2)."""

    __tablename__ = "recoveries"
    __table_args__ = (
        CheckConstraint("status in ('submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("decision in ('approved','rejected')", name="decision_is_known"),
        CheckConstraint("status <> 'reviewed' or decision is not null", name="decision_follows_review"),
        CheckConstraint("status <> 'submitted' or decision is null", name="no_decision_before_review"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("(status = 'terminated') = (ending is not null)", name="ending_follows_termination"),
        CheckConstraint("ending in ('withdrawn','lapsed')", name="ending_is_known"),
        CheckConstraint("redeemed_at is null or decision = 'approved'", name="only_approved_ones_are_redeemed"),
        Index(
            "uq_recoveries_one_open_per_account",
            "account_id",
            unique=True,
            postgresql_where=text(
                "status = 'submitted' or (status = 'reviewed' and decision = 'approved' and redeemed_at is null)"
            ),
        ),
        Index("ix_recoveries_account_id", "account_id", "id"),
        Index("ix_recoveries_school_id", "school_id", "id"),
        Index("ix_recoveries_phone_bidx", "phone_bidx"),
        Index("ix_recoveries_lapses_at", "lapses_at", postgresql_where=text("status <> 'terminated'")),
    )

    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    graduate_id: Mapped[Id] = mapped_column(ForeignKey("app.graduates.id"))
    school_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    name: Mapped[str]
    level: Mapped[str]
    cohort: Mapped[Short]
    id_number_masked: Mapped[str]
    phone_bidx: Mapped[bytes] = index_of("phone_sealed", "phone")
    phone_sealed: Mapped[Sealed]
    phone_masked: Mapped[str]
    """The new phone, proven before the case was opened."""
    lapses_at: Mapped[Time]
    """When it ends by itself: 30 days after it was opened, 72 hours after it was approved."""
    redeemed_at: Mapped[Time | None]
    ending: Mapped[str | None]


class RecoveryPhoto(Base):
    """The photo of a case that is open: its sealed bytes are in the storage, under the case's id."""

    __tablename__ = "recovery_photos"

    recovery_id: Mapped[Key] = mapped_column(ForeignKey("app.recoveries.id"))
    media_type: Mapped[str]
    size: Mapped[int]


class PhotoReading(Base):
    """Somebody looked at the photo of a case; kept when the photo is gone."""

    __tablename__ = "recovery_photo_readings"
    __table_args__ = (Index("ix_recovery_photo_readings_recovery_id", "recovery_id", "account_id"),)

    id: Mapped[Key]
    recovery_id: Mapped[Id] = mapped_column(ForeignKey("app.recoveries.id"))
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    at: Mapped[Time]
