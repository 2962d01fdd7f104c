"""Staff who enrol their second factor themselves: initial passwords that lapse, recovery codes, steps to change."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_only

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parent.parent / "sql" / "0005_staff.sql"


def upgrade() -> None:
    """Apply."""
    op.add_column("accounts", sa.Column("totp_pending_sealed", sa.LargeBinary(), nullable=True), schema="app")
    op.add_column(
        "accounts",
        sa.Column("recovery_codes", postgresql.ARRAY(sa.LargeBinary()), server_default=sa.text("'{}'"), nullable=False),
        schema="app",
    )
    op.add_column("accounts", sa.Column("enrol_until", sa.DateTime(timezone=True), nullable=True), schema="app")
    op.add_column(
        "accounts", sa.Column("steps", sa.Integer(), server_default=sa.text("1"), nullable=False), schema="app"
    )
    op.execute(
        "update app.accounts a set steps = t.last"
        " from (select record_id, max(seq) as last from app.trail where record_kind = 'account' group by record_id) t"
        " where t.record_id = a.id"
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.execute("drop policy administrators on app.sessions")
    op.drop_column("accounts", "steps", schema="app")
    op.drop_column("accounts", "enrol_until", schema="app")
    op.drop_column("accounts", "recovery_codes", schema="app")
    op.drop_column("accounts", "totp_pending_sealed", schema="app")
