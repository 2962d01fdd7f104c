"""Dispatches that approvals record and void, and the sixth kind of application: the file sent on."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0026"
down_revision = "0022"

SQL = Path(__file__).parent.parent / "sql"
FIVE = "'job_seeking_subsidy','outstanding_graduate','reassignment','deferred_dispatch','certificate_reissue'"
MADE = (("applications", "dispatch_id"), ("dispatches", "voided_by"))


def upgrade() -> None:
    """Apply."""
    for table, name in MADE:
        op.add_column(table, sa.Column(name, sa.Uuid(as_uuid=False)), schema="app")
        op.create_foreign_key(
            f"fk_{table}_{name}", table, "dispatches", [name], ["id"], source_schema="app", referent_schema="app"
        )
    _kinds(f"{FIVE},'archive_redirect'")
    _run("0026_products.sql")


def downgrade() -> None:
    """Take back. While somebody has an application of the sixth kind, its CHECK refuses."""
    _run("0026_products_back.sql")
    _kinds(FIVE)
    for table, name in MADE:
        op.drop_column(table, name, schema="app")


def _kinds(known: str) -> None:
    name = op.f("ck_applications_kind_is_known")
    op.drop_constraint(name, "applications", schema="app", type_="check")
    op.create_check_constraint(name, "applications", f"kind in ({known})", schema="app")


def _run(name: str) -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))
