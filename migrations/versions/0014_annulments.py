"""Annulments of placements, objections to them and to placements that are not the graduate's, confirmations."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0014"
down_revision = "0015"

SQL = Path(__file__).parent.parent / "sql" / "0014_annulments.sql"
PARTIES = ("graduate_id", "employer_id", "department_id", "school_id", "county_id", "city_id")
CHECKS = {
    "status_is_known": "status in ('submitted','reviewed','terminated')",
    "decision_is_known": "decision in ('upheld','dismissed')",
    "decision_follows_review": "(status = 'reviewed') = (decision is not null)",
    "stage_follows_submission": "(status = 'submitted') = (stage is not null)",
    "an_outcome_follows_upholding": "(decision is not distinct from 'upheld') = (outcome is not null)",
    "kind_is_known": "kind in ('annulment','not_mine')",
    "who_objects_is_a_side": "objected_by in ('graduate','employer')",
}


def _objections() -> None:
    op.create_table(
        "objections",
        sa.Column("placement_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("objected_by", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("graduate_name", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof_file_ids", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("escalate_until", sa.Date(), nullable=True),
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
        *(sa.Column(party, sa.Uuid(as_uuid=False), nullable=True) for party in PARTIES),
        *(sa.CheckConstraint(check, name=op.f(f"ck_objections_{name}")) for name, check in CHECKS.items()),
        sa.ForeignKeyConstraint(["placement_id"], ["app.placements.id"], name=op.f("fk_objections_placement_id")),
        *(
            sa.ForeignKeyConstraint([party], ["app.bodies.id"], name=op.f(f"fk_objections_{party}"))
            for party in PARTIES[1:]
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        schema="app",
    )
    op.create_index(
        "uq_objections_one_open_per_placement",
        "objections",
        ["placement_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'submitted'"),
    )
    for first in ("placement_id", *PARTIES):
        op.create_index(f"ix_objections_{first}", "objections", [first, "id"], schema="app")


def _confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("placement_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("placement_version", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(placement_id is null) = (placement_version is null)",
            name=op.f("ck_confirmations_a_placement_has_its_version"),
        ),
        sa.ForeignKeyConstraint(["graduate_id"], ["app.graduates.id"], name=op.f("fk_confirmations_graduate_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["app.placements.id"], name=op.f("fk_confirmations_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        schema="app",
    )
    op.create_index(
        "uq_confirmations_one_per_version",
        "confirmations",
        ["placement_id", "placement_version"],
        unique=True,
        schema="app",
    )
    op.create_index(
        "uq_confirmations_one_without_placement",
        "confirmations",
        ["graduate_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("placement_id is null"),
    )
    op.create_index("ix_confirmations_graduate_id", "confirmations", ["graduate_id", "id"], schema="app")


def upgrade() -> None:
    """Apply."""
    op.add_column("placements", sa.Column("annulment", postgresql.JSONB(), nullable=True), schema="app")
    op.create_check_constraint(
        op.f("ck_placements_an_annulment_says_whose_and_why"),
        "placements",
        "(ending is not distinct from 'annulled') = (annulment is not null)",
        schema="app",
    )
    _objections()
    _confirmations()
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back. What was annulled stays so, without saying by whom."""
    op.execute("drop policy objections on app.trail")
    op.execute("drop policy confirmations on app.trail")
    op.drop_table("confirmations", schema="app")
    op.drop_table("objections", schema="app")
    op.drop_constraint(op.f("ck_placements_an_annulment_says_whose_and_why"), "placements", schema="app", type_="check")
    op.drop_column("placements", "annulment", schema="app")
