"""Stored documents are signed: by whom, with which certificate."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0024"
down_revision = "0023"

SQL = Path(__file__).parent.parent / "sql"
WHOLE, STORED = "ck_documents_signed_whole", "ck_documents_signed_when_stored"


def _run(name: str) -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def upgrade() -> None:
    """Apply. What was stored before stays as it is, unsigned."""
    op.add_column("documents", sa.Column("signed_by", sa.String(length=64)), schema="app")
    op.add_column("documents", sa.Column("certificate", sa.LargeBinary()), schema="app")
    op.create_check_constraint(op.f(WHOLE), "documents", "num_nulls(signed_by, certificate) in (0, 2)", schema="app")
    op.create_check_constraint(op.f(STORED), "documents", "certificate is null or sha256 is not null", schema="app")
    _run("0024_signed_documents.sql")


def downgrade() -> None:
    """Take back: signed PDFs stay signed, nobody is told any more."""
    _run("0024_signed_documents_back.sql")
    op.drop_constraint(op.f(STORED), "documents", schema="app", type_="check")
    op.drop_constraint(op.f(WHOLE), "documents", schema="app", type_="check")
    op.drop_column("documents", "certificate", schema="app")
    op.drop_column("documents", "signed_by", schema="app")
