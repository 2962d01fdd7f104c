"""How a case of an unemployed graduate ends by their placement: a set statement in the write that makes it live.

Tables of placements import this; it knows none of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, Uuid, null, update

from app.change import SetOf, SetStatement, Update
from app.models import Graduate, UnemployedCase
from app.models.base import table_of
from app.words.unemployed import CaseEnding, CaseStatus
from app.workflows.endings import Ending
from app.workflows.engine import Piece, Scene

KIND: Final = "unemployed_registration"
cases, graduates = table_of(UnemployedCase), table_of(Graduate)

_OPEN, _CLOSED, _PLACED = CaseStatus.OPEN.value, CaseStatus.CLOSED.value, CaseEnding.PLACED.value
_ENDING: Final = Ending(KIND, "remove", _OPEN, _PLACED, word=_PLACED)


def _close(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """The graduate's open case closes."""
    at = asked("at", DateTime(timezone=True))
    ended = (
        update(cases)
        .where(gate, cases.c.graduate_id == asked("graduate_id", Uuid(as_uuid=False)), cases.c.status == _OPEN)
        .values(
            status=_CLOSED, ending=_PLACED, closed_at=at, follow_up_due_on=null(), version=cases.c.version + 1,
            updated_at=at,
        )
    )  # fmt: skip
    return _ENDING.of(asked, gate, ended)


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
