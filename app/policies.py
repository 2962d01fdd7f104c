"""Who a caller is, and the named predicates that tables and queries use: who may see, who may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Column, ColumnElement, FromClause, and_, exists, literal_column, or_, select, true

from app.db import actor

ARCHIVE_QUERY_ONLY = "archive_query_only"
"""What `app.begin_request` says of such a graduate, in place of the roles that staff have."""
PROVINCE = ("provincial_bureau", "provincial_education")


class Actor(NamedTuple):
    """The caller, as `app.begin_request` found them: the columns of `db.ACTOR_COLUMNS`, in that order."""

    account_id: str
    session_id: str | None
    kind: str
    roles: Sequence[str]
    body_id: str | None
    school_id: str | None
    person_id: str | None
    graduate_id: str | None
    verified_at: datetime | None
    amr: Sequence[str]
    auth_at: datetime | None
    scopes: Sequence[str] | None
    """What a service client was granted; null for people."""
    record_id: str | None

    @property
    def archive_query_only(self) -> bool:
        """Whether this is a graduate of a school outside the province, to whom procedures are closed."""
        return ARCHIVE_QUERY_ONLY in self.roles

    def is_a(self, role: str) -> bool:
        """Whether the person holds this role in their body."""
        return role in self.roles


NOBODY: Final = "00000000-0000-0000-0000-000000000000"
"""In place of an account, where nobody's acted."""
THE_SYSTEM: Final = Actor(NOBODY, None, "system", (), None, None, None, None, None, (), None, None, None)
"""The service itself, in what the worker does because its time has come."""


class HasGraduate(Protocol):
    """A record that concerns a graduate."""

    graduate_id: str


class HasEmployer(Protocol):
    """A record that concerns an employer."""

    employer_id: str


class HasChain(Protocol):
    """A record that bodies review in turn; `chain` is null before the first submission."""

    chain: Sequence[Mapping[str, Any]] | None


# -- who may do -------------------------------------------------------------------------------------------------------


def the_graduate(actor: Actor, record: HasGraduate) -> bool:
    """The graduate whom the record concerns."""
    return actor.graduate_id is not None and actor.graduate_id == record.graduate_id


def the_employer(actor: Actor, record: HasEmployer) -> bool:
    """An operator of the employer whom the record concerns."""
    return actor.kind == "employer" and actor.body_id == record.employer_id


def an_employer(actor: Actor, _ground: Any) -> bool:
    """An operator of any employer."""
    return actor.kind == "employer"


def a_reviewer_of_the_chain(actor: Actor, record: HasChain) -> bool:
    """A reviewer in one of the bodies that review the record; whose turn it is, is a rule."""
    return actor.is_a("reviewer") and any(turn["body_id"] == actor.body_id for turn in record.chain or ())


class IsBody(Protocol):
    """A body."""

    body_id: str
    body_kind: str
    body_parent_id: str | None


BELOW: Mapping[str, frozenset[str]] = {
    "provincial_bureau": frozenset({"school", "city", "county", "support"}),
    "provincial_education": frozenset({"school"}),
}
"""Kinds of bodies whose accounts a provincial body may make, whatever stands between."""


def administers(actor: Actor, body: IsBody) -> bool:
    """The administrator of the body itself, or of one above it (domain.md §2). Employers' accounts are no staff's."""
    above = actor.body_id in (body.body_id, body.body_parent_id) or body.body_kind in BELOW.get(actor.kind, ())
    return actor.is_a("administrator") and body.body_kind != "employer" and above


NO_STAFF = ("graduate", "employer")
"""Kinds of callers who have one factor."""


def is_enrolling(actor: Actor) -> bool:
    """Staff who have shown a password alone: they enrol their second factor, and can do nothing else."""
    return actor.kind not in NO_STAFF and list(actor.amr) == ["pwd"]


STEP_UP = timedelta(minutes=10)


def proved_lately(actor: Actor, real: datetime) -> bool:
    """Whether staff proved both factors within ten minutes, as revealing, exporting and bulk approval ask (step-up).

    A client never steps up: it was given the scope of the operation, which is asked of it besides, by who just had.
    """
    if actor.scopes is not None:
        return True
    return "otp" in actor.amr and actor.auth_at is not None and real - actor.auth_at <= STEP_UP


# -- who may see ------------------------------------------------------------------------------------------------------

Visible = Mapping[str, ColumnElement[bool]]
"""For each kind of caller, the clause under which a row is theirs to see. A kind that is absent sees nothing."""


@dataclass(frozen=True, slots=True)
class Through:
    """Rows that are somebody's because another table says so: `key` there names the row, `whose` is true of them.

    A page of them is read in the other table's order, so that it stays one scan of one index.
    """

    id: ColumnElement[Any]
    key: Column[Any]
    whose: ColumnElement[bool]

    @property
    def beside(self) -> ColumnElement[bool]:
        """What joins the two, for the caller."""
        return and_(self.key == self.id, self.whose)

    @property
    def there(self) -> ColumnElement[bool]:
        """The same as a clause, for one row: `offset 0` keeps PostgreSQL from looking up all rows to know it of one."""
        found = select(self.key).where(self.beside).offset(literal_column("0"))
        return exists(found.correlate_except(self.key.table))


Reach = Mapping[str, ColumnElement[bool] | Through]
"""The same, where another table may say whose a row is."""


def its_parties(table: FromClause) -> Visible:
    """Whoever is named in the row, and the province."""
    return {
        "graduate": table.c.graduate_id == actor.c.graduate_id,
        "employer": table.c.employer_id == actor.c.body_id,
        "department": table.c.department_id == actor.c.body_id,
        "school": table.c.school_id == actor.c.body_id,
        "county": table.c.county_id == actor.c.body_id,
        "city": table.c.city_id == actor.c.body_id,
        "provincial_bureau": true(),
        "provincial_education": true(),
    }


def its_parties_once_sent(table: FromClause) -> Visible:
    """The same of a placement: a draft is for the graduate and their school alone."""
    whole = its_parties(table)
    shut = {kind: and_(clause, table.c.status != "draft") for kind, clause in whole.items()}
    return {**shut, **{kind: whole[kind] for kind in ("graduate", "department", "school")}}


def to_the_caller(visible: Reach) -> ColumnElement[bool]:
    """One clause for all kinds, for reading a record whose id is known."""
    clauses = ((kind, rows.there if isinstance(rows, Through) else rows) for kind, rows in visible.items())
    return or_(*(and_(actor.c.kind == kind, clause) for kind, clause in clauses))
