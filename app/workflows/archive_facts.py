"""What an import of archive records looks up for a chunk of rows, in one statement for each kind of fact."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    Select,
    SmallInteger,
    Text,
    Uuid,
    column,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Statement, asked
from app.models import Account, Graduate, Person, RosterEntry
from app.models.base import table_of
from app.workflows.archives import dispatches, passed, way
from app.workflows.facts import bodies, bureaus

_ID: Final = Uuid(as_uuid=False)
persons, entries, graduates, accounts = (table_of(one) for one in (Person, RosterEntry, Graduate, Account))

IMPORTER: Final = Statement(
    select(bodies.c.kind, bodies.c.name, accounts.c.roles)
    .join_from(bodies, accounts, accounts.c.body_id == bodies.c.id)
    .where(bodies.c.id == asked("body", _ID), accounts.c.id == asked("account", _ID))
)
"""The body that imports, and the roles of who asked for it."""


def _owners() -> Select[Any]:
    """Whose file each row is about: all four fields equal to a roster's entry; for a school, to one of its own.

    As `app.archive_owner`, which serves a request, does it for one.
    """
    row = (
        func.jsonb_to_recordset(asked("rows", JSONB))
        .table_valued(
            column("number", Integer),
            column("id_bidx", LargeBinary),
            column("name", Text),
            column("level", Text),
            column("cohort", SmallInteger),
            name="row",
        )
        .render_derived(with_types=True)
    )
    same = (entries.c[name] == row.c[name] for name in ("name", "level", "cohort"))
    owner = (
        select(
            persons.c.id.label("person_id"),
            graduates.c.id.label("graduate_id"),
            entries.c.school_id,
            entries.c.department_id,
            entries.c.name.label("graduate_name"),
            entries.c.level,
            entries.c.cohort,
            bodies.c.name.label("school_name"),
        )
        .select_from(
            persons.join(entries, entries.c.person_id == persons.c.id)
            .join(bodies, bodies.c.id == entries.c.school_id)
            .outerjoin(
                graduates,
                (graduates.c.person_id == persons.c.id)
                & (graduates.c.level == entries.c.level)
                & (graduates.c.cohort == entries.c.cohort)
                & (graduates.c.school_id == entries.c.school_id),
            )
        )
        .where(
            persons.c.id_bidx == row.c.id_bidx,
            *same,
            or_(asked("kind", Text()) != "school", entries.c.school_id == asked("body", _ID)),
        )
        .order_by(entries.c.source.desc())
        .limit(1)
        .lateral("owner")
    )
    return select(row.c.number.label("row"), *owner.c).select_from(row.join(owner, true()))


OWNERS: Final = Statement(_owners())
RECORDED: Final = Statement(
    select(
        *dispatches.c,
        way(dispatches),
        exists()
        .where(passed.c.dispatch_id == dispatches.c.id, passed.c.body_id == asked("body", _ID))
        .correlate_except(passed)
        .label("passes_the_caller"),
    ).where(dispatches.c.number == func.any(asked("numbers", ARRAY(Text))), dispatches.c.status == "recorded")
)
"""The dispatches that hold of these numbers, as the procedure reads them."""
BUREAUS: Final = Statement(
    select(bureaus.c.region, bodies.c.id.label("bureau_id"), bodies.c.parent_id.label("bureau_parent_id"))
    .join_from(bureaus, bodies, bodies.c.id == bureaus.c.body_id)
    .where(bureaus.c.region == func.any(asked("regions", ARRAY(Text))))
)
