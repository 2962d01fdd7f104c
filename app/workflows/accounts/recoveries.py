"""Recovery of accounts (账号找回), where the phone is lost: a case with a photo, reviewed by the school or by support.

A visitor opens it and redeems it; the school, or whoever of support has claimed it, decides; the account's holder may
take it back. The photo goes with the decision (domain.md §2, 6b).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import FromClause, Select, and_, literal, select, true

from app.change import Row, SetOf, Update
from app.db import actor
from app.errors import Reason
from app.models import Body, PhotoReading, Recovery, RecoveryPhoto
from app.models.base import table_of
from app.outbox import promise
from app.policies import Actor, Visible, a_reviewer_of_the_chain
from app.schemas.auth import PhoneCodePurpose
from app.security.one_time_codes import new_code
from app.service import Caller, Service
from app.workflows.accounts import phone_codes
from app.workflows.desk import Desk
from app.workflows.engine import Cells, Now, Piece, Scene, Transition, Workflow, the_procedure
from app.workflows.reviewing import (
    BESIDE,
    Approve,
    Reject,
    close_the_review,
    it_is_their_turn,
    nobody_else_claimed_it,
    open_turn,
    other_reasons_are_told,
    reviews,
    waiting_for,
    with_open_review,
)
from app.workflows.situations import trail_of
from app.workflows.sms import text_message
from app.workflows.telling import to_graduate
from app.workflows.view import View

REDEEMABLE: Final = timedelta(hours=72)
FORGET_PHOTO: Final = "forget-recovery-photo"

recoveries, photos, readings = table_of(Recovery), table_of(RecoveryPhoto), table_of(PhotoReading)
school = table_of(Body).alias("recovery_school")


class At(StrEnum):
    """Where a recovery stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    REDEEMED = "redeemed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Do(StrEnum):
    """What may be done with a recovery."""

    OPEN = "open"
    APPROVE = "approve"
    REJECT = "reject"
    REDEEM = "redeem"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


