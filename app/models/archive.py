"""Archive flow (档案流向): dispatches of personal files, and where each file went on its way."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Id, Recorded, Short, Time


class Dispatch(Recorded, Base):
    """The dispatch of a person's file (档案派遣): its certificate, and the unit that it went to.

    It is the person's, registered or not: who registers later reads it too.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        CheckConstraint("status in ('recorded','voided')", name="status_is_known"),
        Index("uq_dispatches_one_per_number", "number", unique=True, postgresql_where=text("status = 'recorded'")),
        *(Index(f"ix_dispatches_{party}", party, "id") for party in ("person_id", "school_id", "department_id")),
    )

    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    graduate_id: Mapped[Id | None] = mapped_column(ForeignKey("app.graduates.id"))
    school_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    department_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    county_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    """The bureau of the unit's region."""
    city_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    recorder_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    recorder_name: Mapped[str]
    graduate_name: Mapped[str]
    level: Mapped[str]
    cohort: Mapped[Short]
    school_name: Mapped[str]
    status: Mapped[str]
    number: Mapped[str]
    voided_by: Mapped[Id | None] = mapped_column(ForeignKey("app.dispatches.id"))
    """The dispatch that an approval recorded in its place."""
    type: Mapped[str]
    unit_name: Mapped[str]
    unit_region: Mapped[str]
    dispatched_on: Mapped[Day]


class ArchiveMovement(Base):
    """One leg of a file's way (档案转递): from whom, to whom, and how."""

    __tablename__ = "archive_movements"

    dispatch_id: Mapped[Id] = mapped_column(ForeignKey("app.dispatches.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    """The version of its dispatch that knew it first."""
    sender: Mapped[str]
    receiver: Mapped[str]
    receiver_region: Mapped[str | None]
    county_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    """The bureau of the receiver's region."""
    address: Mapped[str | None]
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    moved_on: Mapped[Day]
    state: Mapped[str]
    created_at: Mapped[Time]


class ArchiveBureau(Base):
    """A bureau that a file passes: a county that sent or received it, or the city above one.

    Kept by triggers on the two tables above, whoever writes them: the order in which a bureau reads its archives.
    """

    __tablename__ = "archive_bureaus"

    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"), primary_key=True)
    dispatch_id: Mapped[Id] = mapped_column(ForeignKey("app.dispatches.id"), primary_key=True)
