"""Dispatches that approvals record and void, their certificates, and the sixth kind of application: the file sent on."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0026"
down_revision = "0025"

SQL = Path(__file__).parent.parent / "sql"
FIVE = "'job_seeking_subsidy','outstanding_graduate','reassignment','deferred_dispatch','certificate_reissue'"
MADE = (
    ("applications", "dispatch_id", "dispatches"),
    ("dispatches", "voided_by", "dispatches"),
    ("documents", "application_id", "applications"),
)
"""Columns that name another record: (table, column, of which)."""
DOCUMENTS = "'agreement','information_sheet','destination_certificate'"
OF_ONE_RECORD = (
    "(application_id is null) = (kind <> 'dispatch_certificate')"
    " and num_nulls(application_id, placement_id) = 1 and num_nulls(application_id, placement_version) = 1"
)


def upgrade() -> None:
    """Apply."""
    for table, name, other in MADE:
        op.add_column(table, sa.Column(name, sa.Uuid(as_uuid=False)), schema="app")
        op.create_foreign_key(
            f"fk_{table}_{name}", table, other, [name], ["id"], source_schema="app", referent_schema="app"
        )
    _kinds("applications", f"{FIVE},'archive_redirect'")
    _kinds("documents", f"{DOCUMENTS},'dispatch_certificate'")
    for name in ("placement_id", "placement_version"):
        op.alter_column("documents", name, nullable=True, schema="app")
    op.create_check_constraint(op.f("ck_documents_of_one_record"), "documents", OF_ONE_RECORD, schema="app")
    op.create_index("uq_documents_one_per_application", "documents", ["application_id"], unique=True, schema="app")
    _run("0026_products.sql")


def downgrade() -> None:
    """Take back: certificates are forgotten. While somebody has an application of the sixth kind, its CHECK refuses."""
    _run("0026_products_back.sql")
    for name in ("placement_id", "placement_version"):
        op.alter_column("documents", name, nullable=False, schema="app")
    op.drop_constraint(op.f("ck_documents_of_one_record"), "documents", schema="app", type_="check")
    _kinds("documents", DOCUMENTS)
    _kinds("applications", FIVE)
    for table, name, _ in MADE:
        op.drop_column(table, name, schema="app")


def _kinds(table: str, known: str) -> None:
    name = op.f(f"ck_{table}_kind_is_known")
    op.drop_constraint(name, table, schema="app", type_="check")
    op.create_check_constraint(name, table, f"kind in ({known})", schema="app")


def _run(name: str) -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))
