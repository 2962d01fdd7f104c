"""Claims on numbers that somebody else still holds."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Key, Sealed, Time, index_of


class PhoneClaim(Base):
    """A number proven by a new holder: it moves after 72 hours unless the present one objects (model.md §4)."""

    __tablename__ = "phone_claims"
    __table_args__ = (
        CheckConstraint("status in ('open','moved','objected')", name="status_is_known"),
        CheckConstraint("(status = 'open') = (settled_at is null)", name="settled_ones_are_dated"),
        Index("uq_phone_claims_one_open_per_number", "bidx", unique=True, postgresql_where=text("status = 'open'")),
        Index(
            "uq_phone_claims_one_open_per_person", "person_id", unique=True, postgresql_where=text("status = 'open'")
        ),
    )

    id: Mapped[Key]
    bidx: Mapped[bytes] = index_of("sealed", "phone")
    sealed: Mapped[Sealed]
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    """Who claims it; who holds it is said by `phones` alone."""
    status: Mapped[str]
    made_at: Mapped[Time]
    moves_at: Mapped[Time]
    settled_at: Mapped[Time | None]
