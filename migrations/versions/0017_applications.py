"""Applications (就业手续): one table for five kinds; once per person, once open per kind."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0017"
down_revision = "0021"

SQL = Path(__file__).parent.parent / "sql" / "0017_applications.sql"
CHECKS = {
    "kind_is_known": "kind in ('job_seeking_subsidy','outstanding_graduate','reassignment','deferred_dispatch','certificate_reissue')",
    "status_is_known": "status in ('draft','submitted','reviewed','terminated')",
    "decision_is_known": "decision in ('approved','rejected')",
    "decision_follows_review": "case status when 'reviewed' then decision is not null when 'terminated' then ending is not null else decision is null end",
    "stage_follows_submission": "(status = 'submitted') = (stage is not null)",
    "ending_is_dated": "(status = 'terminated') = (ended_at is not null)",
    "fulfilment_is_known": "fulfilment in ('none','to_pay','paid','failed','to_print','printed','ready_for_collection','collected','lapsed')",
    "fulfilment_follows_approval": "coalesce(decision = 'approved', false) = (fulfilment is not null)",
}
BODIES = ("employer_id", "department_id", "school_id", "county_id", "city_id")
LISTED = ("graduate_id", *BODIES[1:])


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "applications",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("graduate_name", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("major", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("bank_card_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("fulfilment", sa.Text(), nullable=True),
        sa.Column("collect_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("findings", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        *(sa.Column(body, sa.Uuid(as_uuid=False), nullable=True) for body in BODIES),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_applications_{name}")) for name, rule in CHECKS.items()),
        *(sa.ForeignKeyConstraint([body], ["app.bodies.id"], name=op.f(f"fk_applications_{body}")) for body in BODIES),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_applications_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        schema="app",
    )
    op.create_index(
        "uq_applications_one_subsidy_per_person",
        "applications",
        ["person_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text(
            "kind = 'job_seeking_subsidy' and (status in ('draft','submitted') or status = 'reviewed' and decision = 'approved')"
        ),
    )
    op.create_index(
        "uq_applications_one_open_per_kind",
        "applications",
        ["graduate_id", "kind"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status in ('draft','submitted')"),
    )
    for party in LISTED:
        op.create_index(f"ix_applications_{party}", "applications", [party, "id"], unique=False, schema="app")
    op.create_index(
        "ix_applications_outstanding",
        "applications",
        ["id"],
        unique=False,
        schema="app",
        postgresql_where=sa.text("kind = 'outstanding_graduate'"),
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.execute("drop policy applications on app.trail")
    op.drop_table("applications", schema="app")
