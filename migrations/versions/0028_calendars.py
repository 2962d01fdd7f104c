"""Years of the calendar, sources of minimum wages, what the unemployed hope for and had the use of."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0028"
down_revision = "0027"

SQL = Path(__file__).parent.parent / "sql"
BY_REGION = "ix_unemployed_cases_residence_region"


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
        schema="app",
    )
    op.add_column("minimum_wages", sa.Column("source", sa.Text(), nullable=True), schema="app")
    op.add_column("minimum_wages", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="app")
    op.add_column("unemployed_cases", sa.Column("expected_salary", sa.Integer(), nullable=True), schema="app")
    used = sa.Column("policies_used", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    op.add_column("unemployed_cases", used, schema="app")
    op.create_index(BY_REGION, "unemployed_cases", ["residence_region", "id"], schema="app")
    _run("0028_calendars.sql")
    op.alter_column("minimum_wages", "source", nullable=False, schema="app")


def downgrade() -> None:
    """Take back."""
    _run("0028_calendars_back.sql")
    op.drop_index(BY_REGION, table_name="unemployed_cases", schema="app")
    op.drop_column("unemployed_cases", "policies_used", schema="app")
    op.drop_column("unemployed_cases", "expected_salary", schema="app")
    op.drop_column("minimum_wages", "version", schema="app")
    op.drop_column("minimum_wages", "source", schema="app")
    op.drop_table("calendar_years", schema="app")
