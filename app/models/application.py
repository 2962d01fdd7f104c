"""Applications (就业手续): six kinds of tracked cases, one table."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Document, Id, Parties, Recorded, Reviewed, Sealed, Short, Time, Words

KINDS = (
    "kind in ('job_seeking_subsidy','outstanding_graduate','reassignment','deferred_dispatch','certificate_reissue',"
    "'archive_redirect')"
)
FULFILMENTS = (
    "fulfilment in ('none','to_pay','paid','failed','to_print','printed','ready_for_collection','collected','lapsed')"
)


class Application(Recorded, Reviewed, Parties, Base):
    """One application. The person is one for all their studies, so that a subsidy is given once over all cohorts."""

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint(KINDS, name="kind_is_known"),
        CheckConstraint("status in ('draft','submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("decision in ('approved','rejected')", name="decision_is_known"),
        CheckConstraint(
            "case status when 'reviewed' then decision is not null when 'terminated' then ending is not null"
            " else decision is null end",
            name="decision_follows_review",
        ),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("(status = 'terminated') = (ended_at is not null)", name="ending_is_dated"),
        CheckConstraint(FULFILMENTS, name="fulfilment_is_known"),
        CheckConstraint(
            "coalesce(decision = 'approved', false) = (fulfilment is not null)", name="fulfilment_follows_approval"
        ),
        Index(
            "uq_applications_one_subsidy_per_person",
            "person_id",
            unique=True,
            postgresql_where=text(
                "kind = 'job_seeking_subsidy' and (status in ('draft','submitted')"
                " or status = 'reviewed' and decision = 'approved')"
            ),
        ),
        Index(
            "uq_applications_one_open_per_kind",
            *("graduate_id", "kind"),
            unique=True,
            postgresql_where=text("status in ('draft','submitted')"),
        ),
        *(
            Index(f"ix_applications_{party}", party, "id")
            for party in ("graduate_id", "department_id", "school_id", "county_id", "city_id")
        ),
        Index("ix_applications_published", "id", postgresql_where=text("stage = 'publicity'")),
        Index("ix_applications_outstanding", "id", postgresql_where=text("kind = 'outstanding_graduate'")),
        Index("ix_applications_to_pay", "cohort", "id", postgresql_where=text("fulfilment = 'to_pay'")),
    )

    kind: Mapped[str]
    person_id: Mapped[Id] = mapped_column(ForeignKey("app.persons.id"))
    cohort: Mapped[Short]
    level: Mapped[str]
    graduate_name: Mapped[str]
    school_name: Mapped[str]
    major: Mapped[str]
    details: Mapped[Document]
    """Typed by kind; of a bank card its last four digits alone, of other sealed fields what is shown of them."""
    details_sealed: Mapped[Sealed | None]
    bank_card_sealed: Mapped[Sealed | None]
    amount: Mapped[int | None]
    """Of a subsidy in whole yuan, as the cohort's policy had it at the approval."""
    fulfilment: Mapped[str | None]
    dispatch_id: Mapped[Id | None] = mapped_column(ForeignKey("app.dispatches.id"))
    """The dispatch that the approval recorded."""
    collect_on: Mapped[Day | None]
    """The day that the graduate means to come for what is ready."""
    ended_at: Mapped[Time | None]
    ending: Mapped[str | None]
    returned_at: Mapped[Time | None]
    """When a reviewer gave it back for correction; null again once it is resubmitted."""
    returned_details: Mapped[Document | None]
    """What it said then: a resubmission keeps in the trail what is another."""
    returned_details_sealed: Mapped[Sealed | None]
    findings: Mapped[Words | None]
    """Codes of the automatic pre-checks, made at submission; they never block and graduates never see them."""
