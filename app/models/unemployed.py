"""Cases of graduates without a placement, and what the bureaus log of reaching them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Id, Key, Parties, Recorded, Short, Time, Words, party_indexes


class UnemployedCase(Recorded, Parties, Base):
    """What a graduate declares; with a bureau, the case in which it follows them up. One is open for a graduate."""

    __tablename__ = "unemployed_cases"
    __table_args__ = (
        CheckConstraint("status in ('open','closed')", name="status_is_known"),
        CheckConstraint("(status = 'closed') = (ending is not null)", name="closing_has_an_ending"),
        CheckConstraint("(status = 'closed') = (closed_at is not null)", name="closing_is_dated"),
        CheckConstraint("ending in ('placed','declared','unreachable','moved')", name="ending_is_known"),
        CheckConstraint("status = 'closed' or follow_up_due_on is not null", name="what_is_open_is_due"),
        CheckConstraint("status = 'closed' or body_id is not null", name="what_is_open_has_a_bureau"),
        Index(
            "uq_unemployed_cases_one_open_per_graduate",
            "graduate_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        *(one for one in party_indexes("unemployed_cases") if one.name != "ix_unemployed_cases_employer_id"),
        Index("ix_unemployed_cases_residence_region", "residence_region", "id"),
        Index("ix_unemployed_cases_due", "body_id", "follow_up_due_on", postgresql_where=text("status = 'open'")),
        Index(
            "ix_unemployed_cases_reached",
            *("cohort", "body_id", "reached_on"),
            postgresql_where=text("body_id is not null"),
        ),
    )

    status: Mapped[str]
    ending: Mapped[str | None]
    closed_at: Mapped[Time | None]
    situation: Mapped[str]
    plans_to_study: Mapped[bool]
    residence_region: Mapped[str]
    residence_address: Mapped[str]
    wanted_region: Mapped[str | None]
    wanted_work: Mapped[str | None]
    expected_salary: Mapped[int | None]
    service_needs: Mapped[Words]
    services_given: Mapped[Words]
    policies_used: Mapped[Words] = mapped_column(server_default=text("'{}'"))
    body_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    """Who follows up: the county's bureau, for who lives outside the province the provincial one; null for nobody."""
    follow_up_due_on: Mapped[Day | None]
    contacts: Mapped[Short]
    """How many were logged."""
    reached_on: Mapped[Day | None]
    """When the graduate was first spoken with."""
    graduate_name: Mapped[str]
    school_name: Mapped[str]
    level: Mapped[str]
    cohort: Mapped[Short]
    major: Mapped[str]


class Contact(Base):
    """One attempt of a bureau to reach the graduate of a case."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("channel in ('phone','text','online','visit','office')", name="channel_is_known"),
        CheckConstraint("result in ('reached','declined','no_answer','wrong_number')", name="result_is_known"),
        Index("ix_contacts_case_id", "case_id", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[Id] = mapped_column(ForeignKey("app.unemployed_cases.id"))
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    contacted_on: Mapped[Day]
    channel: Mapped[str]
    result: Mapped[str]
    comment: Mapped[str | None]
    next_on: Mapped[Day]
    logged_at: Mapped[Time]
