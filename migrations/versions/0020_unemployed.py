"""Registration of unemployed graduates: cases, contacts, what a graduate without a placement counts as."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "0020"
down_revision = "0018"

SQL = Path(__file__).parent.parent / "sql"
KNOWN = "ck_graduates_unplaced_code_is_known"
PARTIES = ("graduate_id", "department_id", "school_id", "county_id", "city_id")


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def upgrade() -> None:
    """Apply."""
    op.add_column("graduates", sa.Column("unplaced_code", sa.Text(), nullable=True), schema="app")
    op.create_check_constraint(op.f(KNOWN), "graduates", "unplaced_code in ('70','71','72')", schema="app")
    _cases()
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel in ('phone','text','online','visit','office')", name=op.f("ck_contacts_channel_is_known")
        ),
        sa.CheckConstraint(
            "result in ('reached','declined','no_answer','wrong_number')", name=op.f("ck_contacts_result_is_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["app.unemployed_cases.id"], name=op.f("fk_contacts_case_id")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_contacts_body_id")),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_contacts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        schema="app",
    )
    op.create_index("ix_contacts_case_id", "contacts", ["case_id", "id"], schema="app")
    _run("0020_unemployed.sql")


def _cases() -> None:
    bodies = ("employer_id", "department_id", "school_id", "county_id", "city_id", "body_id")
    op.create_table(
        "unemployed_cases",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        *(sa.Column(name, sa.Uuid(as_uuid=False), nullable=True) for name in bodies),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("plans_to_study", sa.Boolean(), nullable=False),
        sa.Column("residence_region", sa.Text(), nullable=False),
        sa.Column("residence_address", sa.Text(), nullable=False),
        sa.Column("wanted_region", sa.Text(), nullable=True),
        sa.Column("wanted_work", sa.Text(), nullable=True),
        sa.Column("service_needs", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("services_given", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("follow_up_due_on", sa.Date(), nullable=True),
        sa.Column("contacts", sa.SmallInteger(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("graduate_name", "school_name", "level", "major")),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("status in ('open','closed')", name=op.f("ck_unemployed_cases_status_is_known")),
        sa.CheckConstraint(
            "(status = 'closed') = (ending is not null)", name=op.f("ck_unemployed_cases_closing_has_an_ending")
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at is not null)", name=op.f("ck_unemployed_cases_closing_is_dated")
        ),
        sa.CheckConstraint(
            "ending in ('placed','declared','unreachable','moved')", name=op.f("ck_unemployed_cases_ending_is_known")
        ),
        sa.CheckConstraint(
            "status = 'closed' or follow_up_due_on is not null", name=op.f("ck_unemployed_cases_what_is_open_is_due")
        ),
        sa.CheckConstraint(
            "status = 'closed' or body_id is not null", name=op.f("ck_unemployed_cases_what_is_open_has_a_bureau")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["app.bodies.id"], name=op.f(f"fk_unemployed_cases_{name}"))
            for name in bodies
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unemployed_cases")),
        schema="app",
    )
    _index("uq_unemployed_cases_one_open_per_graduate", "graduate_id", where="status = 'open'", unique=True)
    _index("ix_unemployed_cases_due", "body_id", "follow_up_due_on", where="status = 'open'")
    _index("ix_unemployed_cases_reached", "cohort", "body_id", "reached_on", where="body_id is not null")
    for party in PARTIES:
        _index(f"ix_unemployed_cases_{party}", party, "id")


def _index(name: str, *key: str, where: str | None = None, unique: bool = False) -> None:
    kept = {} if where is None else {"postgresql_where": sa.text(where)}
    op.create_index(name, "unemployed_cases", list(key), unique=unique, schema="app", **kept)


def downgrade() -> None:
    """Take back."""
    _run("0020_unemployed_back.sql")
    op.drop_table("contacts", schema="app")
    op.drop_table("unemployed_cases", schema="app")
    op.execute("drop function app.count_the_graduate_up()")
    op.drop_constraint(op.f(KNOWN), "graduates", schema="app", type_="check")
    op.drop_column("graduates", "unplaced_code", schema="app")
