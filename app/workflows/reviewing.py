"""Review in turn: rules, outcomes and effects that every reviewed procedure shares.

A record's `chain` is fixed when it is submitted: `[{stage, body_id, body_name}, …]`. Each turn is a row of `reviews`;
the open one is read beside the record as `review_id`, `review_body_id`, `review_body_name`, `opened_at`, `due_on`,
`review_opened_by`, `claimed_by`, `lease_until`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, FromClause, and_

from app.change import Row, Update
from app.clock import SHANGHAI
from app.errors import Reason
from app.models import Body, Review
from app.models.base import PARTIES, table_of
from app.policies import Actor
from app.words import Comment, ReasonCode
from app.workflows.engine import Cells, Effect, Piece, Scene
from app.workflows.situations import At

Turn = Mapping[str, Any]
REOPENED_WITHIN = timedelta(hours=24)

reviews = table_of(Review)
open_review = reviews.alias("open_review")
reviewing_body = table_of(Body).alias("reviewing_body")

BESIDE = (
    open_review.c.id.label("review_id"),
    open_review.c.body_id.label("review_body_id"),
    reviewing_body.c.name.label("review_body_name"),
    open_review.c.opened_at,
    open_review.c.opened_by.label("review_opened_by"),
    open_review.c.due_on,
    open_review.c.claimed_by,
    open_review.c.lease_until,
)
"""The columns of the open review, read beside a record."""

_NONE = dict.fromkeys(
    (
        "review_id", "review_body_id", "review_body_name", "opened_at", "review_opened_by", "due_on", "claimed_by",
        "lease_until",
    )
)  # fmt: skip


class Approve(BaseModel):
    """Approve, with a comment if there is something to say."""

    model_config = ConfigDict(extra="forbid")

    comment: Comment | None = None


class Reject(BaseModel):
    """Reject for good, with the reason's code; `other` needs a comment."""

    model_config = ConfigDict(extra="forbid")

    reason: ReasonCode
    comment: Comment | None = None


def with_open_review(rows: FromClause) -> FromClause:
    """These rows with their open review beside them."""
    beside: ColumnElement[bool] = and_(open_review.c.record_id == rows.c.id, open_review.c.decision.is_(None))
    return rows.outerjoin(open_review, beside).outerjoin(reviewing_body, reviewing_body.c.id == open_review.c.body_id)


def waiting_for(record: Any) -> dict[str, Any] | None:
    """Whom a record waits for, since when, and until when they should have answered."""
    if record.review_id is None:
        return None
    return {
        "stage": record.stage,
        "body": {"id": record.review_body_id, "name": record.review_body_name},
        "since": record.opened_at,
        "due_on": record.due_on,
    }


# -- chains -----------------------------------------------------------------------------------------------------------


def local_day(at: datetime) -> date:
    """The day in the province."""
    return at.astimezone(SHANGHAI).date()


def has_left(ground: Any, at: datetime) -> bool:
    """Whether the graduate has left school: the day of leaving itself is still before."""
    return ground.leave_on is not None and local_day(at) > ground.leave_on


def school_chain(ground: Any, stages: Sequence[str]) -> list[Turn]:
    """The turns at school; a graduate without a department goes to the school."""
    bodies = {
        "department": (ground.department_id, ground.department_name),
        "school": (ground.school_id, ground.school_name),
    }
    chain = [_turn(stage, *bodies[stage]) for stage in stages if bodies[stage][0]]
    return chain or [_turn("school", *bodies["school"])]


def bureau_chain(ground: Any) -> list[Turn]:
    """The turn of the county bureau of the employer's registered place; without one, of the provincial bureau."""
    if ground.bureau_id:
        return [_turn("county", ground.bureau_id, ground.bureau_name)]
    return [_turn("province", ground.province_id, ground.province_name)]


def _turn(stage: str, body: str, name: str) -> Turn:
    return {"stage": stage, "body_id": body, "body_name": name}


# -- who --------------------------------------------------------------------------------------------------------------


def who_approved_the_turn_before(actor: Actor, record: Any) -> bool:
    """The very reviewer who passed the record on to the turn that is open."""
    return actor.is_a("reviewer") and record.review_opened_by == actor.account_id


# -- rules ------------------------------------------------------------------------------------------------------------


