"""Persons: the ID number and the phone live here once, sealed, and nowhere else."""

from typing import Annotated

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Key, Sealed, SealedForPerson, Time, index_of


class Person(Base):
    """A natural person, known by the ID number."""

    __tablename__ = "persons"
    __table_args__ = (Index("uq_persons_id_bidx", "id_bidx", unique=True),)

    id: Mapped[Key]
    id_bidx: Mapped[bytes] = index_of("id_sealed", "id_number")
    id_sealed: Mapped[Sealed]
    created_at: Mapped[Time]


class Phone(Base):
    """A proven mobile number: one holder each, one each holder."""

    __tablename__ = "phones"
    __table_args__ = (Index("uq_phones_person_id", "person_id", unique=True),)

    bidx: Mapped[Annotated[bytes, index_of("sealed", "phone")]] = mapped_column(primary_key=True)
    sealed: Mapped[SealedForPerson]
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    proven_at: Mapped[Time]
