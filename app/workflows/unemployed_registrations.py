"""Registration of unemployed graduates (离校未就业实名登记, domain.md §6): declared by them, followed up by a bureau.

Who is unemployed, or wants no work, has an open case with the bureau of the county where they live; for who lives
outside the province it is the provincial one. Whoever declares anything else closes it, and so does a placement
(`unemployed_removal`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.change import Row, Update
from app.errors import NotFound, Reason
from app.models import Message
from app.models.base import table_of
from app.policies import Actor, the_graduate
from app.schemas.unemployed_registration import Close, Declaration, GiveService, LogContact, Relocate
from app.service import Caller, Once
from app.words.destinations import DestinationKind
from app.words.policies import WindowedService
from app.words.unemployed import REACHED, Situation
from app.workflows.agreements import no_other_live_placement
from app.workflows.desk import Answer, Desk, as_json, look, page_of
from app.workflows.engine import Cells, Decision, Either, Now, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.invitations import identity_is_verified
from app.workflows.reviewing import local_day
from app.workflows.situations import trail_of
from app.workflows.unemployed_reads import (
    OPEN,
    contacts,
    contacts_of,
    ground,
    is_overdue,
    reached,
    rows,
    rows_to_move,
    visible,
)
from app.workflows.unemployed_removal import KIND, cases, graduates
from app.workflows.view import LAST_ID, View
from app.workflows.windows import the_window_is_open

FOLLOW_UP_DAYS: Final = 10
"""Working days after a case is opened until the graduate is to be contacted."""
UNPLACED: Final[Mapping[str, str]] = {Situation.UNEMPLOYED: "70", Situation.NO_INTENTION: "72"}
"""The destination code of a situation that a bureau follows up."""
STUDIES: Final = "71"
"""That of who wants no work because of studies to come (不就业拟升学)."""
DESTINATIONS: Final[Mapping[str, tuple[DestinationKind, ...]]] = {
    Situation.EMPLOYED: ("labor_contract", "flexible", "startup", "grassroots"),
    Situation.FURTHER_STUDY: ("further_study",),
    Situation.ABROAD: ("abroad",),
    Situation.ENLISTED: ("enlistment",),
}
"""Where a situation is registered for good."""
DECLARED: Final = (*Declaration.model_fields,)
ABOUT: Final = (
    "graduate_id", "department_id", "school_id", "cohort", "level", "graduate_name", "school_name", "major",
)  # fmt: skip

messages = table_of(Message)


class At(StrEnum):
    """Where a registration stands: with a bureau, or closed for one of four reasons."""

    OPEN = "open"
    PLACED = "placed"
    DECLARED = "declared"
    UNREACHABLE = "unreachable"
    MOVED = "moved"


class Do(StrEnum):
    """What may be done with a registration: graduates declare, the bureau that follows up does the rest."""

    DECLARE = "declare"
    TAKE_OVER = "take_over"
    REDECLARE = "redeclare"
    LOG_CONTACT = "log_contact"
    GIVE_SERVICE = "give_service"
    CLOSE = "close"
    RELOCATE = "relocate"


def situation(record: Any, _at: datetime) -> At:
    """The situation of a registration."""
    return At(record.ending or record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation."""
    return {"status": "open", "ending": None} if at == At.OPEN else {"status": "closed", "ending": at.value}


def the_bureau(actor: Actor, record: Any) -> bool:
    """Who works on cases (as reviewers do on reviews) in the bureau that follows this one up."""
    return actor.is_a("reviewer") and actor.body_id == record.body_id


# -- rules ------------------------------------------------------------------------------------------------------------


def the_contact_has_happened(scene: Scene) -> Reason | None:
    """What is logged lies between the opening of the case and today."""
    if scene.move is None or local_day(scene.record.created_at) <= scene.move.contacted_on <= local_day(scene.at):
        return None
    return Reason("contact-outside-the-case", who="you", how="correct-the-field", pointer="/contacted_on")


