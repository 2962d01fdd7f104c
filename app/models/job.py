"""The job market (就业市场): posts of employers, and graduates' applications for them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Day, Document, Id, Recorded, Reviewed, Time, Words


class Job(Recorded, Reviewed, Base):
    """A post of an employer. What it says is `terms`; `search_text`, `grams` and `facets` are read off it to search by.

    A post whose last day is over reads as terminated, whatever its row says.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("status in ('draft','submitted','reviewed','terminated')", name="status_is_known"),
        CheckConstraint("status <> 'reviewed' or decision is not null", name="decision_follows_review"),
        CheckConstraint("status not in ('draft','submitted') or decision is null", name="nothing_is_decided_before"),
        CheckConstraint("(status = 'submitted') = (stage is not null)", name="stage_follows_submission"),
        CheckConstraint("(status = 'terminated') = (ending is not null)", name="an_ending_ends"),
        CheckConstraint("ending in ('closed','taken_down')", name="ending_is_known"),
        Index("ix_jobs_employer_id", "employer_id", "id"),
        Index("ix_jobs_county_id", "county_id", "id"),
        Index("ix_jobs_city_id", "city_id", "id"),
        Index("ix_jobs_published", "id", postgresql_where=text("status = 'reviewed' and decision = 'approved'")),
        Index(
            "ix_jobs_search",
            "grams",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=text("status = 'reviewed' and decision = 'approved'"),
        ),
    )

    employer_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    county_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    city_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    employer: Mapped[Document]
    """The employer as it stood when posting: `{name, nature, industry, registered_region}`."""
    terms: Mapped[Document]
    """What the post says, validated by `schemas.job.JobTerms`."""
    end_on: Mapped[Day]
    salary_to: Mapped[int]
    search_text: Mapped[str]
    """Title, description and employer, folded in width and case, a line each."""
    grams: Mapped[Words]
    """What the search index has: every one and every two neighboring characters of `search_text`, and the facets."""
    facets: Mapped[Words]
    """What a search may be narrowed by: `region:3701`, `industry:34`, `level:master`, `major:…`, `salary:8000`."""
    ending: Mapped[str | None]


class JobApplication(Recorded, Base):
    """A graduate's application for a job, with the part of their record that they chose to show."""

    __tablename__ = "job_applications"
    __table_args__ = (
        CheckConstraint("status in ('sent','viewed','declined','invited','withdrawn')", name="status_is_known"),
        Index(
            "uq_job_applications_one_open_per_job",
            "job_id",
            "graduate_id",
            unique=True,
            postgresql_where=text("status in ('sent','viewed')"),
        ),
        Index("ix_job_applications_graduate_id", "graduate_id", "id"),
        Index("ix_job_applications_employer_id", "employer_id", "id"),
        Index("ix_job_applications_waiting", "employer_id", postgresql_where=text("status = 'sent'")),
    )

    job_id: Mapped[Id] = mapped_column(ForeignKey("app.jobs.id"))
    graduate_id: Mapped[Id] = mapped_column(ForeignKey("app.graduates.id"))
    employer_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    status: Mapped[str]
    job_title: Mapped[str]
    employer_name: Mapped[str]
    """Both as they stood when the graduate applied."""
    resume: Mapped[Document]
    """`{field: value}` of the fields chosen, as they stood; what was not chosen is not here."""
    introduction: Mapped[str | None]
    contact_consent: Mapped[bool]
    """Whether the employer may have the graduate's phone while the application is not withdrawn or declined."""
    answered_at: Mapped[Time | None]
    decline_reason: Mapped[str | None]
