"""Archive flow (档案流向): a school or bureau records where a personal file went, and each leg of its way.

The person reads their own, registered here or only come home with their file (domain.md §5). A record that does not
hold is voided, with the reason; its number is free again. `applications.dispatching` says what approvals issue and
replace.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Label,
    LargeBinary,
    Select,
    SmallInteger,
    Text,
    and_,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.change import Row
from app.db import Read, actor, asked
from app.errors import Reason
from app.models import ArchiveBureau, ArchiveMovement, Dispatch
from app.models.base import table_of
from app.policies import Actor, Reach, Through
from app.schemas.archive import DispatchDraft, Leg, Void
from app.service import Caller, Once
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.facts import bodies, bureaus
from app.workflows.looking import Answer
from app.workflows.reviewing import local_day
from app.workflows.situations import trail_of
from app.workflows.telling import to_graduate
from app.workflows.view import View, remembered

KIND: Final = "dispatch"
KEEPERS: Final = ("school", "county", "provincial_bureau")

dispatches, movements = table_of(Dispatch), table_of(ArchiveMovement)
passed = table_of(ArchiveBureau)


class At(StrEnum):
    """Whether the record of a dispatch holds."""

    RECORDED = "recorded"
    VOIDED = "voided"


class Do(StrEnum):
    """What may be done with a dispatch."""

    RECORD = "record"
    ISSUE = "issue"
    FORWARD = "forward"
    VOID = "void"
    REPLACE = "replace"


def situation(record: Any, _at: datetime) -> At:
    """The situation of a dispatch."""
    return At(record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation."""
    return {"status": at.value}


# -- who --------------------------------------------------------------------------------------------------------------


def a_keeper_of_archives(actor: Actor, _ground: Any) -> bool:
    """A reviewer or administrator of a school, a county bureau or the provincial bureau."""
    return actor.kind in KEEPERS and (actor.is_a("reviewer") or actor.is_a("administrator"))


def a_keeper_on_its_way(actor: Actor, record: Any) -> bool:
    """A keeper in a body that the file passes: the school, a bureau that sent or received it, whoever recorded it."""
    own = record.passes_the_caller or actor.body_id in (record.recorder_id, record.school_id)
    return a_keeper_of_archives(actor, record) and own


def the_recorder(actor: Actor, record: Any) -> bool:
    """A keeper in the body that recorded it."""
    return a_keeper_of_archives(actor, record) and actor.body_id == record.recorder_id


# -- rules ------------------------------------------------------------------------------------------------------------


def the_day_has_come(scene: Scene) -> Reason | None:
    """No file was dispatched or moved tomorrow."""
    move = scene.move
    if move is None:
        return None
    name = "dispatched_on" if scene.action == Do.RECORD else "moved_on"
    if getattr(move, name) <= local_day(scene.at):
        return None
    return Reason("day-not-come", who="you", how="correct-the-field", pointer=f"/{name}")


def it_moves_after_its_dispatch(scene: Scene) -> Reason | None:
    """No leg is older than the dispatch."""
    if scene.move is None or scene.move.moved_on >= scene.record.dispatched_on:
        return None
    return Reason("moved-before-dispatch", who="you", how="correct-the-field", pointer="/moved_on")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_dispatch(scene: Scene) -> Iterable[Piece]:
    """The dispatch with its parties; the bureau is the one of the unit's place."""
    ground, draft = scene.record, scene.move
    yield Cells(
        {
            **{name: getattr(draft, name) for name in ("number", "type", "unit_name", "unit_region", "dispatched_on")},
            **{name: ground[name] for name in OWNER},
            "county_id": ground.bureau_id,
            "city_id": ground.bureau_parent_id,
            "recorder_id": scene.actor.body_id,
            "recorder_name": ground.recorder_name,
            "voided_by": None,
        },
        {"movements": [], "passes_the_caller": ground.recorder_kind == "county"},
    )


def write_the_leg(scene: Scene) -> Iterable[Piece]:
    """One leg more, to the bureau of the receiver's place."""
    record = scene.record
    leg = {"seq": record.version + 1, **{name: getattr(scene.move, name) for name in LEG}}
    yield Row(movements, {"dispatch_id": record.id, "created_at": scene.at, "county_id": record.bureau_id, **leg})
    yield Cells({}, {"movements": [*record.movements, leg]})


