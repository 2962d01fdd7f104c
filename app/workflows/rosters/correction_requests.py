"""Corrections of a roster that graduates ask for (更正申请): what is wrong, what is right, and why.

The school reviews; for the provincial roster the education office after it. Approving writes the entry in the same
change, by the same rules as the owner's own correction. What the values are stays sealed, in the request too.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

import orjson
from sqlalchemy import FromClause, Select, and_, null, select

from app.db import Read, actor
from app.errors import Reason
from app.models import Graduate, RosterCorrection
from app.models.base import PARTIES, table_of
from app.policies import Actor, Visible, a_reviewer_of_the_chain, the_graduate
from app.schemas.roster_correction import RosterChanges, RosterCorrectionDraft
from app.security import masks
from app.service import Caller, Once, Service
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Either, Now, Piece, Scene, Transition, Workflow
from app.workflows.facts import Facts, bodies
from app.workflows.looking import Answer, as_json
from app.workflows.reviewing import (
    BESIDE,
    Approve,
    Reject,
    close_the_review,
    it_is_their_turn,
    next_turn_or_approved,
    nobody_else_claimed_it,
    open_next_review,
    open_turn,
    other_reasons_are_told,
    waiting_for,
    with_open_review,
)
from app.workflows.rosters import roster_entries
from app.workflows.rosters.roster_values import Fault, Said, corrected, differing, said, written
from app.workflows.situations import At, columns, situation, trail_of
from app.workflows.telling import to_graduate
from app.workflows.view import View, remembered

KIND: Final = "roster_correction"
_LISTED: Final = "listed_"
"""Before the names of the entry's columns, where they stand beside the request."""
_SIGNED_IN_WITH: Final = {"level"}
_MASKED: Final = {"phone": masks.phone}

corrections, graduates = table_of(RosterCorrection), table_of(Graduate)
_open = corrections.alias("open_correction")
_office = bodies.alias("office")


class Do(StrEnum):
    """What may be done with a correction."""

    ASK = "ask"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


# -- who --------------------------------------------------------------------------------------------------------------


def whose_entry_it_is(actor: Actor, entry: Any) -> bool:
    """The person whom the entry is about, verified or not: a roster that is wrong may be why they are not."""
    return actor.kind == "graduate" and actor.person_id == entry.person_id


# -- rules ------------------------------------------------------------------------------------------------------------


def no_other_is_open(scene: Scene) -> Reason | None:
    """One correction of an entry at a time."""
    other = scene.record.open_correction_id
    return Reason("roster-correction-open", who="you", how="await-the-correction", pointer=other) if other else None


def something_differs(scene: Scene) -> Reason | None:
    """The roster does not say so already."""
    if scene.move is None or scene.record.differing:
        return None
    return Reason("nothing-differs", who="you", how="correct-the-field", pointer="/changes")


def the_roster_can_say_so(scene: Scene) -> Reason | None:
    """The entry would still pass the checks of a roster's row."""
    if not scene.record.wrong:
        return None
    field, code = scene.record.wrong[0]
    return Reason(code, who="graduate", how="correct-the-field", pointer=f"/changes/{field}")


def what_one_signs_in_with_stays(scene: Scene) -> Reason | None:
    """The level of the school's entry is part of the account's name."""
    record = scene.record
    if record.source != "school" or not record.registered or not record.differing & _SIGNED_IN_WITH:
        return None
    return Reason("graduate-registered", who="support", how="ask-the-support")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_request(scene: Scene) -> Iterable[Piece]:
    """The request, before its first turn: the school's, whose graduate it is."""
    ground, move = scene.record, scene.move
    cells = {
        **dict.fromkeys(PARTIES),
        "graduate_id": scene.actor.graduate_id,
        "school_id": ground.school_id,
        "department_id": ground.own_department_id,
        "entry_id": ground.id,
        "source": ground.source,
        "person_id": ground.person_id,
        "cohort": ground.cohort,
        "fields": ground.fields,
        "sealed": ground.sealed,
        "reason": move.reason,
        "graduate_name": ground.name,
        "school_name": ground.school_name,
        "submitted_at": scene.at,
        "decided_at": None,
    }
    yield Cells(cells, {"before": ground.before, "after": ground.after})
    chain = [{"stage": "school", "body_id": ground.school_id, "body_name": ground.school_name}]
    if ground.source == "provincial":
        chain.append({"stage": "province", "body_id": ground.office_id, "body_name": ground.office_name})
    asked = Now({**cells, "review_due_days": ground.review_due_days})
    yield from open_turn(scene, KIND, asked, chain, 0, subject)


