"""Payments of subsidies: the file that a body gives to its bank, and what the bank gives back, row by row."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Document, Id, Key, Sealed, Short, Time


class PaymentExport(Base):
    """Who waits to be paid, with their cards, for the bank; `id` is its task's. Sealed, and gone after a day."""

    __tablename__ = "payment_exports"
    __table_args__ = (
        CheckConstraint("format in ('csv','xlsx')", name="format_is_known"),
        CheckConstraint("(sealed is null) = (expires_at is null)", name="a_file_expires"),
        Index("ix_payment_exports_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    cohort: Mapped[Short]
    format: Mapped[str]
    sealed: Mapped[Sealed | None]
    """The file in Base64, once it is made."""
    position: Mapped[Id]
    """The last application that is recorded as seen; the work goes on after it."""
    created_at: Mapped[Time]
    expires_at: Mapped[Time | None]


class PaymentImport(Base):
    """One file of the bank's results; `id` is its task's."""

    __tablename__ = "payment_imports"
    __table_args__ = (
        Index("ix_payment_imports_body_id", "body_id", "id"),
        Index("ix_payment_imports_file_id", "file_id"),
    )

    id: Mapped[Key]
    file_id: Mapped[Id | None] = mapped_column(ForeignKey("app.files.id", ondelete="SET NULL"))
    """Null once the file is gone: it has bank cards in it, and is kept for a day."""
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    """In whose name each payment is marked."""
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    dry_run: Mapped[bool]
    paid: Mapped[int]
    failed: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    position: Mapped[int]
    """The last row of the file that is reported; the work goes on after it."""
    created_at: Mapped[Time]


class PaymentImportRow(Base):
    """What became of one row of the bank's file: paid, failed, unchanged or refused, with its errors."""

    __tablename__ = "payment_import_rows"

    import_id: Mapped[Id] = mapped_column(ForeignKey("app.payment_imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[Id | None]
    outcome: Mapped[str]
    errors: Mapped[Document | None]
    """`[{column, code, params}]`; never a sensitive value."""