def name_its_successor(scene: Scene) -> Iterable[Piece]:
    """Which dispatch holds in its place: the one that the move is."""
    yield Cells({"voided_by": scene.move.id})


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message, where the person has registered."""
    if scene.record.graduate_id:
        yield to_graduate(scene, KIND, scene.action)


# -- the table --------------------------------------------------------------------------------------------------------

# fmt: off
workflow = Workflow(
    KIND,
    dispatches,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
    table=[
        Transition(
            Do.RECORD, (), At.RECORDED, by=a_keeper_of_archives,
            when=(the_day_has_come,),
            then=(write_the_dispatch, tell_the_graduate),
        ),
        Transition(Do.ISSUE, (), At.RECORDED, by=the_procedure, then=(write_the_dispatch,)),
        Transition(
            Do.FORWARD, (At.RECORDED,), At.RECORDED, by=a_keeper_on_its_way, takes=Leg,
            when=(the_day_has_come, it_moves_after_its_dispatch),
            then=(write_the_leg, tell_the_graduate),
        ),
        Transition(
            Do.VOID, (At.RECORDED,), At.VOIDED, by=the_recorder, takes=Void,
            then=(tell_the_graduate,),
        ),
        Transition(Do.REPLACE, (At.RECORDED,), At.VOIDED, by=the_procedure, then=(name_its_successor,)),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

OWNER: Final = (
    "person_id", "graduate_id", "school_id", "department_id", "graduate_name", "level", "cohort", "school_name",
)  # fmt: skip
LEG: Final = tuple(Leg.model_fields)
SHOWN: Final = (
    "id", "version", "status", "number", "type", "unit_name", "unit_region", "dispatched_on", "graduate_name", "level",
    "cohort", "school_id", "school_name", "recorder_name", "voided_by", "movements", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """A dispatch as everybody sees it to whom it is visible."""
    return {name: scene.record[name] for name in SHOWN}


def visible(table: FromClause) -> Reach:
    """The person, their school and department, the counties that the file passes and their cities, the province."""
    return {
        "graduate": table.c.person_id == actor.c.person_id,
        "department": table.c.department_id == actor.c.body_id,
        "school": table.c.school_id == actor.c.body_id,
        "county": passing(table),
        "city": passing(table),
        "provincial_bureau": true(),
    }


def passing(table: FromClause) -> Through:
    """Those that the caller's body sent or received, or a county below it."""
    return Through(table.c.id, passed.c.dispatch_id, passed.c.body_id == actor.c.body_id)


def held(table: FromClause) -> ColumnElement[bool]:
    """The dispatches that hold of the study that a row is about: an application's, a graduate's."""
    study = (dispatches.c[name] == table.c[name] for name in ("person_id", "school_id", "level", "cohort"))
    return and_(*study, dispatches.c.status == At.RECORDED.value)


def rows(table: FromClause) -> Select[Any]:
    """Dispatches, each with its movements, and whether it passes the caller's body."""
    return select(*table.c, way(table), passing(table).there.label("passes_the_caller"))


def way(table: FromClause) -> Label[Any]:
    """The movements of a dispatch as a list, oldest first."""
    told: list[tuple[Any, Any]] = [(literal_column(f"'{name}'"), movements.c[name]) for name in ("seq", *LEG)]
    parts: list[Any] = [*chain.from_iterable(told)]
    leg = (
        select(func.jsonb_build_object(*parts).label("leg"), movements.c.seq)
        .where(movements.c.dispatch_id == table.c.id)
        .correlate(table)
        .subquery("leg")
    )
    listed = func.jsonb_agg(literal_column("leg.leg order by leg.seq"), type_=JSONB)
    found = select(func.coalesce(listed, literal_column("'[]'::jsonb", JSONB))).select_from(leg)
    return found.scalar_subquery().label("movements")


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the bureau of the region that the move names."""
    there = select(bureaus.c.body_id).where(bureaus.c.region == asked("region", Text())).scalar_subquery()
    return rows(table).add_columns(there.label("bureau_id"))


_owner = func.app.archive_owner(
    asked("id_bidx", LargeBinary()), asked("name", Text()), asked("level", Text()), asked("cohort", SmallInteger())
).table_valued(*OWNER, name="owner")


def _ground() -> Read:
    """Whose file it is, the recording body, and the bureau of the unit's region."""
    own, bureau = bodies.alias("own"), bodies.alias("bureau")
    return Read(
        select(
            *_owner.c,
            own.c.name.label("recorder_name"),
            own.c.kind.label("recorder_kind"),
            bureau.c.id.label("bureau_id"),
            bureau.c.parent_id.label("bureau_parent_id"),
        )
        .select_from(
            own.join(_owner, true())
            .outerjoin(bureaus, bureaus.c.region == asked("region", Text()))
            .outerjoin(bureau, bureau.c.id == bureaus.c.body_id)
        )
        .where(own.c.id == actor.c.body_id),
        remembered,
    )


ground: Final = _ground()


class ArchiveDesk(Desk):
    """A desk whose moves may name a region: its bureau is read beside the dispatch."""

    def named_by(self, body: Any) -> Mapping[str, Any]:
        """The region where the receiver of a leg is."""
        return {"region": getattr(body, "receiver_region", None)}


desk: Final = ArchiveDesk(
    workflow, View(dispatches, visible, rows, more=rows_to_move, filters=("status", "cohort")), told
)


async def record(caller: Caller, draft: DispatchDraft, once: Once | None) -> Answer:
    """Record a dispatch of the file of whom the draft names; whoever it is not is the same 404."""
    named = {
        "id_bidx": caller.service.blind_index.of("id_number", draft.id_number),
        "name": draft.name,
        "level": draft.level,
        "cohort": draft.cohort,
        "region": draft.unit_region,
    }
    return await desk.open(caller, ground, named, Do.RECORD, draft, once)
