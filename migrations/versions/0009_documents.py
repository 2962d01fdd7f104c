"""Issued documents: a code for each, verified by anybody."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0009"
down_revision = "0005"

SQL = Path(__file__).parent.parent / "sql" / "0009_documents.sql"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("placement_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("placement_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('agreement','information_sheet','destination_certificate')",
            name=op.f("ck_documents_kind_is_known"),
        ),
        sa.CheckConstraint("num_nulls(sha256, size, stored_at) in (0, 3)", name=op.f("ck_documents_stored_whole")),
        sa.ForeignKeyConstraint(["placement_id"], ["app.placements.id"], name=op.f("fk_documents_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        schema="app",
    )
    op.create_index("uq_documents_code", "documents", ["code"], unique=True, schema="app")
    op.create_index(
        "uq_documents_one_per_version",
        "documents",
        ["placement_id", "placement_version", "kind"],
        unique=True,
        schema="app",
    )
    op.create_index(
        "ix_documents_sha256",
        "documents",
        ["sha256"],
        unique=False,
        schema="app",
        postgresql_where="sha256 is not null",
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.execute("drop function app.verified_document(text, bytea)")
    op.drop_table("documents", schema="app")
    op.execute("drop function app.never_another_document()")
    op.execute("drop function app.masked_name(text)")
