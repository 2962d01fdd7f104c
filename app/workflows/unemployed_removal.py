"""How a case of an unemployed graduate ends by their placement: a set statement in the write that makes it live.

Tables of placements import this; it knows none of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, func, insert, literal, null, select, update

from app.change import SetOf, SetStatement, Update
from app.models import Event, Graduate, TrailEntry, UnemployedCase
from app.models.base import PARTIES, table_of
from app.words.unemployed import CaseEnding, CaseStatus
from app.workflows.engine import Piece, Scene

KIND: Final = "unemployed_registration"
cases, graduates = table_of(UnemployedCase), table_of(Graduate)
trail, events = table_of(TrailEntry), table_of(Event)

_OPEN, _CLOSED, _PLACED = CaseStatus.OPEN.value, CaseStatus.CLOSED.value, CaseEnding.PLACED.value


def _close(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """The graduate's open case closes; trail and event."""
    at = asked("at", DateTime(timezone=True))
    moved = (
        update(cases)
        .where(gate, cases.c.graduate_id == asked("graduate_id", Uuid(as_uuid=False)), cases.c.status == _OPEN)
        .values(
            status=_CLOSED, ending=_PLACED, closed_at=at, follow_up_due_on=null(), version=cases.c.version + 1,
            updated_at=at,
        )
        .returning(*(cases.c[name] for name in ("id", "version", *PARTIES)))
        .cte(_PLACED)
    )  # fmt: skip
    steps = insert(trail).from_select(
        ["id", "record_kind", "record_id", "seq", "action", "source", "situation", "at", "real_at", "actor_kind"],
        select(
            func.app.fresh_id(), literal(KIND), moved.c.id, moved.c.version, literal("remove"), literal(_OPEN),
            literal(_PLACED), at, asked("real", DateTime(timezone=True)), literal("system"),
        ),
    )  # fmt: skip
    known = insert(events).from_select(
        ["id", "kind", "record_kind", "record_id", "record_version", "at", *PARTIES],
        select(
            func.app.fresh_id(), literal(f"{KIND}.{_PLACED}"), literal(KIND), moved.c.id, moved.c.version, at,
            *(moved.c[party] for party in PARTIES),
        ),
    )  # fmt: skip
    return moved, steps.cte(f"{_PLACED}_trail"), known.cte(f"{_PLACED}_events")


CLOSE_THE_OPEN_CASE: Final = SetStatement("close_the_open_case", _close)
"""`graduate_id`, `at`, `real`."""


def close_the_open_case(scene: Scene) -> Iterable[Piece]:
    """Whoever has a placement is off the list (domain.md §6), and counts as unplaced no more.

    For every row that makes a placement live. What was read says which version of the graduate it was judged on: when
    a case was opened since then, it is looked at again.
    """
    record = scene.record
    yield SetOf(CLOSE_THE_OPEN_CASE, {"graduate_id": record.graduate_id, "at": scene.at, "real": scene.real})
    yield Update(
        graduates,
        {"id": record.graduate_id, "version": record.graduate_version},
        {"unplaced_code": None, "updated_at": scene.at},
    )
