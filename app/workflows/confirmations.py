"""Confirmations (去向确认): after leaving, the graduate says where they went, or that there is nothing.

What is confirmed is a version: whatever changes the placement later makes it stale, and it is asked for anew. Who sees
a placement that isn't theirs objects instead (`objections`). Opened and never moved.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import FromClause, Select, null, select, true

from app.db import Read, actor
from app.errors import Reason
from app.policies import Visible, the_graduate
from app.schemas.confirmation import DestinationConfirmationDraft
from app.service import Caller, Once
from app.words import ConfirmationState
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Piece, Scene, Transition, Workflow
from app.workflows.facts import Facts, its_settings, school_settings
from app.workflows.invitations import identity_is_verified
from app.workflows.looking import Answer
from app.workflows.objections import no_objection_is_open
from app.workflows.reviewing import has_left
from app.workflows.situations import trail_of
from app.workflows.standings import confirmations, graduates, with_standing
from app.workflows.view import View, remembered

KIND: Final = "confirmation"


class At(StrEnum):
    """Where a confirmation stands: it was given."""

    CONFIRMED = "confirmed"


class Do(StrEnum):
    """What may be done: give one."""

    CONFIRM = "confirm"


def situation(_record: Any, _at: datetime) -> At:
    """The situation of a confirmation."""
    return At.CONFIRMED


def columns(_at: StrEnum) -> Mapping[str, Any]:
    """The row says it by being there."""
    return {}


# -- rules ------------------------------------------------------------------------------------------------------------


def they_have_left(scene: Scene) -> Reason | None:
    """Before leaving nothing is final."""
    if has_left(scene.record, scene.at):
        return None
    return Reason("not-left-yet", who="nobody", how="confirm-after-leaving", params={"day": scene.record.leave_on})


def it_is_what_there_is(scene: Scene) -> Reason | None:
    """The placement named is the live one, in the version that it has; or none is named, and there is none."""
    record, move = scene.record, scene.move
    live = (record.placement_id, record.placement_version) if record.live else (None, None)
    if move is None or (move.placement_id, move.placement_version) == live:
        return None
    return Reason("another-placement", who="you", how="read-the-placement", pointer="/placement_version")


def it_is_in_force(scene: Scene) -> Reason | None:
    """What is still under review is not final."""
    if not scene.record.live or scene.record.placement_decision == "approved":
        return None
    return Reason("placement-under-way", who="reviewer", how="wait-for-the-review")


def it_was_not_confirmed_before(scene: Scene) -> Reason | None:
    """A version is confirmed once."""
    if scene.record.state != ConfirmationState.CONFIRMED:
        return None
    return Reason("already-confirmed", who="nobody", how="nothing-to-confirm")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_confirmation(scene: Scene) -> Iterable[Piece]:
    """The version confirmed; that there is none is said of the last placement, so that a new one makes it stale."""
    record = scene.record
    names = ("graduate_id", "placement_id", "placement_version")
    yield Cells({name: record[name] for name in names}, {name: record[name] for name in ("school_id", "department_id")})


# -- the table --------------------------------------------------------------------------------------------------------

# fmt: off
workflow = Workflow(
    KIND,
    confirmations,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
    table=[
        Transition(
            Do.CONFIRM, (), At.CONFIRMED, by=the_graduate, takes=DestinationConfirmationDraft,
            provided=(identity_is_verified,),
            when=(
                they_have_left, it_is_what_there_is, it_is_in_force, no_objection_is_open, it_was_not_confirmed_before,
            ),
            then=(write_the_confirmation,),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN: Final = ("id", "version", "graduate_id", "placement_id", "placement_version", "created_at", "updated_at")


def told(scene: Scene) -> dict[str, Any]:
    """A confirmation as given."""
    return {name: scene.record[name] for name in SHOWN}


def visible(table: FromClause) -> Visible:
    """The graduate, the school and department where they are now, the province."""
    theirs = select(graduates.c.id).where(graduates.c.id == table.c.graduate_id).correlate(actor, table)
    return {
        "graduate": table.c.graduate_id == actor.c.graduate_id,
        "department": theirs.where(graduates.c.department_id == actor.c.body_id).exists(),
        "school": theirs.where(graduates.c.school_id == actor.c.body_id).exists(),
        "provincial_bureau": true(),
        "provincial_education": true(),
    }


def rows(table: FromClause) -> Select[Any]:
    """Confirmations."""
    return select(*table.c)


def standing() -> Select[Any]:
    """The caller as a graduate: where they go, and when they leave or left."""
    joined, columns = with_standing(graduates)
    facts = Facts(graduates.c.cohort, null())
    own = (graduates.c.id.label("graduate_id"), *(graduates.c[name] for name in ("school_id", "department_id")))
    known = select(*own, *columns).select_from(joined.outerjoin(school_settings, its_settings(graduates)))
    return facts.beside(known, facts.leave_on).where(graduates.c.id == actor.c.graduate_id)


ground: Final = Read(standing(), remembered)

desk: Final = Desk(workflow, View(confirmations, visible, rows), told)


async def confirm(caller: Caller, draft: DestinationConfirmationDraft, once: Once | None) -> Answer:
    """Confirm where the caller went."""
    return await desk.open(caller, ground, {}, Do.CONFIRM, draft, once)
