"""What the correction of a roster entry leaves behind: a row of the trail, and an event."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.change import Row, fresh_id
from app.models import Event, TrailEntry
from app.models.base import PARTIES, table_of
from app.policies import Actor
from app.security import masks
from app.service import Service

KIND: Final = "roster_entry"
_MASKED: Final = {"id_number": masks.id_number, "phone": masks.phone}

_DONE: Final = {"correct": "corrected", "release": "released"}

trail, events = table_of(TrailEntry), table_of(Event)


def correction_of(
    service: Service, who: Actor, row: Any, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Row]:
    """The rows of a correction; numbers are masked on both sides, for the trail is for ever."""
    diff = {
        name: [_shown(name, before.get(name)), _shown(name, after.get(name))]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }
    return _left(service, who, row, "correct", diff)


def release_of(service: Service, who: Actor, row: Any) -> Iterator[Row]:
    """The rows of a release."""
    return _left(service, who, row, "release", None)


def _left(service: Service, who: Actor, row: Any, action: str, diff: Mapping[str, Any] | None) -> Iterator[Row]:
    at = service.clock.now()
    yield Row(
        trail,
        {
            "id": fresh_id(),
            "record_kind": KIND,
            "record_id": row.id,
            "seq": row.version + 1,
            "action": action,
            "source": "listed",
            "situation": "listed",
            "stage": None,
            "at": at,
            "real_at": service.clock.real(),
            "actor_kind": who.kind,
            "account_id": who.account_id,
            "body_id": who.body_id,
            "reason": None,
            "comment": None,
            "diff": diff,
        },
    )
    parties = {"graduate_id": row.graduate_id, "school_id": row.school_id, "department_id": row.department_id}
    yield Row(
        events,
        {
            "id": fresh_id(),
            "kind": f"{KIND}.{_DONE[action]}",
            "record_kind": KIND,
            "record_id": row.id,
            "record_version": row.version + 1,
            "at": at,
            **dict.fromkeys(PARTIES),
            **parties,
        },
    )


def _shown(name: str, value: Any) -> Any:
    return _MASKED[name](value) if value is not None and name in _MASKED else value
