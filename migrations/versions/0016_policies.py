"""Versions of policies say who recorded them, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"

ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    """Apply. Versions of before keep nulls: nobody recorded them, the service was founded with them."""
    op.add_column("policies", sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True), schema="app")
    for name, other in (("recorded_by_id", "accounts"), ("recorded_body_id", "bodies")):
        op.add_column("policies", sa.Column(name, ID, nullable=True), schema="app")
        op.create_foreign_key(
            op.f(f"fk_policies_{name}"), "policies", other, [name], ["id"], source_schema="app", referent_schema="app"
        )
    op.add_column("policies", sa.Column("comment", sa.Text(), nullable=True), schema="app")


def downgrade() -> None:
    """Take back."""
    for name in ("comment", "recorded_body_id", "recorded_by_id", "recorded_at"):
        op.drop_column("policies", name, schema="app")
