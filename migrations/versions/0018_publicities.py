"""Quotas of outstanding graduates; publicities (公示), which everybody may read, names masked."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0018"
down_revision = "0017"

SQL = Path(__file__).parent.parent / "sql" / "0018_publicities.sql"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "quotas",
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("set_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("used between 0 and allowed", name=op.f("ck_quotas_used_within_allowed")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_quotas_body_id")),
        sa.ForeignKeyConstraint(["set_by"], ["app.bodies.id"], name=op.f("fk_quotas_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
        schema="app",
    )
    op.create_index("uq_quotas_one_per_body", "quotas", ["body_id", "cohort"], unique=True, schema="app")
    op.create_index("ix_quotas_body_id", "quotas", ["body_id", "id"], unique=False, schema="app")
    op.create_index("ix_quotas_set_by", "quotas", ["set_by", "id"], unique=False, schema="app")
    op.create_table(
        "publicities",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("objections_to", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('job_seeking_subsidy','outstanding_graduate')", name=op.f("ck_publicities_kind_is_published")
        ),
        sa.CheckConstraint("begins_on < ends_on", name=op.f("ck_publicities_days_in_order")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_publicities_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicities")),
        schema="app",
    )
    op.create_index("ix_publicities_body_id", "publicities", ["body_id", "id"], unique=False, schema="app")
    op.create_table(
        "publicity_items",
        sa.Column("publicity_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("application_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("review_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["publicity_id"], ["app.publicities.id"], name=op.f("fk_publicity_items_publicity_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["app.applications.id"], name=op.f("fk_publicity_items_application_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["app.reviews.id"], name=op.f("fk_publicity_items_review_id")),
        sa.PrimaryKeyConstraint("publicity_id", "application_id", name=op.f("pk_publicity_items")),
        schema="app",
    )
    op.create_index("uq_publicity_items_review_id", "publicity_items", ["review_id"], unique=True, schema="app")
    op.create_index(
        "ix_applications_published",
        "applications",
        ["id"],
        unique=False,
        schema="app",
        postgresql_where=sa.text("stage = 'publicity'"),
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.execute("drop function app.published_items(uuid, uuid, date, integer)")
    op.drop_index("ix_applications_published", table_name="applications", schema="app")
    for table in ("publicity_items", "publicities", "quotas"):
        op.drop_table(table, schema="app")
