"""Recovery of accounts: cases, photos and who looked at them; claims on numbers that somebody else holds."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0004"
down_revision = "0006"

SQL = Path(__file__).parent.parent / "sql" / "0004_recovery.sql"
VISITED = ("persons", "graduates", "employers", "roster_entries", "accounts", "sessions", "phones", "trail")
"""Older tables that got a policy of their own for this."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "phone_claims",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("bidx", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'open') = (settled_at is null)", name=op.f("ck_phone_claims_settled_ones_are_dated")
        ),
        sa.CheckConstraint("status in ('open','moved','objected')", name=op.f("ck_phone_claims_status_is_known")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_phone_claims_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_claims")),
        schema="app",
    )
    op.create_index(
        "uq_phone_claims_one_open_per_number",
        "phone_claims",
        ["bidx"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "uq_phone_claims_one_open_per_person",
        "phone_claims",
        ["person_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "recoveries",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("id_number_masked", sa.Text(), nullable=False),
        sa.Column("phone_bidx", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_masked", sa.Text(), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
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
        sa.CheckConstraint(
            "(status = 'submitted') = (stage is not null)", name=op.f("ck_recoveries_stage_follows_submission")
        ),
        sa.CheckConstraint(
            "(status = 'terminated') = (ending is not null)", name=op.f("ck_recoveries_ending_follows_termination")
        ),
        sa.CheckConstraint("decision in ('approved','rejected')", name=op.f("ck_recoveries_decision_is_known")),
        sa.CheckConstraint("ending in ('withdrawn','lapsed')", name=op.f("ck_recoveries_ending_is_known")),
        sa.CheckConstraint(
            "redeemed_at is null or decision = 'approved'", name=op.f("ck_recoveries_only_approved_ones_are_redeemed")
        ),
        sa.CheckConstraint(
            "status <> 'reviewed' or decision is not null", name=op.f("ck_recoveries_decision_follows_review")
        ),
        sa.CheckConstraint(
            "status <> 'submitted' or decision is null", name=op.f("ck_recoveries_no_decision_before_review")
        ),
        sa.CheckConstraint(
            "status in ('submitted','reviewed','terminated')", name=op.f("ck_recoveries_status_is_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_recoveries_account_id")),
        sa.ForeignKeyConstraint(["graduate_id"], ["app.graduates.id"], name=op.f("fk_recoveries_graduate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_recoveries_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_recoveries_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoveries")),
        schema="app",
    )
    op.create_index("ix_recoveries_account_id", "recoveries", ["account_id", "id"], unique=False, schema="app")
    op.create_index(
        "ix_recoveries_lapses_at",
        "recoveries",
        ["lapses_at"],
        unique=False,
        schema="app",
        postgresql_where=sa.text("status <> 'terminated'"),
    )
    op.create_index("ix_recoveries_phone_bidx", "recoveries", ["phone_bidx"], unique=False, schema="app")
    op.create_index("ix_recoveries_school_id", "recoveries", ["school_id", "id"], unique=False, schema="app")
    op.create_index(
        "uq_recoveries_one_open_per_account",
        "recoveries",
        ["account_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text(
            "status = 'submitted' or (status = 'reviewed' and decision = 'approved' and redeemed_at is null)"
        ),
    )
    op.create_table(
        "recovery_photo_readings",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("recovery_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["app.accounts.id"], name=op.f("fk_recovery_photo_readings_account_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_recovery_photo_readings_body_id")),
        sa.ForeignKeyConstraint(
            ["recovery_id"], ["app.recoveries.id"], name=op.f("fk_recovery_photo_readings_recovery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_photo_readings")),
        schema="app",
    )
    op.create_index(
        "ix_recovery_photo_readings_recovery_id",
        "recovery_photo_readings",
        ["recovery_id", "account_id"],
        unique=False,
        schema="app",
    )
    op.create_table(
        "recovery_photos",
        sa.Column("recovery_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recovery_id"], ["app.recoveries.id"], name=op.f("fk_recovery_photos_recovery_id")),
        sa.PrimaryKeyConstraint("recovery_id", name=op.f("pk_recovery_photos")),
        schema="app",
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    for table in VISITED:
        op.execute(f"drop policy recovering on app.{table}")
    op.execute("revoke delete on app.phones from employment_app")
    op.drop_table("recovery_photos", schema="app")
    op.drop_index("ix_recovery_photo_readings_recovery_id", table_name="recovery_photo_readings", schema="app")
    op.drop_table("recovery_photo_readings", schema="app")
    op.drop_index(
        "uq_recoveries_one_open_per_account",
        table_name="recoveries",
        schema="app",
        postgresql_where=sa.text(
            "status = 'submitted' or (status = 'reviewed' and decision = 'approved' and redeemed_at is null)"
        ),
    )
    op.drop_index("ix_recoveries_school_id", table_name="recoveries", schema="app")
    op.drop_index("ix_recoveries_phone_bidx", table_name="recoveries", schema="app")
    op.drop_index(
        "ix_recoveries_lapses_at",
        table_name="recoveries",
        schema="app",
        postgresql_where=sa.text("status <> 'terminated'"),
    )
    op.drop_index("ix_recoveries_account_id", table_name="recoveries", schema="app")
    op.drop_table("recoveries", schema="app")
    op.drop_index(
        "uq_phone_claims_one_open_per_person",
        table_name="phone_claims",
        schema="app",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index(
        "uq_phone_claims_one_open_per_number",
        table_name="phone_claims",
        schema="app",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_table("phone_claims", schema="app")
