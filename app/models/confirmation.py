"""Confirmations (去向确认): the graduate's word, after leaving, on where they went. Rows are only ever added."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Recorded


class Confirmation(Recorded, Base):
    """One version of one placement, confirmed: in force it is where they went, ended it means that there is nothing."""

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint("(placement_id is null) = (placement_version is null)", name="a_placement_has_its_version"),
        Index("uq_confirmations_one_per_version", "placement_id", "placement_version", unique=True),
        Index(
            "uq_confirmations_one_without_placement",
            "graduate_id",
            unique=True,
            postgresql_where=text("placement_id is null"),
        ),
        Index("ix_confirmations_graduate_id", "graduate_id", "id"),
    )

    graduate_id: Mapped[Id] = mapped_column(ForeignKey("app.graduates.id"))
    placement_id: Mapped[Id | None] = mapped_column(ForeignKey("app.placements.id"))
    """Null for a graduate who never had a placement."""
    placement_version: Mapped[int | None]
