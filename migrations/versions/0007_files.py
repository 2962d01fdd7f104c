"""Files: attachments, what is kept beside what was sent, and how much an owner has."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0007"
down_revision = "0002"

SQL = Path(__file__).parent.parent / "sql"


def _run(statements: str) -> None:
    """Run many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(statements))


def upgrade() -> None:
    """Apply. Files that are here already are kept as they were sent."""
    op.add_column("files", sa.Column("kept_size", sa.BigInteger(), nullable=True), schema="app")
    op.add_column("files", sa.Column("kept_sha256", sa.LargeBinary(), nullable=True), schema="app")
    op.execute("update app.files set kept_size = size, kept_sha256 = sha256")
    op.alter_column("files", "kept_size", nullable=False, schema="app")
    op.alter_column("files", "kept_sha256", nullable=False, schema="app")
    op.execute("update app.files set purpose = 'appointment_notice' where purpose = 'notice'")
    op.create_index("ix_files_account_id", "files", ["account_id", "id"], unique=False, schema="app")
    op.create_index("ix_files_sha256", "files", ["sha256"], unique=False, schema="app")
    op.create_table(
        "attachments",
        sa.Column("record_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("file_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["app.files.id"], name=op.f("fk_attachments_file_id")),
        sa.PrimaryKeyConstraint("record_id", "file_id", name=op.f("pk_attachments")),
        schema="app",
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"], unique=False, schema="app")
    op.create_table(
        "file_usage",
        sa.Column("owner_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("day_files", sa.Integer(), nullable=False),
        sa.Column("day_bytes", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("files >= 0 and bytes >= 0", name=op.f("ck_file_usage_nothing_is_negative")),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_file_usage")),
        schema="app",
    )
    _run((SQL / "0007_files.sql").read_text("utf-8"))


def downgrade() -> None:
    """Take back."""
    _run(
        "call app.guard('files', 'account_id = app.account() or body_id = app.body() or app.kind() = ''system''',"
        " '{see}'); revoke delete on app.files from employment_app"
    )
    op.drop_table("file_usage", schema="app")
    op.drop_index("ix_attachments_file_id", table_name="attachments", schema="app")
    op.drop_table("attachments", schema="app")
    _run("drop function app.sees_record(text, uuid), app.owns_file(uuid), app.sees_file(uuid)")
    op.execute("update app.files set purpose = 'notice' where purpose = 'appointment_notice'")
    op.drop_index("ix_files_sha256", table_name="files", schema="app")
    op.drop_index("ix_files_account_id", table_name="files", schema="app")
    op.drop_column("files", "kept_sha256", schema="app")
    op.drop_column("files", "kept_size", schema="app")
