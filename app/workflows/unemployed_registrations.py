"""Registration of unemployed graduates (离校未就业实名登记, domain.md §6): declared by them, followed up by a bureau.

Who is unemployed, or wants no work, has an open case with the bureau of the county where they live; for who lives
outside the province it is the provincial one. Whoever declares anything else closes it, and so does a placement
(`unemployed_removal`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.policies import the_graduate
from app.schemas.unemployed_registration import Close, Declaration, GiveService, LogContact, Relocate, UsePolicy
from app.service import Caller, Once
from app.words.destinations import DestinationKind
from app.words.policies import WindowedService
from app.words.unemployed import Situation
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Decision, Either, Now, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.invitations import identity_is_verified
from app.workflows.live_placements import no_other_live_placement
from app.workflows.looking import Answer
from app.workflows.reviewing import local_day
from app.workflows.situations import trail_of
from app.workflows.telling import to_graduate
from app.workflows.unemployed_declarations import (
    ABOUT,
    DECLARED,
    At,
    count_the_graduate_as,
    followed_up_here_or_elsewhere,
    followed_up_or_not,
    rewrite_the_declaration,
    unplaced_code,
    write_the_declaration,
)
from app.workflows.unemployed_follow_up import (
    another_bureau_is_meant,
    somebody_tried,
    the_bureau,
    the_contact_has_happened,
    the_next_one_is_to_come,
    what_was_given,
    write_the_contact,
    write_the_policy,
    write_the_service,
)
from app.workflows.unemployed_reads import OPEN, ground, rows, rows_to_move, visible
from app.workflows.unemployed_removal import KIND, cases
from app.workflows.view import View
from app.workflows.windows import the_window_is_open

DESTINATIONS: Final[Mapping[str, tuple[DestinationKind, ...]]] = {
    Situation.EMPLOYED: ("labor_contract", "flexible", "startup", "grassroots"),
    Situation.FURTHER_STUDY: ("further_study",),
    Situation.ABROAD: ("abroad",),
    Situation.ENLISTED: ("enlistment",),
}
"""Where a situation is registered for good."""


class Do(StrEnum):
    """What may be done with a registration: graduates declare, the bureau that follows up does the rest."""

    DECLARE = "declare"
    TAKE_OVER = "take_over"
    REDECLARE = "redeclare"
    LOG_CONTACT = "log_contact"
    GIVE_SERVICE = "give_service"
    USE_POLICY = "use_policy"
    CLOSE = "close"
    RELOCATE = "relocate"


def situation(record: Any, _at: datetime) -> At:
    """The situation of a registration."""
    return At(record.ending or record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation."""
    return {"status": "open", "ending": None} if at == At.OPEN else {"status": "closed", "ending": at.value}


# -- how a case ends --------------------------------------------------------------------------------------------------


def open_it_there(scene: Scene) -> Iterable[Piece]:
    """A case with the bureau of where the graduate lives now, opened in the same change."""
    if scene.to == At.MOVED:
        yield workflow.cascade_opening(scene.opening(Do.TAKE_OVER)).change


