"""Reviews on the wire: the queue, claims, decisions in bulk."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.base import PAGE, Body, ChangeOut, Created, NextCursor, Out, RecordId, Version, Word
from app.schemas.problem import Problem
from app.words import Cohort, Comment, PersonName, ReasonCode

RecordKind = Literal[
    "agreement",
    "amendment",
    "application",
    "destination",
    "employer",
    "entered_agreement",
    "job",
    "objection",
    "recovery",
    "roster_correction",
    "termination",
]
BULK = 50


class ItemDecision(Body):
    """A decision on one record, as its own move would have it."""

    kind: RecordKind
    record_id: RecordId
    version: Annotated[int, Field(ge=1, le=2_000_000_000, description="`record_version` as you read it.")]
    action: Literal["approve", "reject", "return", "uphold", "dismiss"]
    reason: ReasonCode | None = None
    comment: Comment | None = None


class Decisions(Body):
    """Up to 50 decisions. With `dry_run` each is judged and none is carried out."""

    items: Annotated[list[ItemDecision], Field(min_length=1, max_length=BULK)]
    dry_run: bool = False


class ClaimOut(Out):
    """Who holds the review, and until when."""

    mine: bool
    by: Annotated[PersonName | None, Field(description="The colleague, when it isn't you.")]
    until: datetime


class ReviewOut(Out):
    """One open turn of your body."""

    id: RecordId
    kind: RecordKind
    record_id: RecordId
    record_version: Annotated[
        Version | None, Field(description="Null: you may see the record once you have claimed its review.")
    ]
    stage: Annotated[Word, Field(examples=["school"])]
    cohort: Cohort | None
    school_id: RecordId | None
    department_id: RecordId | None
    subject: Annotated[
        dict[str, Any],
        Field(
            description="What the record is about: parties, position, number.",
            examples=[{"number": "2027-3701-0493021-7", "graduate_name": "王小明"}],
        ),
    ]
    opened_at: datetime
    due_on: date
    overdue: bool
    claim: ClaimOut | None


class ReviewPage(Out):
    """A page of the queue."""

    items: Annotated[list[ReviewOut], PAGE]
    next_cursor: NextCursor


class DecisionOut(Out):
    """What became of one item: its own status, and either the change or the problem."""

    index: Annotated[int, Field(ge=0, le=BULK - 1, description="Its place among those sent.")]
    status: Annotated[int, Field(ge=200, le=599, description="What it would have been answered alone.", examples=[201])]
    change: ChangeOut | None
    record: Annotated[
        dict[str, Any] | None, Field(description="The record as its own resource shows it.", examples=[{"version": 2}])
    ]
    created: Created
    problem: Problem | None


class DecisionsOut(Out):
    """A result for each item, in the order sent."""

    dry_run: bool
    results: Annotated[list[DecisionOut], Field(max_length=BULK)]
