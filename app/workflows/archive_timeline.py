"""What a person reads of their personal file: every dispatch and every leg, in the order of their days.

It is the person's, whatever they studied here: who came home from a school outside the province, and is registered to
ask about their archive alone, reads it too (domain.md §5).
"""

from itertools import chain
from typing import Any, Final

from sqlalchemy import Integer, Select, cast, func, literal, literal_column, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Read, actor
from app.schemas.archive import TIMELINE_STEPS, DispatchBrief
from app.service import Caller
from app.workflows.archives import LEG, dispatches, movements
from app.workflows.looking import Answer, as_json, look

BRIEF: Final = tuple(DispatchBrief.model_fields)


def _object(*columns: Any) -> Any:
    """The columns as one JSON object, by their names."""
    named: list[tuple[Any, Any]] = [(literal_column(f"'{one.name}'"), one) for one in columns]
    return func.jsonb_build_object(*chain.from_iterable(named), type_=JSONB)


def _steps() -> Select[Any]:
    """Dispatches and legs of the caller's, the oldest first; of one day in the order in which they were recorded."""
    dispatch = _object(*(dispatches.c[name] for name in BRIEF)).label("dispatch")
    leg = _object(*(movements.c[name] for name in ("seq", *LEG))).label("movement")
    own = dispatches.c.person_id == actor.c.person_id
    steps = union_all(
        select(
            dispatches.c.id,
            dispatches.c.dispatched_on.label("on"),
            cast(literal(0), Integer).label("seq"),
            literal("dispatched").label("step"),
            dispatch,
            cast(null(), JSONB).label("movement"),
        )
        .where(own)
        .correlate(actor),
        select(dispatches.c.id, movements.c.moved_on, movements.c.seq, movements.c.state, dispatch, leg)
        .join_from(movements, dispatches, dispatches.c.id == movements.c.dispatch_id)
        .where(own)
        .correlate(actor),
    ).subquery("step")
    return select(*steps.c).order_by(steps.c.on, steps.c.id, steps.c.seq).limit(TIMELINE_STEPS)


_STEPS: Final = Read(_steps())


async def own(caller: Caller) -> Answer:
    """The caller's whole timeline."""
    _, found = await look(caller, _STEPS)
    told = [{name: row[name] for name in ("on", "step", "dispatch", "movement")} for row in found]
    return Answer(as_json({"items": told}))
