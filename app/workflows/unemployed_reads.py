"""How registrations of unemployed graduates are read: to show, to move, to declare one, and to count contacts."""

from typing import Any, Final

from sqlalchemy import (
    FromClause,
    Integer,
    Select,
    SmallInteger,
    Text,
    Uuid,
    and_,
    func,
    literal_column,
    select,
    union_all,
)

from app.db import Narrowed, Read, actor, asked
from app.models import Contact
from app.models.base import table_of
from app.policies import Visible, its_parties, to_the_caller
from app.workflows.facts import Facts, bodies
from app.workflows.grounds import at_their_school, graduates
from app.workflows.live_placements import is_live, other_live
from app.workflows.placing_reads import GROUND_COLUMNS
from app.workflows.unemployed_removal import cases
from app.workflows.view import remembered

OPEN: Final = "open_"
"""Before the names of the open case's columns, where they stand beside the graduate."""

contacts = table_of(Contact)
_bureau = bodies.alias("follows_up")
_open = cases.alias("open_case")


def visible(table: FromClause) -> Visible:
    """Whoever is named in the row, and the province; no employer is."""
    return {kind: clause for kind, clause in its_parties(table).items() if kind != "employer"}


def rows(table: FromClause) -> Select[Any]:
    """Cases with the name of who follows up."""
    source = table.outerjoin(_bureau, _bureau.c.id == table.c.body_id)
    return select(*table.c, _bureau.c.name.label("body_name")).select_from(source)


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the bureau of the region that the move names."""
    facts = Facts(table.c.cohort, asked("region", Text()))
    return facts.beside(rows(table), *facts.bureau)


def _ground() -> Read:
    facts = Facts(graduates.c.cohort, asked("region", Text()))
    standing: Any = (
        at_their_school.outerjoin(other_live, and_(other_live.c.graduate_id == graduates.c.id, is_live(other_live)))
        .outerjoin(_open, and_(_open.c.graduate_id == graduates.c.id, _open.c.status == "open"))
        .outerjoin(_bureau, _bureau.c.id == _open.c.body_id)
    )
    opened = (column.label(f"{OPEN}{column.name}") for column in _open.c)
    known = select(
        *GROUND_COLUMNS,
        graduates.c.version.label("graduate_version"),
        other_live.c.id.label("other_live_id"),
        *opened,
        _bureau.c.name.label(f"{OPEN}body_name"),
    ).select_from(standing)
    return Read(facts.beside(known, *facts.bureau).where(graduates.c.id == actor.c.graduate_id), remembered)


ground: Final = _ground()
"""The graduate with their open case, and the bureau of the `region` where they live."""


def _contacts() -> Read:
    limit = asked("limit", Integer())
    case = and_(cases.c.id == actor.c.record_id, to_the_caller(visible(cases)))
    page = (
        select(contacts)
        .where(contacts.c.case_id == cases.c.id, contacts.c.id < asked("after", Uuid(as_uuid=False)))
        .order_by(contacts.c.id.desc())
        .limit(limit)
        .lateral("page")
    )
    told = (page.c.id.label("contact_id"), *(one for one in page.c if one.name != "id"))
    return Read(
        select(cases.c.id, *told, bodies.c.name.label("body_name"))
        .select_from(cases.outerjoin(page, literal_column("true")).outerjoin(bodies, bodies.c.id == page.c.body_id))
        .where(case)
        .order_by(page.c.id.desc())
    )


contacts_of: Final = _contacts()
"""The contacts of a case, newest first; a case without any is one row of nulls beside its id."""


_PROVINCE: Final = ("provincial_bureau", "provincial_education")


def _reached() -> Narrowed:
    seen = {
        "county": cases.c.body_id == actor.c.body_id,
        **{kind: clause for kind, clause in visible(cases).items() if kind in ("city", *_PROVINCE)},
    }
    counted = (cases.c.cohort == asked("cohort", SmallInteger()), cases.c.body_id.is_not(None))
    named = cases.c.body_id == asked("body_id", Uuid(as_uuid=False))
    branches = [
        select(cases.c.reached_on).where(actor.c.kind == kind, clause, *counted, named).correlate(actor)
        for kind, clause in seen.items()
    ]
    found = union_all(*branches).subquery("found")
    counts: Any = select(func.count().label("cases"), func.count(found.c.reached_on).label("contacted"))
    return Narrowed(Read(counts.select_from(found)), ("body_id",))


reached: Final = _reached()
"""How many cases of a cohort there are, and in how many of them the graduate was spoken with."""
