"""Service clients: accounts with scopes, a responsible person in the trail; sessions tell their device."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0012"
down_revision = "0010"

SQL = Path(__file__).parent.parent / "sql"
KINDS = ("graduate", "employer", "staff")


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def _kinds(*kinds: str) -> None:
    """Let accounts be of these kinds."""
    op.drop_constraint(op.f("ck_accounts_kind_is_known"), "accounts", schema="app", type_="check")
    named = ",".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_accounts_kind_is_known"), "accounts", f"kind in ({named})", schema="app")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("former_hash", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_clients_may_do_something")),
        sa.CheckConstraint("(former_hash is null) = (former_until is null)", name=op.f("ck_clients_an_overlap_ends")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_clients_body_id")),
        sa.ForeignKeyConstraint(["id"], ["app.accounts.id"], name=op.f("fk_clients_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        schema="app",
    )
    op.create_index("ix_clients_body_id", "clients", ["body_id", "id"], unique=False, schema="app")
    op.add_column("accounts", sa.Column("responsible_id", sa.Uuid(as_uuid=False), nullable=True), schema="app")
    op.create_foreign_key(
        op.f("fk_accounts_responsible_id"),
        "accounts",
        "accounts",
        ["responsible_id"],
        ["id"],
        source_schema="app",
        referent_schema="app",
    )
    _kinds(*KINDS, "client")
    op.create_check_constraint(
        op.f("ck_accounts_somebody_is_responsible"),
        "accounts",
        "(kind = 'client') = (responsible_id is not null)",
        schema="app",
    )
    op.add_column("sessions", sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=True), schema="app")
    op.add_column("sessions", sa.Column("device", sa.Text(), nullable=True), schema="app")
    op.alter_column("sessions", "refresh_hash", nullable=True, schema="app")
    op.create_check_constraint(
        op.f("ck_sessions_clients_do_not_refresh"),
        "sessions",
        "(scopes is null) = (refresh_hash is not null)",
        schema="app",
    )
    op.create_index(
        "ix_sessions_granted", "sessions", ["expires_at"], schema="app", postgresql_where=sa.text("scopes is not null")
    )
    op.add_column("trail", sa.Column("responsible_id", sa.Uuid(as_uuid=False), nullable=True), schema="app")
    _run("0012_clients.sql")


def downgrade() -> None:
    """Take back: clients go, with their sessions. Steps that they took stay, without the name of who answered."""
    _run("0012_clients_back.sql")
    op.drop_column("trail", "responsible_id", schema="app")
    op.drop_index("ix_sessions_granted", table_name="sessions", schema="app")
    op.drop_constraint(op.f("ck_sessions_clients_do_not_refresh"), "sessions", schema="app", type_="check")
    op.alter_column("sessions", "refresh_hash", nullable=False, schema="app")
    op.drop_column("sessions", "device", schema="app")
    op.drop_column("sessions", "scopes", schema="app")
    op.drop_constraint(op.f("ck_accounts_somebody_is_responsible"), "accounts", schema="app", type_="check")
    _kinds(*KINDS)
    op.drop_constraint(op.f("fk_accounts_responsible_id"), "accounts", schema="app", type_="foreignkey")
    op.drop_column("accounts", "responsible_id", schema="app")
    op.drop_index("ix_clients_body_id", table_name="clients", schema="app")
    op.drop_table("clients", schema="app")
