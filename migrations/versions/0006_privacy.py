"""Privacy: who saw what, a person's copy of their data, corrections of rosters, archive-only graduates."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0006"
down_revision = "0007"

SQL = Path(__file__).parent.parent / "sql"


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "accesses",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose in ('reveal','export','lookup')", name=op.f("ck_accesses_purpose_is_known")),
        sa.CheckConstraint("cardinality(fields) > 0", name=op.f("ck_accesses_something_was_seen")),
        sa.CheckConstraint("num_nonnulls(person_id, employer_id) = 1", name=op.f("ck_accesses_one_subject")),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_accesses_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_accesses_body_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_accesses_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_accesses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesses")),
        schema="app",
    )
    op.create_index("ix_accesses_employer_id", "accesses", ["employer_id", "id"], unique=False, schema="app")
    op.create_index("ix_accesses_person_id", "accesses", ["person_id", "id"], unique=False, schema="app")
    op.create_table(
        "data_exports",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(sealed is null) = (expires_at is null)", name=op.f("ck_data_exports_a_file_expires")),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_data_exports_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_data_exports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_exports")),
        schema="app",
    )
    op.create_index("ix_data_exports_account_id", "data_exports", ["account_id", "id"], unique=False, schema="app")
    op.create_index("ix_data_exports_expires_at", "data_exports", ["expires_at"], unique=False, schema="app")
    op.create_table(
        "roster_corrections",
        sa.Column("entry_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("graduate_name", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint(
            "(status = 'reviewed') = (decision is not null)", name=op.f("ck_roster_corrections_decision_follows_review")
        ),
        sa.CheckConstraint(
            "(status = 'submitted') = (stage is not null)", name=op.f("ck_roster_corrections_stage_follows_submission")
        ),
        sa.CheckConstraint("decision in ('approved','rejected')", name=op.f("ck_roster_corrections_decision_is_known")),
        sa.CheckConstraint("source in ('school','provincial')", name=op.f("ck_roster_corrections_source_is_known")),
        sa.CheckConstraint(
            "status in ('submitted','reviewed','terminated')", name=op.f("ck_roster_corrections_status_is_known")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_roster_corrections_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_roster_corrections_county_id")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_roster_corrections_department_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_roster_corrections_employer_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["app.roster_entries.id"], name=op.f("fk_roster_corrections_entry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_roster_corrections_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_roster_corrections_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_corrections")),
        schema="app",
    )
    op.create_index(
        "ix_roster_corrections_department_id", "roster_corrections", ["department_id", "id"], unique=False, schema="app"
    )
    op.create_index(
        "ix_roster_corrections_graduate_id", "roster_corrections", ["graduate_id", "id"], unique=False, schema="app"
    )
    op.create_index(
        "ix_roster_corrections_school_id", "roster_corrections", ["school_id", "id"], unique=False, schema="app"
    )
    op.create_index(
        "uq_roster_corrections_one_open_per_entry",
        "roster_corrections",
        ["entry_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.add_column(
        "graduates",
        sa.Column("archive_query_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="app",
    )
    op.add_column("graduates", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True), schema="app")
    op.add_column("registration_attempts", sa.Column("level", sa.Text(), nullable=True), schema="app")
    op.add_column("registration_attempts", sa.Column("cohort", sa.SmallInteger(), nullable=True), schema="app")
    op.add_column("registration_attempts", sa.Column("outcome", sa.Text(), nullable=True), schema="app")
    op.add_column(
        "registration_attempts", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True), schema="app"
    )
    op.create_check_constraint(
        "closing_is_dated", "registration_attempts", "(outcome is null) = (closed_at is null)", schema="app"
    )
    op.create_check_constraint(
        "outcome_is_known", "registration_attempts", "outcome in ('corrected','explained','not_ours')", schema="app"
    )
    _run("0006_privacy.sql")


def downgrade() -> None:
    """Take back."""
    _run("0006_privacy_back.sql")
    op.drop_column("registration_attempts", "closed_at", schema="app")
    op.drop_column("registration_attempts", "outcome", schema="app")
    op.drop_column("registration_attempts", "cohort", schema="app")
    op.drop_column("registration_attempts", "level", schema="app")
    op.drop_column("graduates", "confirmed_at", schema="app")
    op.drop_column("graduates", "archive_query_only", schema="app")
    op.drop_index(
        "uq_roster_corrections_one_open_per_entry",
        table_name="roster_corrections",
        schema="app",
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.drop_index("ix_roster_corrections_school_id", table_name="roster_corrections", schema="app")
    op.drop_index("ix_roster_corrections_graduate_id", table_name="roster_corrections", schema="app")
    op.drop_index("ix_roster_corrections_department_id", table_name="roster_corrections", schema="app")
    op.drop_table("roster_corrections", schema="app")
    op.drop_index("ix_data_exports_expires_at", table_name="data_exports", schema="app")
    op.drop_index("ix_data_exports_account_id", table_name="data_exports", schema="app")
    op.drop_table("data_exports", schema="app")
    op.drop_index("ix_accesses_person_id", table_name="accesses", schema="app")
    op.drop_index("ix_accesses_employer_id", table_name="accesses", schema="app")
    op.drop_table("accesses", schema="app")
