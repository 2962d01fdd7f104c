"""Reviews on the wire: the queue, claims, decisions in bulk."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.base import Body, ChangeOut, CreatedRef, Out, RecordId
from app.words import Cohort, Comment, ReasonCode

RecordKind = Literal["agreement", "employer"]
BULK = 50


class ItemDecision(Body):
    """A decision on one record, as its own move would have it."""

    kind: RecordKind
    record_id: RecordId
    version: Annotated[int, Field(ge=1, le=2_000_000_000, description="`record_version` as you read it.")]
    action: Literal["approve", "reject", "return"]
    reason: ReasonCode | None = None
    comment: Comment | None = None


class Decisions(Body):
    """Up to 50 decisions. With `dry_run` each is judged and none is carried out."""

    items: Annotated[list[ItemDecision], Field(min_length=1, max_length=BULK)]
    dry_run: bool = False


class ClaimOut(Out):
    """Who holds the review, and until when."""

    mine: bool
    by: Annotated[str | None, Field(description="The colleague, when it isn't you.")]
    until: datetime


class ReviewOut(Out):
    """One open turn of your body."""

    id: RecordId
    kind: Annotated[str, Field(examples=["agreement"])]
    record_id: RecordId
    record_version: int
    stage: Annotated[str, Field(examples=["school"])]
    cohort: Cohort | None
    school_id: RecordId | None
    department_id: RecordId | None
    subject: Annotated[dict[str, Any], Field(description="What the record is about: parties, position, number.")]
    opened_at: datetime
    due_on: date
    overdue: bool
    claim: ClaimOut | None


class ReviewPage(Out):
    """A page of the queue."""

    items: list[ReviewOut]
    next_cursor: str | None


class DecisionOut(Out):
    """What became of one item: its own status, and either the change or the problem."""

    index: int
    status: int
    change: ChangeOut | None
    record: dict[str, Any] | None
    created: list[CreatedRef]
    problem: dict[str, Any] | None


class DecisionsOut(Out):
    """A result for each item, in the order sent."""

    dry_run: bool
    results: list[DecisionOut]
