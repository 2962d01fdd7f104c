"""Amendments (变更申请): harmless fields of a placement in force, changed after one more review.

The body alone that approved the placement reviews (domain.md §11). Approving writes the placement by its own table in
the same change, and its documents are issued anew; when the placement ends first, what was asked is moot.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import FromClause, Select, and_, select

from app.db import Read, actor
from app.documents.printer import unprintable
from app.errors import Reason
from app.models import Amendment, Placement
from app.models.base import PARTIES, table_of
from app.policies import (
    Actor,
    a_reviewer_of_the_chain,
    its_parties,
    its_parties_once_sent,
    the_employer,
    the_graduate,
    to_the_caller,
)
from app.schemas.amendment import AMENDABLE, AmendmentDraft, unfit
from app.service import Caller, Once
from app.workflows import agreements
from app.workflows.desk import Desk
from app.workflows.documents.issuing import the_comment_prints
from app.workflows.engine import Cells, Now, Piece, Scene, Transition, Workflow
from app.workflows.facts import Facts
from app.workflows.invitations import identity_is_verified
from app.workflows.looking import Answer
from app.workflows.placements import procedure_of
from app.workflows.reviewing import (
    BESIDE,
    Approve,
    Reject,
    close_the_review,
    it_is_their_turn,
    nobody_else_claimed_it,
    open_turn,
    other_reasons_are_told,
    waiting_for,
    with_open_review,
)
from app.workflows.sealed_parts import AMENDED, DETAILS, field_of, kept, strange_mask
from app.workflows.situations import At, columns, situation, trail_of
from app.workflows.telling import to_employer, to_graduate
from app.workflows.view import View, remembered

KIND: Final = "amendment"
_BESIDE_IT: Final = "placement_now_"
"""Before the names of the placement's columns, where they stand beside an amendment of it."""

_JUDGED: Final = ("id", "status", "decision", "details", "details_sealed")
"""What rules look at."""

amendments, placements = table_of(Amendment), table_of(Placement)
open_termination = agreements.open_termination
_open = amendments.alias("open_amendment")


class Do(StrEnum):
    """What may be done with an amendment."""

    ASK = "ask"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


# -- who --------------------------------------------------------------------------------------------------------------


def a_side(actor: Actor, record: Any) -> bool:
    """The graduate; of an online agreement the employer too."""
    return the_graduate(actor, record) or the_employer(actor, record)


def the_asker(actor: Actor, record: Any) -> bool:
    """The side that asked."""
    return the_graduate(actor, record) if record.asked_by == "graduate" else the_employer(actor, record)


# -- rules ------------------------------------------------------------------------------------------------------------


def a_graduate_is_verified(scene: Scene) -> Reason | None:
    """A graduate who asks was found in the provincial roster."""
    return identity_is_verified(scene) if scene.actor.kind == "graduate" else None


def the_placement_is_in_force(scene: Scene) -> Reason | None:
    """It is approved and has not ended: before, the reviewer gives it back; after, there is nothing to amend."""
    placement = _placement(scene)
    if placement.status == "reviewed" and placement.decision == At.APPROVED:
        return None
    return Reason("placement-not-in-force", who="nobody", how="nothing-to-amend")


def no_other_amendment_is_open(scene: Scene) -> Reason | None:
    """One at a time."""
    other = scene.record.open_amendment_id
    return Reason("amendment-open", who="both-sides", how="await-the-amendment", pointer=other) if other else None


def only_harmless_fields_change(scene: Scene) -> Reason | None:
    """The kind's list has each of them."""
    named = scene.move.changes.model_fields_set if scene.move else ()
    foreign = [name for name in named if name not in AMENDABLE[scene.record.kind]]
    if not foreign:
        return None
    return Reason("field-not-amendable", who="nobody", how="amend-other-fields", pointer=f"/changes/{min(foreign)}")


def every_mask_stands_for_a_number(scene: Scene) -> Reason | None:
    """A mask keeps what the placement says."""
    if scene.move is None:
        return None
    return strange_mask(scene.move.changes.model_dump(), DETAILS.whole(scene.sealer, scene.record), "changes")


