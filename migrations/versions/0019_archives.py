"""Archive flow: dispatches of personal files and their movements."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0019"
down_revision = "0020"

SQL = Path(__file__).parent.parent / "sql" / "0019_archives.sql"
PARTIES = ("person_id", "school_id", "department_id", "county_id", "city_id")


def _id(name: str, target: str, *, nullable: bool = False) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    """A column that names a row of another table."""
    rule = sa.ForeignKeyConstraint([name], [f"app.{target}.id"], name=op.f(f"fk_dispatches_{name}"))
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=nullable), rule


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "dispatches",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        *_id("person_id", "persons"),
        *_id("graduate_id", "graduates", nullable=True),
        *_id("school_id", "bodies"),
        *_id("department_id", "bodies", nullable=True),
        *_id("county_id", "bodies", nullable=True),
        *_id("city_id", "bodies", nullable=True),
        *_id("recorder_id", "bodies"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("recorder_name", "graduate_name", "level")),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("school_name", "status", "number", "type", "unit_name", "unit_region")
        ),
        sa.Column("dispatched_on", sa.Date(), nullable=False),
        sa.CheckConstraint("status in ('recorded','voided')", name=op.f("ck_dispatches_status_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        schema="app",
    )
    for party in PARTIES:
        op.create_index(f"ix_dispatches_{party}", "dispatches", [party, "id"], schema="app")
    op.create_index(
        "uq_dispatches_one_per_number",
        "dispatches",
        ["number"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'recorded'"),
    )
    op.create_table(
        "archive_movements",
        sa.Column("dispatch_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dispatch_id"], ["app.dispatches.id"], name=op.f("fk_archive_movements_dispatch_id")),
        sa.PrimaryKeyConstraint("dispatch_id", "seq", name=op.f("pk_archive_movements")),
        schema="app",
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.execute("drop function app.archive_owner(bytea, text, text, smallint)")
    op.execute("drop policy dispatches on app.trail")
    op.drop_table("archive_movements", schema="app")
    op.drop_table("dispatches", schema="app")
