"""Situations of an application, read off status, decision and fulfilment, and written back.

An approval stands where its fulfilment stands: what is to be paid is another situation than what has been paid.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.words.applications import ApplicationKind, Fulfilment


class At(StrEnum):
    """Where an application stands: what a row of the table leaves."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    TO_PAY = "to_pay"
    PAID = "paid"
    FAILED = "failed"
    TO_PRINT = "to_print"
    PRINTED = "printed"
    READY_FOR_COLLECTION = "ready_for_collection"
    COLLECTED = "collected"
    LAPSED = "lapsed"
    REJECTED = "rejected"
    TERMINATED = "terminated"


GRANTED: Final = tuple(one for one in At if one not in (At.DRAFT, At.SUBMITTED, At.REJECTED, At.TERMINATED))
"""What is in force."""
GRANT: Final[Mapping[str, At]] = {
    ApplicationKind.JOB_SEEKING_SUBSIDY: At.TO_PAY,
    ApplicationKind.OUTSTANDING_GRADUATE: At.APPROVED,
    ApplicationKind.REASSIGNMENT: At.TO_PRINT,
    ApplicationKind.DEFERRED_DISPATCH: At.TO_PRINT,
    ApplicationKind.CERTIFICATE_REISSUE: At.READY_FOR_COLLECTION,
    ApplicationKind.ARCHIVE_REDIRECT: At.APPROVED,
}
"""What an approval of each kind leads to."""
DECIDED: Final = (At.SUBMITTED, At.APPROVED, At.TO_PAY, At.TO_PRINT, At.READY_FOR_COLLECTION)
"""What passing a turn may lead to: the next one, or a grant."""


def situation(record: Any, _at: datetime) -> At:
    """The situation of an application."""
    if record.status != "reviewed":
        return At(record.status)
    if record.decision == "rejected":
        return At.REJECTED
    return At.APPROVED if record.fulfilment == Fulfilment.NONE else At(record.fulfilment)


def columns(at: StrEnum) -> Mapping[str, Any]:
    """What the row says in a situation. A terminated application keeps its decision and how far it was fulfilled."""
    if at in GRANTED:
        fulfilment = Fulfilment.NONE if at == At.APPROVED else Fulfilment(at)
        return {"status": "reviewed", "decision": "approved", "stage": None, "fulfilment": fulfilment.value}
    match at:
        case At.REJECTED:
            return {"status": "reviewed", "decision": at.value, "stage": None}
        case At.TERMINATED:
            return {"status": at.value, "stage": None}
        case At.SUBMITTED:
            return {"status": at.value, "decision": None}
        case _:
            return {"status": at.value, "decision": None, "stage": None}
