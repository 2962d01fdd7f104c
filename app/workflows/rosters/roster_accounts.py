"""Accounts that come with a school's roster: of graduates whom the school activated itself, and of provisioned cohorts.

Made once and then left alone: who registered here, or came with an earlier file, keeps what they have. A hash of
another system is kept until its owner signs in (`logins`); without one the owner sets a password by a code to the
roster's phone (`activations`).
"""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    SmallInteger,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db import Statement, asked
from app.models import Account, Graduate, RosterEntry
from app.models.base import table_of
from app.words import RegistrationMode
from app.workflows.facts import in_force

entries, graduates, accounts = table_of(RosterEntry), table_of(Graduate), table_of(Account)
_ID: Final = Uuid(as_uuid=False)
_KEY: Final = ("person_id", "level", "cohort", "school_id")
_at: Final = asked("at", DateTime(timezone=True))
_fresh: Final = func.app.fresh_id(type_=_ID)


def _wanted() -> Any:
    """The entries of these rows whose graduates get an account."""
    given = (
        func.jsonb_to_recordset(asked("rows", JSONB))
        .table_valued(
            column("person_id", _ID),
            column("level", Text),
            column("cohort", SmallInteger),
            column("school_id", _ID),
            column("activated", Boolean),
            column("password_hash", Text),
            name="given",
        )
        .render_derived(with_types=True)
    )
    policy = in_force(given.c.cohort, asked("now", DateTime(timezone=True)))
    provisioned = policy.c.document["registration"].as_string() == RegistrationMode.PROVISIONED.value
    same = and_(entries.c.source == "school", *(entries.c[name] == given.c[name] for name in _KEY))
    return (
        select(
            *(given.c[name] for name in (*_KEY, "password_hash")),
            *(entries.c[name] for name in ("id", "name", "department_id")),
            entries.c.details["major"].as_string().label("major"),
        )
        .select_from(given.join(entries, same).outerjoin(policy, true()))
        .where(or_(given.c.activated, provisioned))
        .cte("wanted")
    )


def _provide() -> Statement:
    wanted = _wanted()
    graduate = {
        "id": _fresh,
        "version": literal_column("1"),
        "created_at": _at,
        "updated_at": _at,
        "roster_entry_id": wanted.c.id,
        **{name: wanted.c[name] for name in (*_KEY, "name", "department_id", "major")},
    }
    account = {
        "id": _fresh,
        "kind": literal("graduate"),
        "person_id": wanted.c.person_id,
        "level": wanted.c.level,
        "display_name": wanted.c.name,
        "roles": literal_column("'{}'::text[]", ARRAY(Text)),
        "password_hash": wanted.c.password_hash,
        "created_at": _at,
    }
    added = (
        upsert(graduates).from_select([*graduate], select(*graduate.values())).on_conflict_do_nothing().cte("enrolled"),
        upsert(accounts).from_select([*account], select(*account.values())).on_conflict_do_nothing().cte("provided"),
    )
    return Statement(select(func.count().label("n")).select_from(wanted).add_cte(*added))


PROVIDE: Final = _provide()
"""Makes what is missing for `rows` (JSON, as above), whose entries stand. `at`: the wall clock; `now`: the rules'."""
