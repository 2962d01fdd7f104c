"""Imports of every kind in one table, those of archives among them; the bureaus that a file passes."""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0025"
down_revision = "0024"

SQL = Path(__file__).parent.parent / "sql"


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def upgrade() -> None:
    """Apply."""
    _run("0025_archives.sql")


def downgrade() -> None:
    """Take back."""
    _run("0025_archives_back.sql")
