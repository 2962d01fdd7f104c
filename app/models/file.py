"""Uploaded files: what is known of them, what they are attached to, and how much their owners have."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Id, Key, Time


class StoredFile(Base):
    """An uploaded file: what is known of it, for good. Its bytes are in the storage, under its id."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_body_id", "body_id", "id"),
        Index("ix_files_account_id", "account_id", "id"),
        Index("ix_files_sha256", "sha256"),
        Index("ix_files_payment_results", "created_at", postgresql_where=text("purpose = 'payment_results'")),
    )

    id: Mapped[Key]
    account_id: Mapped[Id]
    body_id: Mapped[Id | None]
    purpose: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]
    """Of the bytes as they were sent: it finds the same proof again."""
    kept_size: Mapped[int] = mapped_column(BigInteger)
    kept_sha256: Mapped[bytes]
    """Of the bytes in the storage: images and PDFs are written anew."""
    created_at: Mapped[Time]


class Attachment(Base):
    """A file that belongs to a record: as visible as the record, and never changed or removed."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_file_id", "file_id"),)

    record_id: Mapped[Id] = mapped_column(primary_key=True)
    file_id: Mapped[Id] = mapped_column(ForeignKey("app.files.id"), primary_key=True)
    record_kind: Mapped[str]
    """As in the trail: `employer`, `invitation`, …; `app.sees_record` finds its table by it."""
    purpose: Mapped[str]
    attached_at: Mapped[Time]


class FileUsage(Base):
    """What an owner (a body, or a graduate's account) has uploaded: on the day of the last upload, and in all."""

    __tablename__ = "file_usage"
    __table_args__ = (CheckConstraint("files >= 0 and bytes >= 0", name="nothing_is_negative"),)

    owner_id: Mapped[Key]
    day: Mapped[Day]
    day_files: Mapped[int]
    day_bytes: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
