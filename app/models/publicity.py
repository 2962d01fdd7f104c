"""Publicities (公示): lists of who is about to be granted something, open to everybody for some working days."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Id, Key, Short, Time


class Publicity(Base):
    """One list. It names nobody itself; its items lead to applications, of which the public sees a part, masked."""

    __tablename__ = "publicities"
    __table_args__ = (
        CheckConstraint("kind in ('job_seeking_subsidy','outstanding_graduate')", name="kind_is_published"),
        CheckConstraint("begins_on < ends_on", name="days_in_order"),
        Index("ix_publicities_body_id", "body_id", "id"),
    )

    id: Mapped[Key]
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    body_name: Mapped[str]
    kind: Mapped[str]
    cohort: Mapped[Short]
    begins_on: Mapped[Day]
    ends_on: Mapped[Day]
    """The last day."""
    objections_to: Mapped[str]
    """Where the body hears objections: a telephone number."""
    created_at: Mapped[Time]


class PublicityItem(Base):
    """An application on a list, in the turn that it waits in; one that comes back is listed anew."""

    __tablename__ = "publicity_items"
    __table_args__ = (Index("uq_publicity_items_review_id", "review_id", unique=True),)

    publicity_id: Mapped[Id] = mapped_column(ForeignKey("app.publicities.id"), primary_key=True)
    application_id: Mapped[Id] = mapped_column(ForeignKey("app.applications.id"), primary_key=True)
    review_id: Mapped[Id] = mapped_column(ForeignKey("app.reviews.id"))
