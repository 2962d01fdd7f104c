"""Amendments; what was returned, and when; who may reopen a turn; how many a unit hires."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0015"
down_revision = "0013"

SQL = Path(__file__).parent.parent / "sql" / "0015_amendments.sql"
PARTIES = ("graduate_id", "employer_id", "department_id", "school_id", "county_id", "city_id")
CHECKS = {
    "status_is_known": "status in ('submitted','reviewed','terminated')",
    "decision_is_known": "decision in ('approved','rejected')",
    "decision_follows_review": "(status = 'reviewed') = (decision is not null)",
    "stage_follows_submission": "(status = 'submitted') = (stage is not null)",
    "ending_follows_termination": "(status = 'terminated') = (ending is not null)",
    "asker_is_a_side": "asked_by in ('graduate','employer')",
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "amendments",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placement_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("placement_kind", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("diff", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("graduate_name", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(party, sa.Uuid(as_uuid=False), nullable=True) for party in PARTIES),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_amendments_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["placement_id"], ["app.placements.id"], name=op.f("fk_amendments_placement_id")),
        *(
            sa.ForeignKeyConstraint([party], ["app.bodies.id"], name=op.f(f"fk_amendments_{party}"))
            for party in PARTIES[1:]
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        schema="app",
    )
    for party in PARTIES:
        op.create_index(f"ix_amendments_{party}", "amendments", [party, "id"], schema="app")
    op.create_index(
        "uq_amendments_one_open_per_placement",
        "amendments",
        ["placement_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.add_column("placements", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True), schema="app")
    op.add_column("placements", sa.Column("returned_details", postgresql.JSONB(), nullable=True), schema="app")
    op.add_column("reviews", sa.Column("opened_by", sa.Uuid(as_uuid=False), nullable=True), schema="app")
    op.create_index(
        "ix_placements_hires",
        "placements",
        ["unit_credit_code", "cohort"],
        schema="app",
        postgresql_where=sa.text("unit_credit_code is not null and status <> 'draft'"),
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.execute("drop policy amendments on app.trail")
    op.drop_index("ix_placements_hires", table_name="placements", schema="app")
    op.drop_column("reviews", "opened_by", schema="app")
    op.drop_column("placements", "returned_details", schema="app")
    op.drop_column("placements", "returned_at", schema="app")
    op.drop_table("amendments", schema="app")