def something_differs(scene: Scene) -> Reason | None:
    """The placement does not say so already."""
    if scene.move is None or any(_differences(scene)):
        return None
    return Reason("nothing-differs", who="you", how="correct-the-field", pointer="/changes")


def the_details_stay_complete(scene: Scene) -> Reason | None:
    """With the changes it is still what the form asks for."""
    record = scene.record
    if scene.move is None or not (wanting := unfit(record.kind, _amended(scene), record.level)):
        return None
    fields = ", ".join(f"/changes/{name}" for name in wanting)
    return Reason("details-incomplete", "you", "fill-the-form", f"/changes/{wanting[0]}", {"fields": fields})


def the_changes_print(scene: Scene) -> Reason | None:
    """They will stand on documents."""
    return unprintable(scene.glyphs, scene.move and scene.move.changes.model_dump(exclude_none=True))


def the_placement_is_as_it_was(scene: Scene) -> Reason | None:
    """It still says what it said when this was asked."""
    details = DETAILS.whole(scene.sealer, _placement(scene))
    if all(details.get(field_of(one)) == one["from"] for one in AMENDED.whole(scene.sealer, scene.record)):
        return None
    return Reason("placement-changed", who="both-sides", how="ask-again")


def _placement(scene: Scene) -> Any:
    """The ground itself, or what stands beside an amendment."""
    record = scene.record
    return _beside_it(record) if "placement_id" in record else record


def _beside_it(record: Any) -> Now:
    cells = ((name, value) for name, value in record.items() if name.startswith(_BESIDE_IT))
    return Now({name.removeprefix(_BESIDE_IT): value for name, value in cells})


def _differences(scene: Scene) -> Iterator[dict[str, Any]]:
    """What the draft changes of the placement."""
    place = "terms" if scene.record.kind == agreements.KIND else "details"
    details = DETAILS.whole(scene.sealer, scene.record)
    for name, value in _given(scene).items():
        if value != details.get(name):
            yield {"pointer": f"/{place}/{name}", "from": details.get(name), "to": value}


def _amended(scene: Scene) -> dict[str, Any]:
    return {**DETAILS.whole(scene.sealer, scene.record), **_given(scene)}


def _given(scene: Scene) -> dict[str, Any]:
    given = scene.move.changes.model_dump(mode="json", exclude_unset=True)
    return kept(given, DETAILS.whole(scene.sealer, scene.record))


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_request(scene: Scene) -> Iterable[Piece]:
    """The request, and the turn of the body that approved the placement."""
    ground = scene.record
    cells = {
        **{party: ground[party] for party in PARTIES},
        **{name: ground[name] for name in ("cohort", "graduate_name", "school_name", "unit_name")},
        "placement_id": ground.id,
        "placement_kind": ground.kind,
        "asked_by": scene.actor.kind,
        **AMENDED.cells(scene.sealer, scene.id, [*_differences(scene)]),
        "reason": scene.move.reason,
        "ending": None,
        "submitted_at": scene.at,
        "decided_at": None,
    }
    yield Cells(cells)
    asked = Now({**cells, "review_due_days": ground.review_due_days})
    yield from open_turn(scene, KIND, asked, ground.chain[-1:], 0, subject)


def write_the_placement(scene: Scene) -> Iterable[Piece]:
    """The placement says so from now on, by its own table in the same change."""
    placement = _placement(scene)
    diff = AMENDED.whole(scene.sealer, scene.record)
    details = {**DETAILS.whole(scene.sealer, placement), **{field_of(one): one["to"] for one in diff}}
    amend = scene.of(placement, "amend", SimpleNamespace(details=details, comment=scene.record.reason))
    yield procedure_of(placement.kind).cascade(amend).change


def date_the_end(scene: Scene) -> Iterable[Piece]:
    """When it was decided, or taken back."""
    ending = {"ending": "withdrawn"} if scene.to == At.TERMINATED else {}
    yield Cells({"decided_at": scene.at, **ending})


def tell_the_other_side(scene: Scene) -> Iterable[Piece]:
    """A message to the side that did not ask; a placement without an employer here has no other side."""
    if scene.record.employer_id:
        tell = to_employer if scene.actor.kind == "graduate" else to_graduate
        yield tell(scene, KIND)


