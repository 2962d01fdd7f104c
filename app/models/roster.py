"""Rosters: what schools and the province say of a graduate, and the registrations that did not match."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import (
    Base,
    BlindIndex,
    Day,
    Document,
    Id,
    Key,
    Recorded,
    Sealed,
    SealedForPerson,
    Short,
    Time,
    Words,
    index_of,
)


class RosterEntry(Recorded, Base):
    """A row of the school's or of the provincial roster (生源信息)."""

    __tablename__ = "roster_entries"
    __table_args__ = (
        CheckConstraint("source in ('school','provincial')", name="source_is_known"),
        Index("uq_roster_entries_one_per_source", "source", "person_id", "level", "cohort", "school_id", unique=True),
        Index(
            "uq_roster_entries_one_school_holds",
            *("person_id", "level", "cohort"),
            unique=True,
            postgresql_where="source = 'school'",
        ),
        Index("ix_roster_entries_school_id", "school_id", "id", postgresql_where="source = 'school'"),
        Index("ix_roster_entries_department_id", "department_id", "id"),
        Index("ix_roster_entries_provincial", "id", postgresql_where="source = 'provincial'"),
        Index("ix_roster_entries_person_id", "person_id"),
    )

    source: Mapped[str]
    school_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    department_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    name: Mapped[str]
    level: Mapped[str]
    cohort: Mapped[Short]
    completed: Mapped[bool]
    phone_bidx: Mapped[bytes | None] = index_of("phone_sealed", "phone")
    phone_sealed: Mapped[SealedForPerson | None]
    """What the roster says, not proven."""
    details: Mapped[Document]
    """The other fields of the roster, by their names in the API."""
    extra: Mapped[Document]
    """Known columns of the national layout that are not used."""
    import_id: Mapped[Id | None]
    released_at: Mapped[Time | None]
    """When the school recorded that a bound graduate (定向、委培、公费师范) need not go to the commissioning unit."""


class Graduate(Recorded, Base):
    """One person in one programme of study (毕业生), with an account."""

    __tablename__ = "graduates"
    __table_args__ = (
        Index("uq_graduates_one_per_programme", "person_id", "level", "cohort", "school_id", unique=True),
        Index("ix_graduates_school_id", "school_id", "id"),
        Index("ix_graduates_department_id", "department_id", "id"),
        CheckConstraint("unplaced_code in ('70','71','72')", name="unplaced_code_is_known"),
        Index("uq_graduates_signing_code", "signing_code", unique=True, postgresql_where="signing_code is not null"),
    )

    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    roster_entry_id: Mapped[Id] = mapped_column(ForeignKey("app.roster_entries.id"))
    school_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    department_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    name: Mapped[str]
    level: Mapped[str]
    cohort: Mapped[Short]
    major: Mapped[str]
    leave_on: Mapped[Day | None]
    """Overrides the school's and the cohort's leaving date."""
    verified_at: Mapped[Time | None]
    """When the five fields were found equal in the provincial roster."""
    verified_hash: Mapped[BlindIndex | None]
    """Keyed digest of the five fields then; the verification falls when they change."""
    archive_query_only: Mapped[bool] = mapped_column(server_default=false())
    """Of a school outside the province, registered against the provincial roster: procedures are closed to them."""
    confirmed_at: Mapped[Time | None]
    """When the graduate said that the roster is right; fields open until then are locked from then on."""
    signing_code: Mapped[str | None]
    signing_code_until: Mapped[Time | None]
    unplaced_code: Mapped[str | None]
    """What who has no placement counts as (table destination_code): 70 待就业, 71 不就业拟升学, 72 其他暂不就业."""


class RegistrationAttempt(Base):
    """A registration that did not match the school's roster, kept 30 days so that the school can help."""

    __tablename__ = "registration_attempts"
    __table_args__ = (
        CheckConstraint("(outcome is null) = (closed_at is null)", name="closing_is_dated"),
        CheckConstraint("outcome in ('corrected','explained','not_ours')", name="outcome_is_known"),
        Index("ix_registration_attempts_school_id", "school_id", "id"),
    )

    id: Mapped[Key]
    school_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    sealed: Mapped[Sealed]
    """What was typed, as JSON."""
    differing: Mapped[Words]
    created_at: Mapped[Time]
    purge_at: Mapped[Time]
    level: Mapped[str | None]
    cohort: Mapped[Short | None]
    """As typed, for narrowing the list."""
    outcome: Mapped[str | None]
    """How the school settled it."""
    closed_at: Mapped[Time | None]
