"""What exists in the sandbox alone."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.models.base import Base, BlindIndex, Key, Sealed, Time


class SandboxMessage(Base):
    """A text message that would have been sent: the sandbox's telephone."""

    __tablename__ = "sandbox_messages"
    __table_args__ = (Index("ix_sandbox_messages_phone_bidx", "phone_bidx", "id"),)

    id: Mapped[Key]
    phone_bidx: Mapped[BlindIndex]
    sealed: Mapped[Sealed]
    """The message as JSON: phone, kind and what fills its text."""
    delivered_at: Mapped[Time]