def write_the_roster(scene: Scene) -> Iterable[Piece]:
    """The entry says so from now on, and its graduate follows; a verification that no longer holds falls."""
    if scene.to == At.APPROVED:
        yield from scene.record.rows
        yield Cells({"decided_at": scene.at})


def date_the_end(scene: Scene) -> Iterable[Piece]:
    """When it was refused or taken back."""
    yield Cells({"decided_at": scene.at})


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message, once it is decided."""
    if scene.to != At.SUBMITTED:
        yield to_graduate(scene, KIND)


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows: which fields, and none of their values."""
    return {name: getattr(record, name) for name in ("graduate_name", "school_name", "source", "fields")}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    KIND,
    corrections,
    situations=(At.SUBMITTED, At.APPROVED, At.REJECTED, At.TERMINATED),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
    table=[
        Transition(
            Do.ASK, (), At.SUBMITTED, by=whose_entry_it_is,
            when=(no_other_is_open, something_differs, the_roster_can_say_so, what_one_signs_in_with_stays),
            then=(write_the_request,),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), Either((At.SUBMITTED, At.APPROVED), choose=next_turn_or_approved),
            by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, the_roster_can_say_so, what_one_signs_in_with_stays),
            then=(close_the_review, open_next_review(KIND, subject), write_the_roster, tell_the_graduate),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told),
            then=(close_the_review, date_the_end, tell_the_graduate),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED,), At.TERMINATED, by=the_graduate,
            then=(close_the_review, date_the_end),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN: Final = (
    "id", "version", "status", "decision", "stage", "entry_id", "source", "fields", "reason", "graduate_id",
    "graduate_name", "school_id", "school_name", "submitted_at", "decided_at", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """A request with its values, the phone masked."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["changes"] = [
        {"field": name, "before": _shown(name, record.before), "after": _shown(name, record.after)}
        for name in record.fields
    ]
    shown["waiting_for"] = waiting_for(record)
    return shown


def _shown(name: str, values: Said) -> Any:
    value = values.get(name)
    return _MASKED[name](value) if value is not None and name in _MASKED else value


def visible(table: FromClause) -> Visible:
    """The graduate, their school and department; the education office, where its own roster is meant."""
    return {
        "graduate": table.c.graduate_id == actor.c.graduate_id,
        "department": table.c.department_id == actor.c.body_id,
        "school": table.c.school_id == actor.c.body_id,
        "provincial_education": table.c.source == "provincial",
    }


def rows(table: FromClause) -> Select[Any]:
    """Requests with their open review beside them."""
    return select(*table.c, *BESIDE).select_from(with_open_review(table))


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the entry as the caller's eyes have it: the school does not see the provincial roster."""
    base = rows(table)
    (source,) = base.get_final_froms()
    entry = roster_entries.rows(roster_entries.entries).subquery("entry")
    facts = Facts(table.c.cohort, null())
    listed = (one.label(f"{_LISTED}{one.name}") for one in entry.c)
    joined = select(*base.selected_columns, *listed).select_from(
        source.outerjoin(entry, entry.c.id == table.c.entry_id)
    )
    return facts.beside(joined, facts.review_due_days)


def _ground() -> Read:
    """An entry of the caller's own, with what its correction hangs on."""
    entries = roster_entries.entries
    base = roster_entries.rows(entries)
    (source,) = base.get_final_froms()
    open_one = and_(_open.c.entry_id == entries.c.id, _open.c.status == "submitted")
    own_department = (
        select(graduates.c.department_id).where(graduates.c.id == actor.c.graduate_id).correlate(actor)
    ).label("own_department_id")
    facts = Facts(entries.c.cohort, null())
    joined = select(
        *base.selected_columns,
        _open.c.id.label("open_correction_id"),
        own_department,
        _office.c.id.label("office_id"),
        _office.c.name.label("office_name"),
    ).select_from(source.outerjoin(_open, open_one).outerjoin(_office, _office.c.kind == "provincial_education"))
    found = (entries.c.id == actor.c.record_id, entries.c.person_id == actor.c.person_id)
    return Read(facts.beside(joined, facts.review_due_days).where(*found), remembered)


ground: Final = _ground()


class CorrectionDesk(Desk):
    """A desk whose records are opened before anybody judges them: their values are sealed."""

    def scene(self, caller: Caller, who: Actor, record: Any, **more: Any) -> Scene:
        """The request, or the entry that one is asked for, with its values and what would become of the entry."""
        asking = more.get("move")
        if isinstance(asking, RosterCorrectionDraft):
            record = _entry_opened(caller.service, record, asking)
        else:
            record = _request_opened(caller.service, who, record)
        return super().scene(caller, who, record, **more)


def _entry_opened(service: Service, entry: Any, draft: RosterCorrectionDraft) -> Now:
    """The entry, what the request would make of it, and the request's values as they are kept."""
    before, given = said(service, entry), draft.changes.model_dump(exclude_unset=True)
    after, wrong = corrected(before, given, service.clock.today())
    kept = {"before": {name: before.get(name) for name in given}, "after": given}
    text = as_json(kept).decode()
    request = {
        "fields": sorted(given),
        "sealed": service.sealer.seal(text, table=corrections.name, column="sealed", row=entry.id),
    }
    return Now({**dict(entry.items()), **request, **_consequences(before, after, wrong, entry.graduate_id)})


def _request_opened(service: Service, who: Actor, record: Any) -> Now:
    """The request with its values; with the entry beside it, also the rows that approving writes."""
    kept = orjson.loads(
        service.sealer.open(record.sealed, table=corrections.name, column="sealed", row=record.entry_id)
    )
    given = RosterChanges.model_validate(kept["after"]).model_dump(exclude_unset=True)
    opened = Now({**dict(record.items()), **_consequences({}, {}, [], None), "rows": ()})
    if record.get(f"{_LISTED}id"):
        entry = Now({name.removeprefix(_LISTED): value for name, value in record.items() if name.startswith(_LISTED)})
        before = said(service, entry)
        after, wrong = corrected(before, given, service.clock.today())
        if entry.person_id != record.person_id:
            wrong = [("entry_id", "entry-of-another")]
        opened.update(_consequences(before, after, wrong, entry.graduate_id))
        if not wrong and opened.differing:
            place = {"person": entry.person_id, "department": entry.department_id}
            opened["rows"] = tuple(written(service, who, entry, before, after, **place))
    opened.update({"before": kept["before"], "after": given})
    return opened


def _consequences(before: Said, after: Said, wrong: list[Fault], graduate: str | None) -> dict[str, Any]:
    return {
        "before": before,
        "after": after,
        "wrong": wrong,
        "differing": differing(before, after),
        "registered": graduate is not None,
    }


desk: Final = CorrectionDesk(
    workflow, View(corrections, visible, rows, more=rows_to_move, filters=("status", "decision", "stage")), told
)


async def ask(caller: Caller, draft: RosterCorrectionDraft, once: Once | None) -> Answer:
    """Ask for a correction of the entry that the draft names."""
    return await desk.open(caller, ground, {"record": draft.entry_id}, Do.ASK, draft, once)
