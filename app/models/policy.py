"""Policy is data: per cohort by the province, per school by the school; the calendar of working days; the clock."""

from datetime import timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Interval, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Document, Id, Short, Time, Words


class Policy(Base):
    """What holds for a cohort (届). A version is never changed; the newest in effect holds."""

    __tablename__ = "policies"

    cohort: Mapped[Short] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[Document]
    """`{registration, leave_on, review_due_days, answer_due_days, …}`, validated by `schemas.policy`."""
    effective_from: Mapped[Time]
    recorded_at: Mapped[Time | None]
    """By the wall clock; null, as who and why: the service was founded with it."""
    recorded_by_id: Mapped[Id | None] = mapped_column(ForeignKey("app.accounts.id"))
    recorded_body_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    comment: Mapped[str | None]


class SchoolSettings(Base):
    """What a school decides for one of its cohorts."""

    __tablename__ = "school_settings"
    __table_args__ = (
        CheckConstraint(
            "review_chain <@ array['department','school'] and cardinality(review_chain) between 1 and 2",
            name="review_chain_is_known",
        ),
        CheckConstraint(
            "termination_chain <@ array['department','school'] and cardinality(termination_chain) between 1 and 2",
            name="termination_chain_is_known",
        ),
    )

    school_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"), primary_key=True)
    cohort: Mapped[Short] = mapped_column(primary_key=True)
    review_chain: Mapped[Words]
    termination_chain: Mapped[Words]
    leave_on: Mapped[Day | None]
    version: Mapped[int]
    updated_at: Mapped[Time]


class CalendarDay(Base):
    """A day on which working differs from the week's rule: an official holiday, or a make-up day."""

    __tablename__ = "calendar_days"

    date: Mapped[Day] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]


class CalendarYear(Base):
    """A year of the calendar: its version goes up with every change of its days, whoever changes one or all."""

    __tablename__ = "calendar_years"

    year: Mapped[Short] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    source: Mapped[str | None]
    """The notice that the whole year was entered from; null: single days were, and the year is not known."""


class ClockOffset(Base):
    """How far the sandbox's clock is moved; one row, absent outside the sandbox."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("only_row", name="one_row"),)

    only_row: Mapped[bool] = mapped_column(primary_key=True)
    by: Mapped[timedelta] = mapped_column(Interval)


class MinimumWage(Base):
    """The minimum wage of a place (最低工资标准): of a county, else of its city, else of its province."""

    __tablename__ = "minimum_wages"
    __table_args__ = (CheckConstraint("monthly > 0", name="monthly_is_positive"),)

    region: Mapped[str] = mapped_column(primary_key=True)
    effective_from: Mapped[Day] = mapped_column(primary_key=True)
    monthly: Mapped[int]
    """In whole yuan."""
    source: Mapped[str]
    """The notice that says so."""
    version: Mapped[int] = mapped_column(server_default=text("1"))
