"""Employers (用人单位): registered by their first operator, approved by the bureau of their registered place.

Inside the province that is the county bureau, outside it the provincial bureau. A registration is submitted as it is
opened; nobody can upload before there is an account, so the licence follows, and nothing is approved without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.change import Row, Update
from app.errors import Reason
from app.models import Account, Employer
from app.models.base import table_of
from app.policies import a_reviewer_of_the_chain, an_employer, the_employer
from app.schemas.employer import Attach, Edit, Return
from app.schemas.file import FilePurpose
from app.service import Caller, Once
from app.workflows import rerouting
from app.workflows.attaching import attach, theirs
from app.workflows.desk import Desk
from app.workflows.employer_view import cells_of, its_bureaus, rows, rows_to_move, told
from app.workflows.engine import Cells, Now, Piece, Scene, Transition, Workflow
from app.workflows.facts import bodies
from app.workflows.looking import Answer
from app.workflows.reviewing import (
    Approve,
    Reject,
    bureau_chain,
    close_the_review,
    it_is_their_turn,
    nobody_else_claimed_it,
    open_turn,
    other_reasons_are_told,
)
from app.workflows.situations import At, columns, situation, trail_of
from app.workflows.telling import to_employer
from app.workflows.view import View

REVIEW_DUE_DAYS: Final = 3
"""Working days for a turn (model.md §4); an employer belongs to no cohort whose policy could say otherwise."""

employers, accounts = table_of(Employer), table_of(Account)


class Do(StrEnum):
    """What may be done with an employer's registration."""

    OPEN = "open"
    EDIT = "edit"
    ATTACH = "attach"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Opening:
    """A registration whose secrets are sealed and hashed: the employer's cells, the operator's account."""

    cells: Mapping[str, Any]
    account: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An edit whose contact's number is sealed."""

    action: str
    cells: Mapping[str, Any]


# -- rules ------------------------------------------------------------------------------------------------------------


def the_licence_is_attached(scene: Scene) -> Reason | None:
    """The business licence can be looked at."""
    if scene.record.licence_file_id:
        return None
    return Reason("licence-missing", who="employer", how="attach-the-licence", pointer="/licence_file_id")


def the_licence_is_theirs(scene: Scene) -> Reason | None:
    """The file named was uploaded as a licence, by the employer itself."""
    if scene.move is None or theirs(scene, scene.move.licence_file_id):
        return None
    return Reason("licence-unknown", who="you", how="upload-the-licence", pointer="/licence_file_id")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_it(scene: Scene) -> Iterable[Piece]:
    """The employer as it registers, as a body among the others."""
    cells = scene.move.cells
    yield Cells({**cells, "standing": "active", "licence_file_id": None}, {"employer_id": scene.id})
    body = {"id": scene.id, "kind": "employer", "code": cells["credit_code"], "name": cells["name"]}
    yield Row(bodies, {**body, "created_at": scene.at})


def open_the_operators_account(scene: Scene) -> Iterable[Piece]:
    """The account of who registers: the employer's first administrator."""
    yield Row(accounts, scene.move.account)


def rewrite_it(scene: Scene) -> Iterable[Piece]:
    """The details as corrected; the body is called as the employer is, and what is open goes to its new bureau."""
    yield Cells(scene.move.cells)
    if scene.move.cells["registered_region"] != scene.record.registered_region:
        yield rerouting.of_employer(scene.id)
    yield Update(bodies, {"id": scene.id}, {"name": scene.move.cells["name"]})


def attach_the_licence(scene: Scene) -> Iterable[Piece]:
    """The file that was named: whoever sees the employer may read it now."""
    yield Cells({"licence_file_id": scene.move.licence_file_id})
    yield from attach(scene, "employer", FilePurpose.LICENCE, scene.move.named_files)


def open_the_review(scene: Scene) -> Iterable[Piece]:
    """The turn of the bureau of the registered place, as it is now."""
    record = scene.record
    place = {"county_id": record.bureau_id, "city_id": record.bureau_city_id}
    yield Cells({**place, "submitted_at": scene.at, "decided_at": None})
    shown = scene.move.cells if scene.source is None else record
    more = {"cohort": None, "review_due_days": REVIEW_DUE_DAYS, "employer_id": scene.id}
    submitted = Now({**dict(record.items()), **subject(shown), **place, **more})
    yield from open_turn(scene, "employer", submitted, bureau_chain(record), 0, subject)


def date_the_decision(scene: Scene) -> Iterable[Piece]:
    """When it was approved, or refused for good."""
    yield Cells({"decided_at": scene.at})


def tell_the_employer(scene: Scene) -> Iterable[Piece]:
    """A message in the employer's inbox."""
    yield to_employer(scene, "employer", employer=scene.id)


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of an employer."""
    return {name: record[name] for name in ("name", "credit_code", "nature", "industry", "registered_region", "region")}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    "employer",
    employers,
    situations=(At.DRAFT, At.SUBMITTED, At.APPROVED, At.REJECTED),
    situation=situation,
    columns=columns,
    trail=trail_of("employer"),
    table=[
        Transition(
            Do.OPEN, (), At.SUBMITTED, by=an_employer,
            then=(write_it, open_the_operators_account, open_the_review),
        ),
        Transition(
            Do.EDIT, (At.DRAFT,), At.DRAFT, by=the_employer, takes=Edit,
            then=(rewrite_it,),
        ),
        Transition(
            Do.ATTACH, (At.DRAFT,), At.DRAFT, by=the_employer, takes=Attach,
            when=(the_licence_is_theirs,),
            then=(attach_the_licence,),
        ),
        Transition(
            Do.ATTACH, (At.SUBMITTED,), At.SUBMITTED, by=the_employer, takes=Attach,
            when=(the_licence_is_theirs,),
            then=(attach_the_licence,),
        ),
        Transition(
            Do.SUBMIT, (At.DRAFT,), At.SUBMITTED, by=the_employer,
            when=(the_licence_is_attached,),
            then=(open_the_review,),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), At.APPROVED, by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, the_licence_is_attached),
            then=(close_the_review, date_the_decision, tell_the_employer),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told),
            then=(close_the_review, date_the_decision, tell_the_employer),
        ),
        Transition(
            Do.RETURN, (At.SUBMITTED,), At.DRAFT, by=a_reviewer_of_the_chain, takes=Return,
            when=in_turn,
            then=(close_the_review, tell_the_employer),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

desk = Desk(workflow, View(employers, its_bureaus, rows, more=rows_to_move, filters=("status", "decision")), told)


async def move(caller: Caller, employer: str, body: Any, version: int | None, once: Once | None) -> Answer:
    """Carry out a move; the number in an edit is sealed on the way."""
    if isinstance(body, Edit):
        body = Rewriting(Do.EDIT, cells_of(caller.service, employer, body.employer))
    return await desk.move(caller, employer, body, version, once)