def the_next_one_is_to_come(scene: Scene) -> Reason | None:
    """The graduate is asked again on a later day than today."""
    if scene.move is None or scene.move.next_on > local_day(scene.at):
        return None
    return Reason("follow-up-not-later", who="you", how="correct-the-field", pointer="/next_on")


def somebody_tried(scene: Scene) -> Reason | None:
    """Nobody is out of reach whom nobody tried to reach."""
    return None if scene.record.contacts else Reason("never-contacted", who="you", how="log-a-contact")


def another_bureau_is_meant(scene: Scene) -> Reason | None:
    """Where the graduate lives now, another bureau follows up."""
    if scene.move is None or whose(scene.record) != scene.record.body_id:
        return None
    return Reason("same-bureau", who="you", how="correct-the-field", pointer="/residence_region")


# -- outcomes ---------------------------------------------------------------------------------------------------------


def whose(record: Any) -> str:
    """The body that follows up who lives in the region read: its county's bureau, else the provincial one."""
    return str(record.bureau_id or record.province_id)


def followed_up_or_not(scene: Scene) -> StrEnum:
    """Open, if the situation is one that a bureau follows up."""
    return At.OPEN if scene.move.situation in UNPLACED else At.DECLARED


def followed_up_here_or_elsewhere(scene: Scene) -> StrEnum:
    """The same for an open case: it stays, ends, or ends here and is opened where the graduate lives now."""
    at = followed_up_or_not(scene)
    return At.MOVED if at == At.OPEN and whose(scene.record) != scene.record.body_id else at


# -- effects ----------------------------------------------------------------------------------------------------------


def said(scene: Scene) -> dict[str, Any]:
    """The declaration as it is from now on: what the move says of it, and the rest as it was."""
    given = scene.move.model_dump(mode="json", include={*DECLARED})
    return {**{name: scene.record.get(name) for name in DECLARED}, **given}


def write_the_declaration(scene: Scene) -> Iterable[Piece]:
    """Who declares what; if it is to be followed up, with the bureau, to be contacted soon."""
    record = scene.record
    cells = {
        **{name: record[name] for name in ABOUT},
        **said(scene),
        **dict.fromkeys(("employer_id", "county_id", "city_id", "body_id", "follow_up_due_on", "reached_on")),
        "services_given": [],
        "contacts": 0,
        "closed_at": None if scene.to == At.OPEN else scene.at,
    }
    if scene.to == At.OPEN:
        cells |= {"county_id": record.bureau_id, "city_id": record.bureau_city_id, "body_id": whose(record)}
        cells["follow_up_due_on"] = scene.calendar.add_working_days(local_day(scene.at), FOLLOW_UP_DAYS)
    name = (record.bureau_name or record.province_name) if scene.to == At.OPEN else None
    yield Cells(cells, {"body_name": name})


def rewrite_the_declaration(scene: Scene) -> Iterable[Piece]:
    """What holds from now on; a case that is opened elsewhere keeps what was said here."""
    if scene.to != At.MOVED:
        yield Cells(said(scene))


def count_the_graduate_as(scene: Scene) -> Iterable[Piece]:
    """The code of the situation, on the graduate; a declaration that a placement outruns is judged again."""
    held = {"id": scene.record.graduate_id}
    if scene.source is None:
        held["version"] = scene.record.graduate_version
    yield Update(graduates, held, {"unplaced_code": unplaced_code(said(scene)), "updated_at": scene.at})


def open_it_there(scene: Scene) -> Iterable[Piece]:
    """A case with the bureau of where the graduate lives now, opened in the same change."""
    if scene.to == At.MOVED:
        yield workflow.cascade_opening(scene.opening(Do.TAKE_OVER)).change


