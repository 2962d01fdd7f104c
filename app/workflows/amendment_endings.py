"""How an open amendment ends with its placement: a set statement in the write of the ending."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, null, update

from app.change import SetOf, SetStatement
from app.models import Amendment
from app.models.base import table_of
from app.workflows.endings import Ending
from app.workflows.engine import Scene

amendments = table_of(Amendment)
_MOOT: Final = "moot"
_ENDING: Final = Ending(
    "amendment", _MOOT, "submitted", "terminated", word="terminated", tells={"to_graduate_id": "graduate_id"},
    review=_MOOT,
)  # fmt: skip


def _build(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    at, placement = asked("at", DateTime(timezone=True)), asked("placement_id", Uuid(as_uuid=False))
    ended = (
        update(amendments)
        .where(gate, amendments.c.placement_id == placement, amendments.c.status == "submitted")
        .values(
            status="terminated", ending=_MOOT, stage=null(), decided_at=at, updated_at=at,
            version=amendments.c.version + 1,
        )
    )  # fmt: skip
    return _ENDING.of(asked, gate, ended)


END_THE_OPEN_ONE: Final = SetStatement("end_the_open_amendment", _build)
"""`placement_id`, `at`, `real`."""


def close_the_open_amendment(scene: Scene) -> Sequence[SetOf]:
    """What was asked of a placement that has ended is moot.

    One that is asked in the very moment of the ending may stay open: it can be withdrawn and rejected, and never
    approved, for its approval is written on the placement.
    """
    return (SetOf(END_THE_OPEN_ONE, {"placement_id": scene.id, "at": scene.at, "real": scene.real}),)
