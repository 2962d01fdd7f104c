"""The foundation: tables, the doors and context of row-level security, its policies, the trail."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


SQL = Path(__file__).parent.parent / "sql"
SQL_FILES = ("0001_functions.sql", "0001_policies.sql", "0001_queue.sql")


class Xid8(sa.types.UserDefinedType[Any]):
    """The type of PostgreSQL."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Its name."""
        return "xid8"


def _run(name: str) -> None:
    """Run one file: many statements at once, which asyncpg takes only without parameters."""
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((SQL / name).read_text("utf-8")))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "buckets",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_buckets")),
        schema="app",
    )
    op.create_table(
        "calendar_days",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_calendar_days")),
        schema="app",
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        schema="app",
    )
    op.create_index("ix_challenges_expires_at", "challenges", ["expires_at"], unique=False, schema="app")
    op.create_table(
        "clock_offset",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Interval(), nullable=False),
        sa.CheckConstraint("only_row", name=op.f("ck_clock_offset_one_row")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("pk_clock_offset")),
        schema="app",
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        schema="app",
    )
    op.create_index("ix_files_body_id", "files", ["body_id", "id"], unique=False, schema="app")
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("to_graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("to_body_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("num_nonnulls(to_graduate_id, to_body_id) = 1", name=op.f("ck_messages_one_receiver")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        schema="app",
    )
    op.create_index("ix_messages_to_body_id", "messages", ["to_body_id", "id"], unique=False, schema="app")
    op.create_index("ix_messages_to_graduate_id", "messages", ["to_graduate_id", "id"], unique=False, schema="app")
    op.create_table(
        "one_time_codes",
        sa.Column("phone_bidx", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("phone_bidx", "purpose", name=op.f("pk_one_time_codes")),
        schema="app",
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("id_bidx", sa.LargeBinary(), nullable=False),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        schema="app",
    )
    op.create_index("uq_persons_id_bidx", "persons", ["id_bidx"], unique=True, schema="app")
    op.create_table(
        "policies",
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cohort", "version", name=op.f("pk_policies")),
        schema="app",
    )
    op.create_table(
        "regions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["app.regions.code"], name=op.f("fk_regions_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
        schema="app",
    )
    op.create_table(
        "remembered",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_remembered")),
        schema="app",
    )
    op.create_index("ix_remembered_until", "remembered", ["until"], unique=False, schema="app")
    op.create_table(
        "sandbox_messages",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("phone_bidx", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_messages")),
        schema="app",
    )
    op.create_index(
        "ix_sandbox_messages_phone_bidx", "sandbox_messages", ["phone_bidx", "id"], unique=False, schema="app"
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status in ('waiting','running','succeeded','failed')", name=op.f("ck_tasks_status_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        schema="app",
    )
    op.create_index("ix_tasks_account_id", "tasks", ["account_id", "id"], unique=False, schema="app")
    op.create_index("ix_tasks_body_id", "tasks", ["body_id", "id"], unique=False, schema="app")
    op.create_table(
        "trail",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("real_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("diff", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail")),
        schema="app",
    )
    op.create_index("uq_trail_one_per_version", "trail", ["record_id", "seq"], unique=True, schema="app")
    op.create_table(
        "bodies",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('provincial_bureau','provincial_education','city','county','school','department','employer','support')",
            name=op.f("ck_bodies_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["app.bodies.id"], name=op.f("fk_bodies_parent_id")),
        sa.ForeignKeyConstraint(["region"], ["app.regions.code"], name=op.f("fk_bodies_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
        schema="app",
    )
    op.create_index("ix_bodies_parent_id", "bodies", ["parent_id", "id"], unique=False, schema="app")
    op.create_index("uq_bodies_kind_code", "bodies", ["kind", "code"], unique=True, schema="app")
    op.create_table(
        "phones",
        sa.Column("bidx", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_phones_person_id")),
        sa.PrimaryKeyConstraint("bidx", name=op.f("pk_phones")),
        schema="app",
    )
    op.create_index("uq_phones_person_id", "phones", ["person_id"], unique=True, schema="app")
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("phone_bidx", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'graduate') = (body_id is null)", name=op.f("ck_accounts_staff_have_a_body")),
        sa.CheckConstraint(
            "(kind = 'graduate') = (person_id is not null)", name=op.f("ck_accounts_graduates_are_persons")
        ),
        sa.CheckConstraint("kind in ('graduate','employer','staff')", name=op.f("ck_accounts_kind_is_known")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_accounts_body_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        schema="app",
    )
    op.create_index("ix_accounts_body_id", "accounts", ["body_id", "id"], unique=False, schema="app")
    op.create_index(
        "uq_accounts_employer_phone",
        "accounts",
        ["body_id", "phone_bidx"],
        unique=True,
        schema="app",
        postgresql_where="kind = 'employer'",
    )
    op.create_index(
        "uq_accounts_one_per_level",
        "accounts",
        ["person_id", "level"],
        unique=True,
        schema="app",
        postgresql_where="kind = 'graduate'",
    )
    op.create_index("uq_accounts_username", "accounts", ["username"], unique=True, schema="app")
    op.create_table(
        "bureaus_of_regions",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_bureaus_of_regions_body_id")),
        sa.ForeignKeyConstraint(["region"], ["app.regions.code"], name=op.f("fk_bureaus_of_regions_region")),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_bureaus_of_regions")),
        schema="app",
    )
    op.create_table(
        "employers",
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("registered_region", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("licence_file_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'reviewed') = (decision is not null)", name=op.f("ck_employers_decision_follows_review")
        ),
        sa.CheckConstraint(
            "(status = 'submitted') = (stage is not null)", name=op.f("ck_employers_stage_follows_submission")
        ),
        sa.CheckConstraint("standing in ('active','suspended','closed')", name=op.f("ck_employers_standing_is_known")),
        sa.CheckConstraint("status in ('draft','submitted','reviewed')", name=op.f("ck_employers_status_is_known")),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_employers_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_employers_county_id")),
        sa.ForeignKeyConstraint(["licence_file_id"], ["app.files.id"], name=op.f("fk_employers_licence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employers")),
        schema="app",
    )
    op.create_index("ix_employers_city_id", "employers", ["city_id", "id"], unique=False, schema="app")
    op.create_index("ix_employers_county_id", "employers", ["county_id", "id"], unique=False, schema="app")
    op.create_index(
        "uq_employers_one_per_credit_code",
        "employers",
        ["credit_code"],
        unique=True,
        schema="app",
        postgresql_where="standing <> 'closed'",
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_events_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_events_county_id")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_events_department_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_events_employer_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_events_school_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        schema="app",
    )
    op.create_index("ix_events_xid", "events", ["xid", "seq"], unique=False, schema="app")
    op.create_table(
        "invitations",
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("terms_version", sa.SmallInteger(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("employer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("graduate_name", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("major", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint(
            "status in ('sent','accepted','declined','withdrawn','expired','superseded')",
            name=op.f("ck_invitations_status_is_known"),
        ),
        sa.CheckConstraint(
            "graduate_id is not null and employer_id is not null", name=op.f("ck_invitations_parties_are_named")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_invitations_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_invitations_county_id")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_invitations_department_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_invitations_employer_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_invitations_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        schema="app",
    )
    op.create_index("ix_invitations_city_id", "invitations", ["city_id", "id"], unique=False, schema="app")
    op.create_index("ix_invitations_county_id", "invitations", ["county_id", "id"], unique=False, schema="app")
    op.create_index("ix_invitations_department_id", "invitations", ["department_id", "id"], unique=False, schema="app")
    op.create_index("ix_invitations_employer_id", "invitations", ["employer_id", "id"], unique=False, schema="app")
    op.create_index("ix_invitations_graduate_id", "invitations", ["graduate_id", "id"], unique=False, schema="app")
    op.create_index(
        "ix_invitations_pending",
        "invitations",
        ["graduate_id"],
        unique=False,
        schema="app",
        postgresql_where="status = 'sent'",
    )
    op.create_index("ix_invitations_school_id", "invitations", ["school_id", "id"], unique=False, schema="app")
    op.create_index(
        "uq_invitations_one_pending_per_pair",
        "invitations",
        ["employer_id", "graduate_id"],
        unique=True,
        schema="app",
        postgresql_where="status = 'sent'",
    )
    op.create_table(
        "registration_attempts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("differing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purge_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_registration_attempts_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_attempts")),
        schema="app",
    )
    op.create_index(
        "ix_registration_attempts_school_id", "registration_attempts", ["school_id", "id"], unique=False, schema="app"
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=True),
        sa.Column("subject", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint("(decision is null) = (decided_at is null)", name=op.f("ck_reviews_decision_is_dated")),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_reviews_body_id")),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_reviews_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_reviews_county_id")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_reviews_department_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_reviews_employer_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_reviews_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        schema="app",
    )
    op.create_index(
        "ix_reviews_due",
        "reviews",
        ["body_id", "due_on", "id"],
        unique=False,
        schema="app",
        postgresql_where=sa.text("decision is null"),
    )
    op.create_index(
        "ix_reviews_open",
        "reviews",
        ["body_id", "opened_at", "id"],
        unique=False,
        schema="app",
        postgresql_where=sa.text("decision is null"),
    )
    op.create_index("ix_reviews_record_id", "reviews", ["record_id", "turn"], unique=False, schema="app")
    op.create_index(
        "uq_reviews_one_open_per_record",
        "reviews",
        ["record_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("decision is null"),
    )
    op.create_table(
        "roster_entries",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("phone_bidx", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("extra", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("import_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source in ('school','provincial')", name=op.f("ck_roster_entries_source_is_known")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_roster_entries_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_roster_entries_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_roster_entries_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entries")),
        schema="app",
    )
    op.create_index(
        "ix_roster_entries_department_id", "roster_entries", ["department_id", "id"], unique=False, schema="app"
    )
    op.create_index("ix_roster_entries_person_id", "roster_entries", ["person_id"], unique=False, schema="app")
    op.create_index(
        "ix_roster_entries_provincial",
        "roster_entries",
        ["id"],
        unique=False,
        schema="app",
        postgresql_where="source = 'provincial'",
    )
    op.create_index(
        "ix_roster_entries_school_id",
        "roster_entries",
        ["school_id", "id"],
        unique=False,
        schema="app",
        postgresql_where="source = 'school'",
    )
    op.create_index(
        "uq_roster_entries_one_per_source",
        "roster_entries",
        ["source", "person_id", "level", "cohort", "school_id"],
        unique=True,
        schema="app",
    )
    op.create_index(
        "uq_roster_entries_one_school_holds",
        "roster_entries",
        ["person_id", "level", "cohort"],
        unique=True,
        schema="app",
        postgresql_where="source = 'school'",
    )
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("file_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["app.files.id"], name=op.f("fk_roster_imports_file_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_roster_imports_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
        schema="app",
    )
    op.create_index("ix_roster_imports_school_id", "roster_imports", ["school_id", "id"], unique=False, schema="app")
    op.create_table(
        "school_settings",
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("review_chain", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("termination_chain", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("leave_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "review_chain <@ array['department','school'] and cardinality(review_chain) between 1 and 2",
            name=op.f("ck_school_settings_review_chain_is_known"),
        ),
        sa.CheckConstraint(
            "termination_chain <@ array['department','school'] and cardinality(termination_chain) between 1 and 2",
            name=op.f("ck_school_settings_termination_chain_is_known"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_school_settings_school_id")),
        sa.PrimaryKeyConstraint("school_id", "cohort", name=op.f("pk_school_settings")),
        schema="app",
    )
    op.create_table(
        "schools",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["app.bodies.id"], name=op.f("fk_schools_body_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_schools")),
        schema="app",
    )
    op.create_index("uq_schools_body_id", "schools", ["body_id"], unique=True, schema="app")
    op.create_table(
        "graduates",
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("roster_entry_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("major", sa.Text(), nullable=False),
        sa.Column("leave_on", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_hash", sa.LargeBinary(), nullable=True),
        sa.Column("signing_code", sa.Text(), nullable=True),
        sa.Column("signing_code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_graduates_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["app.persons.id"], name=op.f("fk_graduates_person_id")),
        sa.ForeignKeyConstraint(
            ["roster_entry_id"], ["app.roster_entries.id"], name=op.f("fk_graduates_roster_entry_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_graduates_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graduates")),
        schema="app",
    )
    op.create_index("ix_graduates_department_id", "graduates", ["department_id", "id"], unique=False, schema="app")
    op.create_index("ix_graduates_school_id", "graduates", ["school_id", "id"], unique=False, schema="app")
    op.create_index(
        "uq_graduates_one_per_programme",
        "graduates",
        ["person_id", "level", "cohort", "school_id"],
        unique=True,
        schema="app",
    )
    op.create_index(
        "uq_graduates_signing_code",
        "graduates",
        ["signing_code"],
        unique=True,
        schema="app",
        postgresql_where="signing_code is not null",
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("errors", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["app.roster_imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
        schema="app",
    )
    op.create_table(
        "placements",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("cohort", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("graduate_name", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("major", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("unit_credit_code", sa.Text(), nullable=True),
        sa.Column("unit_nature", sa.Text(), nullable=True),
        sa.Column("unit_industry", sa.Text(), nullable=True),
        sa.Column("registered_region", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("invitation_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint(
            "(status = 'submitted') = (stage is not null)", name=op.f("ck_placements_stage_follows_submission")
        ),
        sa.CheckConstraint(
            "(status = 'terminated') = (ended_at is not null)", name=op.f("ck_placements_ending_is_dated")
        ),
        sa.CheckConstraint(
            "case status when 'reviewed' then decision is not null when 'terminated' then ending is not null else decision is null end",
            name=op.f("ck_placements_decision_follows_review"),
        ),
        sa.CheckConstraint("decision in ('approved','rejected')", name=op.f("ck_placements_decision_is_known")),
        sa.CheckConstraint(
            "status in ('draft','issued','submitted','reviewed','terminated')",
            name=op.f("ck_placements_status_is_known"),
        ),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_placements_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_placements_county_id")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_placements_department_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_placements_employer_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["app.invitations.id"], name=op.f("fk_placements_invitation_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_placements_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        schema="app",
    )
    op.create_index("ix_placements_city_id", "placements", ["city_id", "id"], unique=False, schema="app")
    op.create_index("ix_placements_county_id", "placements", ["county_id", "id"], unique=False, schema="app")
    op.create_index("ix_placements_department_id", "placements", ["department_id", "id"], unique=False, schema="app")
    op.create_index("ix_placements_employer_id", "placements", ["employer_id", "id"], unique=False, schema="app")
    op.create_index("ix_placements_graduate_id", "placements", ["graduate_id", "id"], unique=False, schema="app")
    op.create_index("ix_placements_school_id", "placements", ["school_id", "id"], unique=False, schema="app")
    op.create_index("uq_placements_number", "placements", ["number"], unique=True, schema="app")
    op.create_index(
        "uq_placements_one_draft_per_kind",
        "placements",
        ["graduate_id", "kind"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index(
        "uq_placements_one_live_per_graduate",
        "placements",
        ["graduate_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status in ('issued','submitted') or (status = 'reviewed' and decision = 'approved')"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("amr", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("auth_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["app.accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.ForeignKeyConstraint(["graduate_id"], ["app.graduates.id"], name=op.f("fk_sessions_graduate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        schema="app",
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id", "id"], unique=False, schema="app")
    op.create_index("uq_sessions_refresh_hash", "sessions", ["refresh_hash"], unique=True, schema="app")
    op.create_table(
        "terminations",
        sa.Column("placement_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("liquidated_damages_paid", sa.Boolean(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("turn", sa.SmallInteger(), nullable=True),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graduate_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("employer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("department_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("school_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("county_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("city_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint(
            "(status = 'reviewed') = (decision is not null)", name=op.f("ck_terminations_decision_follows_review")
        ),
        sa.CheckConstraint(
            "(status = 'submitted') = (stage is not null)", name=op.f("ck_terminations_stage_follows_submission")
        ),
        sa.CheckConstraint("asked_by in ('graduate','employer')", name=op.f("ck_terminations_asker_is_a_side")),
        sa.CheckConstraint("decision in ('agreed','refused')", name=op.f("ck_terminations_decision_is_known")),
        sa.CheckConstraint(
            "status in ('submitted','reviewed','terminated')", name=op.f("ck_terminations_status_is_known")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["app.bodies.id"], name=op.f("fk_terminations_city_id")),
        sa.ForeignKeyConstraint(["county_id"], ["app.bodies.id"], name=op.f("fk_terminations_county_id")),
        sa.ForeignKeyConstraint(["department_id"], ["app.bodies.id"], name=op.f("fk_terminations_department_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["app.bodies.id"], name=op.f("fk_terminations_employer_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["app.placements.id"], name=op.f("fk_terminations_placement_id")),
        sa.ForeignKeyConstraint(["school_id"], ["app.bodies.id"], name=op.f("fk_terminations_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminations")),
        schema="app",
    )
    op.create_index("ix_terminations_city_id", "terminations", ["city_id", "id"], unique=False, schema="app")
    op.create_index("ix_terminations_county_id", "terminations", ["county_id", "id"], unique=False, schema="app")
    op.create_index(
        "ix_terminations_department_id", "terminations", ["department_id", "id"], unique=False, schema="app"
    )
    op.create_index("ix_terminations_employer_id", "terminations", ["employer_id", "id"], unique=False, schema="app")
    op.create_index("ix_terminations_graduate_id", "terminations", ["graduate_id", "id"], unique=False, schema="app")
    op.create_index(
        "ix_terminations_reply_due_on",
        "terminations",
        ["reply_due_on"],
        unique=False,
        schema="app",
        postgresql_where=sa.text("stage = 'counterparty'"),
    )
    op.create_index("ix_terminations_school_id", "terminations", ["school_id", "id"], unique=False, schema="app")
    op.create_index(
        "uq_terminations_one_open_per_placement",
        "terminations",
        ["placement_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'submitted'"),
    )
    for name in SQL_FILES:
        _run(name)


def downgrade() -> None:
    """Take back."""
    op.execute("""
        do $$ declare one regprocedure; begin
            for one in select oid::regprocedure from pg_proc where pronamespace = 'app'::regnamespace loop
                execute 'drop routine ' || one || ' cascade';
            end loop;
        end $$
    """)
    op.execute("drop table app.pgqueuer, app.pgqueuer_log, app.pgqueuer_schedules, app.pgqueuer_statistics")
    op.execute("drop type app.pgqueuer_status")
    op.drop_index(
        "uq_terminations_one_open_per_placement",
        table_name="terminations",
        schema="app",
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.drop_index("ix_terminations_school_id", table_name="terminations", schema="app")
    op.drop_index(
        "ix_terminations_reply_due_on",
        table_name="terminations",
        schema="app",
        postgresql_where=sa.text("stage = 'counterparty'"),
    )
    op.drop_index("ix_terminations_graduate_id", table_name="terminations", schema="app")
    op.drop_index("ix_terminations_employer_id", table_name="terminations", schema="app")
    op.drop_index("ix_terminations_department_id", table_name="terminations", schema="app")
    op.drop_index("ix_terminations_county_id", table_name="terminations", schema="app")
    op.drop_index("ix_terminations_city_id", table_name="terminations", schema="app")
    op.drop_table("terminations", schema="app")
    op.drop_index("uq_sessions_refresh_hash", table_name="sessions", schema="app")
    op.drop_index("ix_sessions_account_id", table_name="sessions", schema="app")
    op.drop_table("sessions", schema="app")
    op.drop_index(
        "uq_placements_one_live_per_graduate",
        table_name="placements",
        schema="app",
        postgresql_where=sa.text("status in ('issued','submitted') or (status = 'reviewed' and decision = 'approved')"),
    )
    op.drop_index(
        "uq_placements_one_draft_per_kind",
        table_name="placements",
        schema="app",
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.drop_index("uq_placements_number", table_name="placements", schema="app")
    op.drop_index("ix_placements_school_id", table_name="placements", schema="app")
    op.drop_index("ix_placements_graduate_id", table_name="placements", schema="app")
    op.drop_index("ix_placements_employer_id", table_name="placements", schema="app")
    op.drop_index("ix_placements_department_id", table_name="placements", schema="app")
    op.drop_index("ix_placements_county_id", table_name="placements", schema="app")
    op.drop_index("ix_placements_city_id", table_name="placements", schema="app")
    op.drop_table("placements", schema="app")
    op.drop_table("import_rows", schema="app")
    op.drop_index(
        "uq_graduates_signing_code", table_name="graduates", schema="app", postgresql_where="signing_code is not null"
    )
    op.drop_index("uq_graduates_one_per_programme", table_name="graduates", schema="app")
    op.drop_index("ix_graduates_school_id", table_name="graduates", schema="app")
    op.drop_index("ix_graduates_department_id", table_name="graduates", schema="app")
    op.drop_table("graduates", schema="app")
    op.drop_index("uq_schools_body_id", table_name="schools", schema="app")
    op.drop_table("schools", schema="app")
    op.drop_table("school_settings", schema="app")
    op.drop_index("ix_roster_imports_school_id", table_name="roster_imports", schema="app")
    op.drop_table("roster_imports", schema="app")
    op.drop_index(
        "uq_roster_entries_one_school_holds",
        table_name="roster_entries",
        schema="app",
        postgresql_where="source = 'school'",
    )
    op.drop_index("uq_roster_entries_one_per_source", table_name="roster_entries", schema="app")
    op.drop_index(
        "ix_roster_entries_school_id", table_name="roster_entries", schema="app", postgresql_where="source = 'school'"
    )
    op.drop_index(
        "ix_roster_entries_provincial",
        table_name="roster_entries",
        schema="app",
        postgresql_where="source = 'provincial'",
    )
    op.drop_index("ix_roster_entries_person_id", table_name="roster_entries", schema="app")
    op.drop_index("ix_roster_entries_department_id", table_name="roster_entries", schema="app")
    op.drop_table("roster_entries", schema="app")
    op.drop_index(
        "uq_reviews_one_open_per_record",
        table_name="reviews",
        schema="app",
        postgresql_where=sa.text("decision is null"),
    )
    op.drop_index("ix_reviews_record_id", table_name="reviews", schema="app")
    op.drop_index("ix_reviews_open", table_name="reviews", schema="app", postgresql_where=sa.text("decision is null"))
    op.drop_index("ix_reviews_due", table_name="reviews", schema="app", postgresql_where=sa.text("decision is null"))
    op.drop_table("reviews", schema="app")
    op.drop_index("ix_registration_attempts_school_id", table_name="registration_attempts", schema="app")
    op.drop_table("registration_attempts", schema="app")
    op.drop_index(
        "uq_invitations_one_pending_per_pair",
        table_name="invitations",
        schema="app",
        postgresql_where="status = 'sent'",
    )
    op.drop_index("ix_invitations_school_id", table_name="invitations", schema="app")
    op.drop_index("ix_invitations_pending", table_name="invitations", schema="app", postgresql_where="status = 'sent'")
    op.drop_index("ix_invitations_graduate_id", table_name="invitations", schema="app")
    op.drop_index("ix_invitations_employer_id", table_name="invitations", schema="app")
    op.drop_index("ix_invitations_department_id", table_name="invitations", schema="app")
    op.drop_index("ix_invitations_county_id", table_name="invitations", schema="app")
    op.drop_index("ix_invitations_city_id", table_name="invitations", schema="app")
    op.drop_table("invitations", schema="app")
    op.drop_index("ix_events_xid", table_name="events", schema="app")
    op.drop_table("events", schema="app")
    op.drop_index(
        "uq_employers_one_per_credit_code",
        table_name="employers",
        schema="app",
        postgresql_where="standing <> 'closed'",
    )
    op.drop_index("ix_employers_county_id", table_name="employers", schema="app")
    op.drop_index("ix_employers_city_id", table_name="employers", schema="app")
    op.drop_table("employers", schema="app")
    op.drop_table("bureaus_of_regions", schema="app")
    op.drop_index("uq_accounts_username", table_name="accounts", schema="app")
    op.drop_index(
        "uq_accounts_one_per_level", table_name="accounts", schema="app", postgresql_where="kind = 'graduate'"
    )
    op.drop_index(
        "uq_accounts_employer_phone", table_name="accounts", schema="app", postgresql_where="kind = 'employer'"
    )
    op.drop_index("ix_accounts_body_id", table_name="accounts", schema="app")
    op.drop_table("accounts", schema="app")
    op.drop_index("uq_phones_person_id", table_name="phones", schema="app")
    op.drop_table("phones", schema="app")
    op.drop_index("uq_bodies_kind_code", table_name="bodies", schema="app")
    op.drop_index("ix_bodies_parent_id", table_name="bodies", schema="app")
    op.drop_table("bodies", schema="app")
    op.drop_index("uq_trail_one_per_version", table_name="trail", schema="app")
    op.drop_table("trail", schema="app")
    op.drop_index("ix_tasks_body_id", table_name="tasks", schema="app")
    op.drop_index("ix_tasks_account_id", table_name="tasks", schema="app")
    op.drop_table("tasks", schema="app")
    op.drop_index("ix_sandbox_messages_phone_bidx", table_name="sandbox_messages", schema="app")
    op.drop_table("sandbox_messages", schema="app")
    op.drop_index("ix_remembered_until", table_name="remembered", schema="app")
    op.drop_table("remembered", schema="app")
    op.drop_table("regions", schema="app")
    op.drop_table("policies", schema="app")
    op.drop_index("uq_persons_id_bidx", table_name="persons", schema="app")
    op.drop_table("persons", schema="app")
    op.drop_table("one_time_codes", schema="app")
    op.drop_index("ix_messages_to_graduate_id", table_name="messages", schema="app")
    op.drop_index("ix_messages_to_body_id", table_name="messages", schema="app")
    op.drop_table("messages", schema="app")
    op.drop_index("ix_files_body_id", table_name="files", schema="app")
    op.drop_table("files", schema="app")
    op.drop_table("clock_offset", schema="app")
    op.drop_index("ix_challenges_expires_at", table_name="challenges", schema="app")
    op.drop_table("challenges", schema="app")
    op.drop_table("calendar_days", schema="app")
    op.drop_table("buckets", schema="app")
