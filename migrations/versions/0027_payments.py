"""Payments of subsidies: files for the bank, sealed and short-lived, and the bank's results with a report on each row."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0027"
down_revision = "0026"

SQL = Path(__file__).parent.parent / "sql" / "0027_payments.sql"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "payment_exports",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("format in ('csv','xlsx')", name=op.f("ck_payment_exports_format_is_known")),
        sa.CheckConstraint("(sealed is null) = (expires_at is null)", name=op.f("ck_payment_exports_a_file_expires")),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_payment_exports_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_payment_exports_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_exports")),
        schema="app",
    )
    op.create_index("ix_payment_exports_expires_at", "payment_exports", ["expires_at"], schema="app")
    op.create_table(
        "payment_imports",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("file_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("paid", "failed", "unchanged", "refused", "position")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["app.files.id"], name=op.f("fk_payment_imports_file_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_payment_imports_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_payment_imports_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_imports")),
        schema="app",
    )
    op.create_index("ix_payment_imports_body_id", "payment_imports", ["body_id", "id"], schema="app")
    op.create_index("ix_payment_imports_file_id", "payment_imports", ["file_id"], schema="app")
    op.create_table(
        "payment_import_rows",
        sa.Column("import_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("errors", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["app.payment_imports.id"], name=op.f("fk_payment_import_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_payment_import_rows")),
        schema="app",
    )
    op.create_index(
        "ix_applications_to_pay",
        "applications",
        ["cohort", "id"],
        schema="app",
        postgresql_where=sa.text("fulfilment = 'to_pay'"),
    )
    op.create_index(
        "ix_files_payment_results",
        "files",
        ["created_at"],
        schema="app",
        postgresql_where=sa.text("purpose = 'payment_results'"),
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_files_payment_results", table_name="files", schema="app")
    op.drop_index("ix_applications_to_pay", table_name="applications", schema="app")
    for table in ("payment_import_rows", "payment_imports", "payment_exports"):
        op.drop_table(table, schema="app")