def it_is_their_turn(scene: Scene) -> Reason | None:
    """The record waits for the actor's body."""
    record = scene.record
    if record.review_body_id == scene.actor.body_id:
        return None
    return Reason("not-your-turn", who=record.stage or "nobody", how="wait-for-the-turn")


def nobody_else_claimed_it(scene: Scene) -> Reason | None:
    """No colleague holds the review's lease."""
    record = scene.record
    held = record.claimed_by not in (None, scene.actor.account_id) and record.lease_until > scene.real
    return Reason("claimed-by-another", who="the-claimant", how="wait-for-the-lease") if held else None


def other_reasons_are_told(scene: Scene) -> Reason | None:
    """A rejection for `other` says why."""
    if scene.move is None or scene.move.reason != ReasonCode.OTHER or scene.move.comment:
        return None
    return Reason("comment-required", who="you", how="add-a-comment", pointer="/comment")


def a_day_has_not_passed(scene: Scene) -> Reason | None:
    """An approval is thought better of within 24 hours, while the next turn is undecided (model.md §4)."""
    if scene.at <= scene.record.opened_at + REOPENED_WITHIN:
        return None
    return Reason("reopening-over", who="nobody", how="the-next-turn-decides")


# -- outcomes ---------------------------------------------------------------------------------------------------------


def next_turn_or_approved(scene: Scene) -> StrEnum:
    """Submitted to the next body of the chain; after the last one, approved."""
    return At.SUBMITTED if scene.record.turn + 1 < len(scene.record.chain) else At.APPROVED


# -- effects ----------------------------------------------------------------------------------------------------------


def close_the_review(scene: Scene) -> Iterable[Piece]:
    """The open turn is decided by this move; nothing to do when no turn is open."""
    if scene.record.review_id:
        decided = {
            "decision": scene.action,
            "reason": getattr(scene.move, "reason", None),
            "comment": getattr(scene.move, "comment", None),
            "decided_at": scene.at,
            "decided_by": scene.actor.account_id,
        }
        yield Update(reviews, {"id": scene.record.review_id, "decision": None}, decided)
        yield Cells(beside=_NONE)


def open_next_review(kind: str, subject: Callable[[Any], Mapping[str, Any]]) -> Effect:
    """The next body's turn begins, unless the chain is at its end."""

    def effect(scene: Scene) -> Iterable[Piece]:
        if scene.to == At.SUBMITTED:
            record, by = scene.record, scene.actor.account_id
            yield from open_turn(scene, kind, record, record.chain, record.turn + 1, subject, opened_by=by)

    effect.__name__ = "open_next_review"
    return effect


def reopen_the_turn_before(kind: str, subject: Callable[[Any], Mapping[str, Any]]) -> Effect:
    """The turn that was approved begins again; the one that followed is closed with this move's name."""

    def effect(scene: Scene) -> Iterable[Piece]:
        yield from close_the_review(scene)
        yield from open_turn(scene, kind, scene.record, scene.record.chain, scene.record.turn - 1, subject)

    effect.__name__ = "reopen_the_turn_before"
    return effect


def open_turn(
    scene: Scene,
    kind: str,
    record: Any,
    chain: Sequence[Turn],
    turn: int,
    subject: Callable[[Any], Mapping[str, Any]],
    *,
    opened_by: str | None = None,
) -> Iterable[Piece]:
    """One turn of a chain: the review row, and the record's stage."""
    body = chain[turn]
    due_on = scene.calendar.add_working_days(local_day(scene.at), record.review_due_days)
    row = {
        "id": scene.fresh.id(),
        "record_kind": kind,
        "record_id": scene.id,
        "turn": turn,
        "stage": body["stage"],
        "body_id": body["body_id"],
        "cohort": record.cohort,
        "subject": subject(record),
        "opened_at": scene.at,
        "opened_by": opened_by,
        "due_on": due_on,
        **{party: getattr(record, party, None) for party in PARTIES},
    }
    yield Row(reviews, row)
    yield Cells(
        {"stage": body["stage"], "turn": turn, "chain": chain},
        {
            **_NONE,
            "review_id": row["id"],
            "review_body_id": body["body_id"],
            "review_body_name": body["body_name"],
            "opened_at": scene.at,
            "review_opened_by": opened_by,
            "due_on": due_on,
        },
    )