def date_the_closing(scene: Scene) -> Iterable[Piece]:
    """A closed case is due no more."""
    if scene.to != At.OPEN:
        yield Cells({"closed_at": scene.at, "follow_up_due_on": None})


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message, when the bureau has closed the case."""
    yield to_graduate(scene, KIND)


# -- the table --------------------------------------------------------------------------------------------------------

# fmt: off
workflow = Workflow(
    KIND,
    cases,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND, what_was_given),
    table=[
        Transition(
            Do.DECLARE, (), Either((At.OPEN, At.DECLARED), choose=followed_up_or_not), by=the_graduate,
            takes=Declaration,
            provided=(identity_is_verified,),
            when=(the_window_is_open(WindowedService.UNEMPLOYED_REGISTRATION), no_other_live_placement),
            then=(write_the_declaration, count_the_graduate_as),
        ),
        Transition(
            Do.TAKE_OVER, (), At.OPEN, by=the_procedure,
            then=(write_the_declaration,),
        ),
        Transition(
            Do.REDECLARE, (At.OPEN,),
            Either((At.OPEN, At.DECLARED, At.MOVED), choose=followed_up_here_or_elsewhere), by=the_graduate,
            takes=Declaration,
            provided=(identity_is_verified,),
            then=(rewrite_the_declaration, count_the_graduate_as, open_it_there, date_the_closing),
        ),
        Transition(
            Do.LOG_CONTACT, (At.OPEN,), At.OPEN, by=the_bureau, takes=LogContact,
            when=(the_contact_has_happened, the_next_one_is_to_come),
            then=(write_the_contact,),
        ),
        Transition(
            Do.GIVE_SERVICE, (At.OPEN,), At.OPEN, by=the_bureau, takes=GiveService,
            then=(write_the_service,),
        ),
        Transition(
            Do.USE_POLICY, (At.OPEN,), At.OPEN, by=the_bureau, takes=UsePolicy,
            then=(write_the_policy,),
        ),
        Transition(
            Do.CLOSE, (At.OPEN,), At.UNREACHABLE, by=the_bureau, takes=Close,
            when=(somebody_tried,),
            then=(date_the_closing, tell_the_graduate),
        ),
        Transition(
            Do.RELOCATE, (At.OPEN,), At.MOVED, by=the_bureau, takes=Relocate,
            when=(another_bureau_is_meant,),
            then=(open_it_there, date_the_closing, tell_the_graduate),
        ),
    ],
    by_others=(At.PLACED,),
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN: Final = (
    "id", "version", "status", "ending", "closed_at", *DECLARED, "services_given", "policies_used",
    "follow_up_due_on", "contacts", "reached_on", *ABOUT, "created_at", "updated_at",
)  # fmt: skip
FILTERS: Final = ("status", "situation", "cohort", "service_needs", "residence_region")
DUE: Final = "follow_up_due_on"
"""Empty once a case is closed: whatever is due before a day is open."""


def told(scene: Scene) -> dict[str, Any]:
    """A registration as all see it to whom it is visible."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    due = record["follow_up_due_on"]
    shown["unplaced_code"] = unplaced_code(record)
    shown["bureau"] = record["body_id"] and {"id": record["body_id"], "name": record["body_name"]}
    shown["overdue"] = due is not None and due < local_day(scene.at)
    shown["destination_kinds"] = DESTINATIONS.get(record["situation"], ())
    return shown


class CaseDesk(Desk):
    """A desk whose moves may name a region: its bureau is read beside the case."""

    def named_by(self, body: Any) -> Mapping[str, Any]:
        """The region where the graduate lives now."""
        return {"region": getattr(body, "residence_region", None)}


desk: Final = CaseDesk(workflow, View(cases, visible, rows, more=rows_to_move, filters=FILTERS, before=(DUE,)), told)


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any], *, overdue: bool) -> Answer:
    """A page of registrations, newest first; `overdue`: of those whose graduate was to be contacted before today."""
    due = {DUE: caller.service.clock.today()} if overdue else {}
    return await desk.page(caller, limit, after, {**filters, **due})


async def declare(caller: Caller, declaration: Declaration, once: Once | None) -> Answer:
    """Declare how things are: a new registration, or a new declaration in the open one."""
    where = {"region": declaration.residence_region}
    return await desk.open(caller, ground, where, Do.DECLARE, declaration, once, judge=declare_or_redeclare)


def declare_or_redeclare(scene: Scene) -> Decision:
    """Judge a declaration on the graduate's ground, where their open case may be."""
    record = scene.record
    if record[f"{OPEN}id"] is None:
        return workflow.decide_opening(scene)
    of_it = {name.removeprefix(OPEN): value for name, value in record.items() if name.startswith(OPEN)}
    return workflow.decide(scene.of(Now({**dict(record.items()), **of_it}), Do.REDECLARE, scene.move))
