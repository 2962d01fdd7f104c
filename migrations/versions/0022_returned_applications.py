"""When an application was given back for correction, and what it said then."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("applications", sa.Column("returned_at", sa.DateTime(timezone=True)), schema="app")
    op.add_column("applications", sa.Column("returned_details", postgresql.JSONB(astext_type=sa.Text())), schema="app")


def downgrade() -> None:
    op.drop_column("applications", "returned_details", schema="app")
    op.drop_column("applications", "returned_at", schema="app")
