"""Words of service clients (服务客户端): what an integration of a body may be allowed to do, and its name."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from app.words.bodies import StaffRole
from app.words.text import LINE, length


class Scope(StrEnum):
    """What a client may do of what its body may. Reading never includes deciding; nothing includes another."""

    PLACEMENTS_READ = "placements:read"
    EMPLOYERS_READ = "employers:read"
    APPLICATIONS_READ = "applications:read"
    REVIEWS_READ = "reviews:read"
    REVIEWS_DECIDE = "reviews:decide"
    REVIEWS_BULK = "reviews:bulk"
    ROSTERS_READ = "rosters:read"
    ROSTERS_IMPORT = "rosters:import"
    FILES_READ = "files:read"
    FILES_WRITE = "files:write"
    TASKS_READ = "tasks:read"
    EXPORTS = "exports"
    REVEAL = "reveal"


GRAVE: Final = frozenset({Scope.REVIEWS_BULK, Scope.EXPORTS, Scope.REVEAL})
"""What a person proves both factors for. A client never does: it is given these one by one, by an administrator who
just did, and has them only in tokens that ask for them by name."""

_ROLES: Final = {
    Scope.REVIEWS_DECIDE: StaffRole.REVIEWER,
    Scope.REVIEWS_BULK: StaffRole.REVIEWER,
    Scope.EXPORTS: StaffRole.REVIEWER,
    Scope.REVEAL: StaffRole.REVIEWER,
    Scope.ROSTERS_IMPORT: StaffRole.ADMINISTRATOR,
}


def roles_of(scopes: Iterable[Scope]) -> list[StaffRole]:
    """The roles in its body that a client needs for its scopes. Each operation asks for its scope as well."""
    return sorted({_ROLES.get(scope, StaffRole.READER) for scope in scopes})


ClientName = Annotated[
    str,
    length(50),
    LINE,
    Field(description="What the integration is called in its body.", examples=["教务系统对接"]),
    mapped_column(String(50)),
]