def tell_both_sides(scene: Scene) -> Iterable[Piece]:
    """A message to each, once it is decided."""
    yield to_graduate(scene, KIND)
    if scene.record.employer_id:
        yield to_employer(scene, KIND)


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows: whose placement, and what it is to say."""
    names = ("placement_kind", "graduate_name", "school_name", "unit_name", "diff")
    return {name: getattr(record, name) for name in names}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    KIND,
    amendments,
    situations=(At.SUBMITTED, At.APPROVED, At.REJECTED, At.TERMINATED),
    situation=situation,
    columns=columns,
    trail=trail_of(KIND),
    table=[
        Transition(
            Do.ASK, (), At.SUBMITTED, by=a_side,
            provided=(a_graduate_is_verified,),
            when=(
                the_placement_is_in_force, agreements.no_termination_is_open, no_other_amendment_is_open,
                only_harmless_fields_change, every_mask_stands_for_a_number, something_differs,
                the_details_stay_complete, the_changes_print,
            ),
            then=(write_the_request, tell_the_other_side),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), At.APPROVED, by=a_reviewer_of_the_chain, takes=Approve,
            when=(
                *in_turn, the_placement_is_in_force, agreements.no_termination_is_open, the_placement_is_as_it_was,
                the_comment_prints,
            ),
            then=(close_the_review, write_the_placement, date_the_end, tell_both_sides),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told),
            then=(close_the_review, date_the_end, tell_both_sides),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED,), At.TERMINATED, by=the_asker,
            then=(close_the_review, date_the_end, tell_the_other_side),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN: Final = (
    "id", "version", "placement_id", "placement_kind", "status", "decision", "stage", "ending", "asked_by",
    "reason", "cohort", "graduate_id", "graduate_name", "school_id", "school_name", "employer_id", "unit_name",
    "submitted_at", "decided_at", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """An amendment as both sides and the reviewers see it."""
    shown = {name: scene.record[name] for name in SHOWN}
    shown["diff"] = AMENDED.seen(scene.record["diff"])
    shown["waiting_for"] = waiting_for(scene.record)
    return shown


def rows(table: FromClause) -> Select[Any]:
    """Amendments with what `actions` hang on: their open review, how the placement stands, its open termination."""
    asked = and_(open_termination.c.placement_id == table.c.placement_id, open_termination.c.status == "submitted")
    return select(
        *table.c,
        *BESIDE,
        *(placements.c[name].label(f"{_BESIDE_IT}{name}") for name in _JUDGED),
        open_termination.c.id.label("open_termination_id"),
    ).select_from(
        with_open_review(table)
        .outerjoin(placements, placements.c.id == table.c.placement_id)
        .outerjoin(open_termination, asked)
    )


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the whole placement, for writing it."""
    rest = (column.label(f"{_BESIDE_IT}{column.name}") for column in placements.c if column.name not in _JUDGED)
    return rows(table).add_columns(*rest)


def _ground() -> Read:
    base = agreements.rows(placements)
    (source,) = base.get_final_froms()
    open_one = and_(_open.c.placement_id == placements.c.id, _open.c.status == "submitted")
    facts = Facts(placements.c.cohort, placements.c.registered_region)
    joined = select(*base.selected_columns, _open.c.id.label("open_amendment_id")).select_from(
        source.outerjoin(_open, open_one)
    )
    found = (placements.c.id == actor.c.record_id, to_the_caller(its_parties_once_sent(placements)))
    return Read(facts.beside(joined, facts.review_due_days).where(*found), remembered)


ground: Final = _ground()
"""The placement that is to be amended."""

desk = Desk(
    workflow,
    View(amendments, its_parties, rows, more=rows_to_move, filters=("status", "decision", "cohort", "stage")),
    told,
)


async def ask(caller: Caller, draft: AmendmentDraft, once: Once | None) -> Answer:
    """Ask for a change of the placement that the draft names."""
    return await desk.open(caller, ground, {"record": draft.placement_id}, Do.ASK, draft, once)
