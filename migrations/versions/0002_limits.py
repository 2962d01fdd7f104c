"""Captchas bound to a network; networks from which somebody signed in before."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parent.parent / "sql" / "0002_limits.sql"


def upgrade() -> None:
    """Apply. The captchas that wait, for two minutes at most, were made for no network: they go."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("delete from app.challenges")
    op.add_column("challenges", sa.Column("network", sa.LargeBinary(), nullable=False), schema="app")
    op.create_table(
        "familiar_networks",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_familiar_networks")),
        schema="app",
    )
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Take back."""
    op.drop_table("familiar_networks", schema="app")
    op.drop_column("challenges", "network", schema="app")
