"""Quotas: how many outstanding graduates a school or department may put forward."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Recorded, Short


class Quota(Recorded, Base):
    """The places of a body for a cohort. An approval takes one in its own write; what is undone gives it back."""

    __tablename__ = "quotas"
    __table_args__ = (
        CheckConstraint("used between 0 and allowed", name="used_within_allowed"),
        Index("uq_quotas_one_per_body", "body_id", "cohort", unique=True),
        Index("ix_quotas_body_id", "body_id", "id"),
        Index("ix_quotas_set_by", "set_by", "id"),
    )

    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    cohort: Mapped[Short]
    set_by: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    """The body above, which sets it."""
    allowed: Mapped[int]
    used: Mapped[int]
