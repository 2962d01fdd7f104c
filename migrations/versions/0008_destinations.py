"""Destinations and entered agreements: derived codes, findings, their lists, minimum wages, releases of the bound."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0008"
down_revision = "0009"

SQL = Path(__file__).parent.parent / "sql" / "0008_destinations.sql"
KINDS = {
    "destinations": "kind in ('labor_contract','flexible','further_study','abroad','startup','enlistment','grassroots')",
    "entered": "kind = 'entered_agreement'",
}
KEYS = (["department_id", "id"], ["school_id", "id"], ["id"])


def upgrade() -> None:
    """Apply."""
    op.add_column("placements", sa.Column("code", sa.Text(), nullable=True), schema="app")
    op.add_column("placements", sa.Column("subcode", sa.Text(), nullable=True), schema="app")
    op.add_column("placements", sa.Column("findings", sa.ARRAY(sa.Text()), nullable=True), schema="app")
    op.alter_column("placements", "unit_name", nullable=True, schema="app")
    op.execute("update app.placements set code = '10' where kind = 'online_agreement'")
    for name, kept in KINDS.items():
        for key in KEYS:
            op.create_index(
                f"ix_placements_{name}_{key[0]}", "placements", key, schema="app", postgresql_where=sa.text(kept)
            )
    op.add_column("roster_entries", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True), schema="app")
    op.create_table(
        "minimum_wages",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("monthly", sa.Integer(), nullable=False),
        sa.CheckConstraint("monthly > 0", name=op.f("ck_minimum_wages_monthly_is_positive")),
        sa.PrimaryKeyConstraint("region", "effective_from", name=op.f("pk_minimum_wages")),
        schema="app",
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back. What only this version knows (drafts without a unit) has to be gone before."""
    op.execute("drop function app.knows_credit_code(text)")
    op.execute("drop function app.minimum_wage(text, date)")
    op.drop_table("minimum_wages", schema="app")
    op.drop_column("roster_entries", "released_at", schema="app")
    for name in KINDS:
        for key in KEYS:
            op.drop_index(f"ix_placements_{name}_{key[0]}", table_name="placements", schema="app")
    op.alter_column("placements", "unit_name", nullable=False, schema="app")
    for name in ("findings", "subcode", "code"):
        op.drop_column("placements", name, schema="app")
