"""Who saw whose personal data, and the copy of them that their owner asked for."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Key, Sealed, Time, Words


class Access(Base):
    """Personal data came unmasked before somebody's eyes. Rows are only ever added."""

    __tablename__ = "accesses"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, employer_id) = 1", name="one_subject"),
        CheckConstraint("purpose in ('reveal','export','lookup')", name="purpose_is_known"),
        CheckConstraint("cardinality(fields) > 0", name="something_was_seen"),
        Index("ix_accesses_person_id", "person_id", "id"),
        Index("ix_accesses_employer_id", "employer_id", "id"),
    )

    id: Mapped[Key]
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("app.persons.id"))
    employer_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    """Whose contact it was."""
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    body_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    role: Mapped[str]
    """The role in which they looked: reviewer or administrator."""
    purpose: Mapped[str]
    fields: Mapped[Words]
    reason: Mapped[str]
    comment: Mapped[str | None]
    at: Mapped[Time]
    """By the wall clock."""


class DataExport(Base):
    """All that is kept of a person, gathered for them; `id` is its task's. Sealed, and gone after seven days."""

    __tablename__ = "data_exports"
    __table_args__ = (
        CheckConstraint("(sealed is null) = (expires_at is null)", name="a_file_expires"),
        Index("ix_data_exports_account_id", "account_id", "id"),
        Index("ix_data_exports_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    sealed: Mapped[Sealed | None]
    """The file, JSON, once it is made."""
    created_at: Mapped[Time]
    expires_at: Mapped[Time | None]
