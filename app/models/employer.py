"""Employers (用人单位): registered here, approved by the bureau of their registered place."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Document, Id, Recorded, Reviewed, Sealed


class Employer(Recorded, Reviewed, Base):
    """A body of kind employer; `id` is the body's."""

    __tablename__ = "employers"
    __table_args__ = (
        CheckConstraint("status in ('draft','submitted','reviewed')", name="status_is_known"),
        CheckConstraint("(status = 'reviewed') = (decision is not null)", name="decision_follows_review"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("standing in ('active','suspended','closed')", name="standing_is_known"),
        Index("uq_employers_one_per_credit_code", "credit_code", unique=True, postgresql_where="standing <> 'closed'"),
        Index("ix_employers_county_id", "county_id", "id"),
        Index("ix_employers_city_id", "city_id", "id"),
    )

    credit_code: Mapped[str]
    name: Mapped[str]
    nature: Mapped[str]
    industry: Mapped[str]
    registered_region: Mapped[str]
    region: Mapped[str]
    address: Mapped[str]
    contact_name: Mapped[str]
    contact_phone_sealed: Mapped[Sealed]
    licence_file_id: Mapped[Id | None] = mapped_column(ForeignKey("app.files.id"))
    details: Mapped[Document]
    """Optional fields: affiliation, postcode, email, scale, registered_capital, legal_representative, …"""
    county_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    city_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    standing: Mapped[str]
    founded_on: Mapped[Day | None]