def situation(record: Any, _at: datetime) -> At:
    """The situation of a recovery."""
    return At(record.ending or (record.redeemed_at and At.REDEEMED) or record.decision or record.status)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation. A terminated one keeps its decision."""
    match at:
        case At.APPROVED | At.REJECTED:
            return {"status": "reviewed", "decision": at.value, "stage": None}
        case At.WITHDRAWN | At.LAPSED:
            return {"status": "terminated", "ending": at.value, "stage": None}
        case At.REDEEMED:
            return {"status": "reviewed"}
        case _:
            return {"status": "submitted", "decision": None, "ending": None, "redeemed_at": None}


@dataclass(frozen=True, slots=True)
class Opening:
    """A case whose secrets are sealed: its cells, the photo's row, the warning to the phone that the account has."""

    cells: Mapping[str, Any]
    photo: Mapping[str, Any]
    warning: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval with the code that goes to the new phone, made outside so that the decision stays pure."""

    comment: str | None
    code: SetOf
    message: Row


@dataclass(frozen=True, slots=True)
class Redeeming:
    """What the account gets: password and phone; its sessions end; the former phone is told."""

    pieces: Sequence[Update | Row | SetOf]


# -- who --------------------------------------------------------------------------------------------------------------


def a_visitor(actor: Actor, _ground: Any) -> bool:
    """Somebody who has not signed in."""
    return actor.kind == "public"


def the_holder_of_the_account(actor: Actor, record: Any) -> bool:
    """Who can still sign in to the account, by whatever way."""
    return bool(actor.account_id == record.account_id)


# -- rules ------------------------------------------------------------------------------------------------------------


def the_photo_was_looked_at(scene: Scene) -> Reason | None:
    """Who approves has seen the person."""
    if scene.record.looked_at:
        return None
    return Reason("photo-not-seen", who="you", how="claim-and-look-at-the-photo")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_case(scene: Scene) -> Iterable[Piece]:
    """The case as it was sent, with its photo, on the table of its reviewer."""
    ground, move = scene.record, scene.move
    yield Cells({**move.cells, "submitted_at": scene.at, "decided_at": None})
    yield Row(photos, {**move.photo, "recovery_id": scene.id})
    turn = {"stage": ground.reviewer_stage, "body_id": ground.reviewer_id, "body_name": ground.reviewer_name}
    submitted = Now({**move.cells, "school_name": ground.school_name, "review_due_days": ground.review_due_days})
    yield from open_turn(scene, "recovery", submitted, [turn], 0, subject)


def warn_the_former_phone(scene: Scene) -> Iterable[Piece]:
    """A text message to the phone that the account still has."""
    yield from scene.move.warning


def send_the_code(scene: Scene) -> Iterable[Piece]:
    """The one-time code to the new phone, good for 72 hours; so long the approval waits for it."""
    yield Cells({"lapses_at": scene.at + REDEEMABLE})
    yield scene.move.code
    yield scene.move.message


def date_the_decision(scene: Scene) -> Iterable[Piece]:
    """When it was approved or rejected."""
    yield Cells({"decided_at": scene.at})


def forget_the_photo(scene: Scene) -> Iterable[Piece]:
    """The photo is removed once this is committed; nobody reads it from now on."""
    yield promise(FORGET_PHOTO, {"recovery": scene.id})
    yield Cells(beside={"photo_of": None, "looked_at": False})


def hand_over_the_account(scene: Scene) -> Iterable[Piece]:
    """Password and phone are set, every session ends, the former phone is told."""
    yield Cells({"redeemed_at": scene.at})
    yield from scene.move.pieces


def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
    """A message in the inbox of the account."""
    yield to_graduate(scene, "recovery")


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of a case, to who has not claimed it too: no name, no number."""
    return {name: record[name] for name in ("level", "cohort", "school_name")}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    "recovery",
    recoveries,
    situations=tuple(At),
    situation=situation,
    columns=columns,
    trail=trail_of("recovery"),
    table=[
        Transition(
            Do.OPEN, (), At.SUBMITTED, by=a_visitor,
            then=(write_the_case, warn_the_former_phone, tell_the_graduate),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), At.APPROVED, by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, the_photo_was_looked_at),
            then=(close_the_review, date_the_decision, send_the_code, forget_the_photo, tell_the_graduate),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told),
            then=(close_the_review, date_the_decision, forget_the_photo, tell_the_graduate),
        ),
        Transition(
            Do.REDEEM, (At.APPROVED,), At.REDEEMED, by=the_procedure,
            then=(hand_over_the_account, tell_the_graduate),
        ),
        Transition(
            Do.WITHDRAW, (At.SUBMITTED, At.APPROVED), At.WITHDRAWN, by=the_holder_of_the_account,
            then=(close_the_review, forget_the_photo),
        ),
        Transition(
            Do.LAPSE, (At.SUBMITTED, At.APPROVED), At.LAPSED, by=the_procedure,
            then=(close_the_review, forget_the_photo, tell_the_graduate),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

SHOWN = (
    "id", "version", "status", "decision", "stage", "ending", "name", "level", "cohort", "lapses_at", "redeemed_at",
    "decided_at", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """A recovery as its holder and its reviewers see it."""
    record = scene.record
    return {
        **{name: record[name] for name in SHOWN},
        "id_number": record["id_number_masked"],
        "phone": record["phone_masked"],
        "school": {"id": record["school_id"], "name": record["school_name"]},
        "has_photo": record["photo_of"] is not None,
        "waiting_for": waiting_for(record),
    }


def visible(table: FromClause) -> Visible:
    """The account's holder, the school, support what it took, the provincial bureau (model.md §3)."""
    took = select(literal(1)).where(
        reviews.c.record_id == table.c.id,
        (reviews.c.claimed_by == actor.c.account_id) | (reviews.c.decided_by == actor.c.account_id),
    )
    return {
        "graduate": table.c.account_id == actor.c.account_id,
        "school": table.c.school_id == actor.c.body_id,
        "support": took.correlate(table, actor).exists(),
        "provincial_bureau": true(),
    }


def rows(table: FromClause) -> Select[Any]:
    """Recoveries with their open review, and with the photo if the caller may look at it, and whether they did."""
    seen = and_(readings.c.recovery_id == table.c.id, readings.c.account_id == actor.c.account_id)
    looked_at = select(literal(1)).where(seen).correlate(table, actor).exists()
    source = (
        with_open_review(table)
        .outerjoin(school, school.c.id == table.c.school_id)
        .outerjoin(photos, photos.c.recovery_id == table.c.id)
    )
    photo = photos.c.recovery_id.label("photo_of")
    return select(
        *table.c, *BESIDE, school.c.name.label("school_name"), photo, looked_at.label("looked_at")
    ).select_from(source)


class _RecoveryDesk(Desk):
    """A desk whose approvals come with the code that they send."""

    def scene(self, caller: Caller, who: Actor, record: Any, **more: Any) -> Scene:
        """The record before this actor, now."""
        if more.get("action") == Do.APPROVE:
            more["move"] = _approval(caller.service, record, more["move"])
        return super().scene(caller, who, record, **more)


def _approval(service: Service, record: Any, move: Any) -> Approval:
    code, hours = new_code(), int(REDEEMABLE.total_seconds()) // 3600
    phone = service.sealer.open(record.phone_sealed, table="recoveries", column="phone_sealed", row=record.id)
    return Approval(
        move.comment,
        phone_codes.put(service, PhoneCodePurpose.RECOVERY_REDEMPTION, record.phone_bidx, code, REDEEMABLE),
        text_message(service.sealer, phone, "recovery-code", code=code, hours=hours),
    )


desk = _RecoveryDesk(workflow, View(recoveries, visible, rows, filters=("status", "decision")), told)
