"""The trail of reference data: who changed what, when, from what to what. A record is named by its address."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.change import Row, fresh_id
from app.models import TrailEntry
from app.models.base import table_of
from app.policies import Actor
from app.service import Service

trail = table_of(TrailEntry)


def recorded(
    service: Service,
    who: Actor,
    path: str,
    kind: str,
    *,
    version: int,
    action: str,
    comment: str | None,
    diff: Mapping[str, Any],
) -> Row:
    """The step that made this version of what is at `path`; `diff` is `{what: [before, after]}`."""
    return Row(
        trail,
        {
            "id": fresh_id(),
            "record_kind": kind,
            "record_id": str(uuid5(NAMESPACE_URL, path)),
            "seq": version,
            "action": action,
            "situation": "recorded",
            "at": service.clock.now(),
            "real_at": service.clock.real(),
            "actor_kind": who.kind,
            "account_id": who.account_id,
            "body_id": who.body_id,
            "comment": comment,
            "diff": diff,
        },
    )
