"""Who may ask for an operation at all. Each route declares one; `look`, where a caller becomes known, judges by it.

Which records there are to see, the visibility clauses say (`View`); what may be done with one, its procedure's table.
A service client needs the operation's scope besides; an operation without one is for people alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.errors import Forbidden
from app.policies import Actor
from app.words import ActorKind as Kind
from app.words import Scope
from app.words import StaffRole as Role


@dataclass(frozen=True, slots=True)
class Permission:
    """Kinds of callers; for those that act for a body, roles of which they hold one (none named: any role).

    A pair that is not here is refused with 403 `role-missing`, whatever the record; a client whose token lacks the
    scope with `scope-missing`.
    """

    name: str
    kinds: frozenset[Kind]
    roles: frozenset[Role] = frozenset()
    scope: Scope | None = None
    """What a service client must have been granted; None: people only."""

    def demand(self, who: Actor) -> None:
        """Refuse whoever may not ask."""
        if not self.holds(Kind(who.kind), who.roles):
            raise Forbidden
        if who.scopes is not None and self.scope not in who.scopes:
            raise Forbidden("scope-missing")

    def holds(self, kind: Kind, roles: Iterable[str]) -> bool:
        """Whether somebody of this kind with these roles may ask."""
        return kind in self.kinds and (kind is Kind.GRADUATE or not self.roles or not self.roles.isdisjoint(roles))


def _for(name: str, *kinds: Kind, roles: tuple[Role, ...] = (), scope: Scope | None = None) -> Permission:
    return Permission(name, frozenset(kinds), frozenset(roles), scope)


_SCHOOLING: Final = (Kind.DEPARTMENT, Kind.SCHOOL)
_BUREAUS: Final = (Kind.COUNTY, Kind.CITY, Kind.PROVINCIAL_BUREAU)
_BODIES: Final = (*_SCHOOLING, *_BUREAUS, Kind.PROVINCIAL_EDUCATION, Kind.SUPPORT)
_DECIDING: Final = tuple(kind for kind in _BODIES if kind is not Kind.CITY)  # which reads what its counties do
_PARTIES: Final = (Kind.GRADUATE, Kind.EMPLOYER, *_SCHOOLING, *_BUREAUS, Kind.PROVINCIAL_EDUCATION)
_EMPLOYERS_PARTIES: Final = (Kind.EMPLOYER, *_BUREAUS, Kind.PROVINCIAL_EDUCATION)
_ROSTERS: Final = (*_SCHOOLING, Kind.PROVINCIAL_EDUCATION)

_ITS_SCHOOL: Final = (Kind.GRADUATE, *_SCHOOLING, Kind.PROVINCIAL_BUREAU, Kind.PROVINCIAL_EDUCATION)
_ITS_CASES: Final = (Kind.GRADUATE, *_SCHOOLING, *_BUREAUS, Kind.PROVINCIAL_EDUCATION)

EVERYBODY: Final = _for("everybody", *Kind)
FILE_READERS: Final = _for("whoever may read the file", *Kind, scope=Scope.FILES_READ)
FILE_SENDERS: Final = _for("whoever sends a file", *Kind, scope=Scope.FILES_WRITE)
TASK_READERS: Final = _for("whoever began the task", *Kind, scope=Scope.TASKS_READ)
GRADUATES: Final = _for("graduates", Kind.GRADUATE)
EMPLOYERS: Final = _for("employers", Kind.EMPLOYER)
SIDES: Final = _for("the sides of an agreement", Kind.GRADUATE, Kind.EMPLOYER)
PARTIES: Final = _for("parties", *_PARTIES, scope=Scope.PLACEMENTS_READ)
PARTIES_TO_MOVE: Final = _for("parties, to move", *_PARTIES, scope=Scope.REVIEWS_DECIDE)
EMPLOYERS_PARTIES: Final = _for("an employer and its bureaus", *_EMPLOYERS_PARTIES, scope=Scope.EMPLOYERS_READ)
EMPLOYERS_PARTIES_TO_MOVE: Final = _for(
    "an employer and its bureaus, to move", *_EMPLOYERS_PARTIES, scope=Scope.REVIEWS_DECIDE
)
ITS_SCHOOL: Final = _for("the graduate, their school, the province", *_ITS_SCHOOL, scope=Scope.PLACEMENTS_READ)
ITS_SCHOOL_TO_MOVE: Final = _for(
    "the graduate, their school, the province, to move", *_ITS_SCHOOL, scope=Scope.REVIEWS_DECIDE
)
MARKET: Final = _for(
    "graduates, employers and their bureaus", Kind.GRADUATE, *_EMPLOYERS_PARTIES, scope=Scope.EMPLOYERS_READ
)
APPLICATION_READERS: Final = _for(
    "the graduate, their school, the bureaus, the province", *_ITS_CASES, scope=Scope.APPLICATIONS_READ
)
APPLICATION_READERS_TO_MOVE: Final = _for(
    "the graduate, their school, the bureaus, the province, to move", *_ITS_CASES, scope=Scope.REVIEWS_DECIDE
)
QUOTA_READERS: Final = _for("those with quotas", *_SCHOOLING, Kind.PROVINCIAL_EDUCATION, scope=Scope.APPLICATIONS_READ)
QUOTA_KEEPERS: Final = _for(
    "administrators above those with quotas",
    Kind.SCHOOL,
    Kind.PROVINCIAL_EDUCATION,
    roles=(Role.ADMINISTRATOR,),
)
PUBLISHERS: Final = _for(
    "reviewers of bodies that publish",
    Kind.SCHOOL,
    Kind.COUNTY,
    Kind.PROVINCIAL_BUREAU,
    roles=(Role.REVIEWER,),
    scope=Scope.REVIEWS_DECIDE,
)
_PAYING: Final = (Kind.COUNTY, Kind.PROVINCIAL_BUREAU)
PAYERS: Final = _for("reviewers of bodies that pay", *_PAYING, roles=(Role.REVIEWER,), scope=Scope.EXPORTS)
PAYERS_IN_BULK: Final = _for(
    "reviewers of bodies that pay, in bulk", *_PAYING, roles=(Role.REVIEWER,), scope=Scope.REVIEWS_BULK
)
PAYMENT_READERS: Final = _for("bodies that pay", *_PAYING, scope=Scope.APPLICATIONS_READ)
CASE_PARTIES: Final = _for(
    "the graduate, their school, the bureaus of residence", *_ITS_CASES, scope=Scope.PLACEMENTS_READ
)
CASE_MOVERS: Final = _for(
    "the graduate and the bureau that follows up",
    *(Kind.GRADUATE, Kind.COUNTY, Kind.PROVINCIAL_BUREAU),
    roles=(Role.REVIEWER,),
    scope=Scope.REVIEWS_DECIDE,
)
BUREAUS: Final = _for("bureaus and the province", *_BUREAUS, Kind.PROVINCIAL_EDUCATION, scope=Scope.PLACEMENTS_READ)
REVIEWERS: Final = _for("reviewers", *_DECIDING, roles=(Role.REVIEWER,), scope=Scope.REVIEWS_DECIDE)
REVIEWERS_IN_BULK: Final = _for("reviewers, in bulk", *_DECIDING, roles=(Role.REVIEWER,), scope=Scope.REVIEWS_BULK)
REVIEWING_BODIES: Final = _for("reviewing bodies", *_BODIES, scope=Scope.REVIEWS_READ)
STAFF: Final = _for("staff", *_BODIES)
ADMINISTRATORS: Final = _for("administrators", *_BODIES, roles=(Role.ADMINISTRATOR,))
ROSTER_READERS: Final = _for("those whose roster it is", *_ROSTERS, scope=Scope.ROSTERS_READ)
ENTRY_READERS: Final = _for(
    "the graduate and those whose roster it is", Kind.GRADUATE, *_ROSTERS, scope=Scope.ROSTERS_READ
)
ENTRY_READERS_TO_MOVE: Final = _for(
    "the graduate and those whose roster it is, to move", Kind.GRADUATE, *_ROSTERS, scope=Scope.REVIEWS_DECIDE
)
ENTRY_WRITERS: Final = _for(
    "the graduate and administrators of the roster",
    Kind.GRADUATE,
    Kind.SCHOOL,
    Kind.PROVINCIAL_EDUCATION,
    roles=(Role.ADMINISTRATOR,),
)
ROSTER_KEEPERS: Final = _for(
    "administrators of a roster",
    Kind.SCHOOL,
    Kind.PROVINCIAL_EDUCATION,
    roles=(Role.ADMINISTRATOR,),
    scope=Scope.ROSTERS_IMPORT,
)
ARCHIVE_READERS: Final = _for("the person and those whom the file passes", Kind.GRADUATE, *_SCHOOLING, *_BUREAUS)
ARCHIVE_KEEPERS: Final = _for(
    "keepers of archives",
    Kind.SCHOOL,
    Kind.COUNTY,
    Kind.PROVINCIAL_BUREAU,
    roles=(Role.REVIEWER, Role.ADMINISTRATOR),
)
SCHOOLS_STAFF: Final = _for("the school's staff", Kind.SCHOOL, roles=(Role.REVIEWER, Role.ADMINISTRATOR))
SCHOOLS_ADMINISTRATORS: Final = _for("the school's administrators", Kind.SCHOOL, roles=(Role.ADMINISTRATOR,))
CALENDAR_KEEPERS: Final = _for(
    "administrators of the provincial bureau", Kind.PROVINCIAL_BUREAU, roles=(Role.ADMINISTRATOR,)
)
RECOVERY_READERS: Final = _for(
    "the holder, the school and support", Kind.GRADUATE, Kind.SCHOOL, Kind.SUPPORT, Kind.PROVINCIAL_BUREAU
)
RECOVERY_REVIEWERS: Final = _for("reviewers of recoveries", Kind.SCHOOL, Kind.SUPPORT, roles=(Role.REVIEWER,))
REVEALERS: Final = _for(
    "reviewers and administrators", *_BODIES, roles=(Role.REVIEWER, Role.ADMINISTRATOR), scope=Scope.REVEAL
)
