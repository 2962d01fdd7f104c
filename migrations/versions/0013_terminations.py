"""Terminations of every kind of placement: their proofs, and the two ways in which one ends undecided."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KNOWN = "ck_terminations_ending_is_known"


def upgrade() -> None:
    """Apply."""
    proofs = sa.Column("proof_file_ids", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    op.add_column("terminations", proofs, schema="app")
    op.create_check_constraint(op.f(KNOWN), "terminations", "ending in ('withdrawn','moot')", schema="app")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f(KNOWN), "terminations", schema="app", type_="check")
    op.drop_column("terminations", "proof_file_ids", schema="app")
