"""Issued documents (证明材料): each has a code that anybody can verify, and once it is stored, its hash."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Key, Time
from app.words import SignerName


class IssuedDocument(Base):
    """What is printed of a placement as one version of it has it, or of an application that was approved.

    The bytes of what is stored are in the storage, under its id.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(
            "kind in ('agreement','information_sheet','destination_certificate','dispatch_certificate')",
            name="kind_is_known",
        ),
        CheckConstraint(
            "(application_id is null) = (kind <> 'dispatch_certificate')"
            " and num_nulls(application_id, placement_id) = 1 and num_nulls(application_id, placement_version) = 1",
            name="of_one_record",
        ),
        CheckConstraint("num_nulls(sha256, size, stored_at) in (0, 3)", name="stored_whole"),
        CheckConstraint("num_nulls(signed_by, certificate) in (0, 2)", name="signed_whole"),
        CheckConstraint("certificate is null or sha256 is not null", name="signed_when_stored"),
        Index("uq_documents_code", "code", unique=True),
        Index("uq_documents_one_per_version", "placement_id", "placement_version", "kind", unique=True),
        Index("uq_documents_one_per_application", "application_id", unique=True),
        Index("ix_documents_sha256", "sha256", postgresql_where="sha256 is not null"),
    )

    id: Mapped[Key]
    placement_id: Mapped[Id | None] = mapped_column(ForeignKey("app.placements.id"))
    placement_version: Mapped[int | None]
    application_id: Mapped[Id | None] = mapped_column(ForeignKey("app.applications.id"))
    kind: Mapped[str]
    code: Mapped[str]
    issued_at: Mapped[Time]
    sha256: Mapped[bytes | None]
    """Of the stored PDF."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    stored_at: Mapped[Time | None]
    signed_by: Mapped[SignerName | None]
    """Whom the certificate names that the stored PDF is signed with; null for one stored before any was signed."""
    certificate: Mapped[bytes | None]
    """SHA-256 of that certificate."""