def date_the_closing(scene: Scene) -> Iterable[Piece]:
    """A closed case is due no more."""
    if scene.to != At.OPEN:
        yield Cells({"closed_at": scene.at, "follow_up_due_on": None})


def write_the_contact(scene: Scene) -> Iterable[Piece]:
    """The attempt, when to try again, and the first day on which the graduate was spoken with."""
    record, move = scene.record, scene.move
    first = record.reached_on or (move.contacted_on if move.result in REACHED else None)
    yield Cells({"contacts": record.contacts + 1, "follow_up_due_on": move.next_on, "reached_on": first})
    by = {"case_id": record.id, "body_id": scene.actor.body_id, "account_id": scene.actor.account_id}
    told = {name: getattr(move, name) for name in ("contacted_on", "channel", "result", "comment", "next_on")}
    yield Row(contacts, {"id": scene.fresh.id(), **by, **told, "logged_at": scene.at})


def write_the_service(scene: Scene) -> Iterable[Piece]:
    """What was given, each once; the timeline says when and how often."""
    yield Cells({"services_given": sorted({*scene.record.services_given, scene.move.service})})


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message, when the bureau has closed the case."""
    told = {"kind": f"{KIND}-{scene.to}", "record_kind": KIND, "record_id": scene.id, "at": scene.at}
    yield Row(messages, {"id": scene.fresh.id(), "to_graduate_id": scene.record.graduate_id, **told})


# -- the table --------------------------------------------------------------------------------------------------------

# fmt: off
workflow = Workflow(
    KIND,
    cases,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
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
    "id", "version", "status", "ending", "closed_at", *DECLARED, "services_given", "follow_up_due_on", "contacts",
    "reached_on", *ABOUT, "created_at", "updated_at",
)  # fmt: skip
FILTERS: Final = ("status", "situation", "cohort", "service_needs")


def unplaced_code(record: Mapping[str, Any]) -> str | None:
    """What a declaration counts as; null for who says that they are placed."""
    code = UNPLACED.get(record["situation"])
    return STUDIES if record["situation"] == Situation.NO_INTENTION and record["plans_to_study"] else code


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


desk: Final = CaseDesk(workflow, View(cases, visible, rows, more=rows_to_move, filters=FILTERS), told)
_overdue: Final = Desk(workflow, View(cases, visible, rows, kept=is_overdue, filters=FILTERS), told)
"""For the same list, narrowed to cases whose graduate was to be contacted before today."""


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any], *, overdue: bool) -> Answer:
    """A page of registrations, newest first."""
    today = {"today": local_day(caller.service.clock.now())}
    return await (_overdue if overdue else desk).page(caller, limit, after, {**filters, **today})


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


async def page_of_contacts(caller: Caller, case: str, limit: int, after: str | None) -> Answer:
    """The contacts of a case, newest first."""
    _, found = await look(caller, contacts_of, record=case, limit=limit + 1, after=after or LAST_ID)
    if not found:
        raise NotFound
    items = [_contact(row) for row in found[:limit] if row.contact_id is not None]
    return page_of(items, found[limit - 1].contact_id if len(found) > limit else None)


def _contact(row: Any) -> dict[str, Any]:
    names = ("contacted_on", "channel", "result", "comment", "next_on", "logged_at")
    return {
        "id": row.contact_id,
        **{name: row[name] for name in names},
        "by": {"id": row.body_id, "name": row.body_name},
    }


async def contact_rate(caller: Caller, cohort: int, body: str | None) -> Answer:
    """In how many cases of a cohort the graduate was spoken with: of a body, or of all that the caller sees."""
    named = {} if body is None else {"body_id": body}
    _, (row,) = await look(caller, reached(named), cohort=cohort, **named)
    rate = row.contacted / row.cases if row.cases else None
    shown = {"cohort": cohort, "bureau_id": body, "contacted": row.contacted, "cases": row.cases, "rate": rate}
    return Answer(as_json({**shown, "as_of": caller.service.clock.now()}))
