"""Phones of contacts stand sealed beside the part that they belong to.

Rows that are there stay plain until `reseal` seals them: no key is here. On the way back masks stay in place of the
numbers; whoever needs them takes a copy first.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0023"
down_revision = "0022"

SQL = Path(__file__).parent.parent / "sql" / "0023_sealed_contacts.sql"
COLUMNS = (
    ("invitations", "terms_sealed"),
    ("placements", "details_sealed"),
    ("placements", "returned_details_sealed"),
    ("applications", "details_sealed"),
    ("applications", "returned_details_sealed"),
    ("amendments", "diff_sealed"),
)


def upgrade() -> None:
    """Apply."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.LargeBinary()), schema="app")
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SQL.read_text("utf-8")))


def downgrade() -> None:
    """Revert."""
    op.execute("drop function app.contacts_to_reveal(uuid)")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column, schema="app")
