"""What the rows of the sandbox are written with: the service's keys, one password hash for everybody, the bodies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Self

from app.service import Service

SETTLED: Final = datetime(2026, 9, 1, tzinfo=UTC)
"""When everybody came."""


class Hands:
    """Seals, indexes and digests as the service does."""

    def __init__(self, service: Service, password_hash: str) -> None:
        """One hash serves all accounts: a hash for each would take minutes."""
        self.seal, self.index, self.digest = service.sealer.seal, service.blind_index.of, service.fingerprint.of
        self.password_hash = password_hash


class Known(NamedTuple):
    """A body that is there."""

    id: str
    name: str
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of the province by kind and code."""

    known: Mapping[tuple[str, str], Known]

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Self:
        """Those of these rows."""
        return cls({(row["kind"], row["code"]): Known(row["id"], row["name"], row["parent_id"]) for row in rows})

    def with_more(self, rows: Iterable[Any]) -> Self:
        """These and more."""
        return type(self)({**self.known, **self.of(rows).known})

    def id(self, kind: str, code: str) -> str:
        """The id of a body that must be there."""
        return self.known[kind, code].id


def recorded(record: str) -> dict[str, Any]:
    """The columns of every record, in its first version."""
    return {"id": record, "version": 1, "created_at": SETTLED, "updated_at": SETTLED}
