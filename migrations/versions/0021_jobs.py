"""The job market: posts with a search by pairs of characters, applications, invitations from an application."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0021"
down_revision = "0016"

SQL = Path(__file__).parent.parent / "sql"


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def _recorded() -> tuple[sa.Column[Any], ...]:
    """What every record has."""
    return (
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "jobs",
        *_recorded(),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer", postgresql.JSONB(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("salary_to", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("facets", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status in ('draft','submitted','reviewed','terminated')", name=op.f("ck_jobs_status_is_known")
        ),
        sa.CheckConstraint(
            "status <> 'reviewed' or decision is not null", name=op.f("ck_jobs_decision_follows_review")
        ),
        sa.CheckConstraint(
            "status not in ('draft','submitted') or decision is null", name=op.f("ck_jobs_nothing_is_decided_before")
        ),
        sa.CheckConstraint(
            "(status = 'submitted') = (stage is not null)", name=op.f("ck_jobs_stage_follows_submission")
        ),
        sa.CheckConstraint("(status = 'terminated') = (ending is not null)", name=op.f("ck_jobs_an_ending_ends")),
        sa.CheckConstraint("ending in ('closed','taken_down')", name=op.f("ck_jobs_ending_is_known")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_jobs_employer_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_jobs_county_id")),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_jobs_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        schema="app",
    )
    for party in ("employer_id", "county_id", "city_id"):
        op.create_index(f"ix_jobs_{party}", "jobs", [party, "id"], unique=False, schema="app")
    op.create_index(
        "ix_jobs_published",
        "jobs",
        ["id"],
        schema="app",
        postgresql_where=sa.text("status = 'reviewed' and decision = 'approved'"),
    )
    op.create_index(
        "ix_jobs_search",
        "jobs",
        ["grams"],
        schema="app",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=sa.text("status = 'reviewed' and decision = 'approved'"),
    )
    op.create_table(
        "job_applications",
        *_recorded(),
        sa.Column("job_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("employer_name", sa.Text(), nullable=False),
        sa.Column("resume", postgresql.JSONB(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=True),
        sa.Column("contact_consent", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status in ('sent','viewed','declined','invited','withdrawn')",
            name=op.f("ck_job_applications_status_is_known"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["app.jobs.id"], name=op.f("fk_job_applications_job_id")),
        sa.ForeignKeyConstraint(["graduate_id"], ["app.graduates.id"], name=op.f("fk_job_applications_graduate_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_job_applications_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_applications")),
        schema="app",
    )
    op.create_index(
        "uq_job_applications_one_open_per_job",
        "job_applications",
        ["job_id", "graduate_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status in ('sent','viewed')"),
    )
    for party in ("graduate_id", "employer_id"):
        op.create_index(f"ix_job_applications_{party}", "job_applications", [party, "id"], unique=False, schema="app")
    op.create_index(
        "ix_job_applications_waiting",
        "job_applications",
        ["employer_id"],
        schema="app",
        postgresql_where=sa.text("status = 'sent'"),
    )
    _run("0021_jobs.sql")


def downgrade() -> None:
    """Take back: posts and applications go."""
    _run("0021_jobs_back.sql")
    op.drop_table("job_applications", schema="app")
    op.drop_table("jobs", schema="app")
