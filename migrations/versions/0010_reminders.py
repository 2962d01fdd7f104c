"""Reminders: what is unread, what lapses soon, and each reminder once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"

UNREAD = {"graduate": "to_graduate_id", "body": "to_body_id"}


def upgrade() -> None:
    """Apply."""
    for whose, column in UNREAD.items():
        op.create_index(
            f"ix_messages_unread_{whose}",
            "messages",
            [column],
            schema="app",
            postgresql_where=sa.text("read_at is null"),
        )
    op.create_index(
        "uq_messages_one_reminder",
        "messages",
        ["record_id", "kind", "at"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("kind like '%-lapses-in-%'"),
    )
    op.create_index(
        "ix_invitations_lapsing",
        "invitations",
        ["valid_until"],
        schema="app",
        postgresql_where=sa.text("status = 'sent'"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_invitations_lapsing", table_name="invitations", schema="app")
    op.drop_index("uq_messages_one_reminder", table_name="messages", schema="app")
    for whose in UNREAD:
        op.drop_index(f"ix_messages_unread_{whose}", table_name="messages", schema="app")
