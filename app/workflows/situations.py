"""Situations of a reviewed procedure, read off status and decision and written back; and the trail of a move."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.change import Row
from app.models import Event, TrailEntry
from app.models.base import PARTIES, table_of
from app.workflows.engine import Now, Scene, Trail
from app.workflows.sealed_parts import DETAILS, TERMS, shown


class At(StrEnum):
    """Where a reviewed record stands: what a row of a table leaves."""

    DRAFT = "draft"
    ISSUED = "issued"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    TERMINATED = "terminated"


_REVIEWED = {"approved": At.APPROVED, "rejected": At.REJECTED}


def situation(record: Any, _at: datetime) -> At:
    """The situation of a record."""
    return _REVIEWED[record.decision] if record.status == "reviewed" else At(record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the record's row says in a situation. A terminated record keeps its decision."""
    match at:
        case At.APPROVED | At.REJECTED:
            return {"status": "reviewed", "decision": at.value, "stage": None}
        case At.TERMINATED:
            return {"status": "terminated", "stage": None}
        case At.SUBMITTED:
            return {"status": "submitted", "decision": None}
        case _:
            return {"status": at.value, "decision": None, "stage": None}


Difference = Mapping[str, Any] | None
"""`{field: [before, after]}`."""


def edited(scene: Scene, now: Now) -> Difference:
    """What an edit changed of a record's typed part; nothing for other moves."""
    if scene.source is None or scene.source != scene.to:
        return None
    old, new = (
        {**TERMS.whole(scene.sealer, one), "valid_until": one.get("valid_until")} for one in (scene.record, now)
    )
    return differences(old, new)


def amended(scene: Scene, now: Now) -> Difference:
    """What an amendment changed of a placement's details; nothing for other moves."""
    if scene.action != "amend":
        return None
    return differences(DETAILS.whole(scene.sealer, scene.record), DETAILS.whole(scene.sealer, now))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """The fields whose values are others, and what is shown of them."""
    others = (name for name in {**old, **new} if old.get(name) != new.get(name))
    return {name: [shown(name, old.get(name)), shown(name, new.get(name))] for name in others}


def trail_of(kind: str, changed: Callable[[Scene, Now], Difference] = edited) -> Trail:
    """The rows that every move of this kind of record leaves: one of the trail, one event.

    `changed` is what the step tells of values before and after.
    """
    trail, event = table_of(TrailEntry), table_of(Event)

    def write(scene: Scene, now: Now) -> Iterable[Row]:
        actor, move = scene.actor, scene.move
        yield Row(
            trail,
            {
                "id": scene.fresh.id(),
                "record_kind": kind,
                "record_id": now.id,
                "seq": now.version,
                "action": scene.action,
                "source": scene.source,
                "situation": scene.to,
                "stage": now.get("stage"),
                "at": scene.at,
                "real_at": scene.real,
                "actor_kind": actor.kind,
                "account_id": actor.account_id,
                "body_id": actor.body_id,
                "reason": getattr(move, "reason", None),
                "comment": getattr(move, "comment", None),
                "diff": changed(scene, now),
            },
        )
        yield Row(
            event,
            {
                "id": scene.fresh.id(),
                "kind": f"{kind}.{scene.to}",
                "record_kind": kind,
                "record_id": now.id,
                "record_version": now.version,
                "at": scene.at,
                **{party: now.get(party) for party in PARTIES},
            },
        )

    return write
