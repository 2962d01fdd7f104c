"""One agreement, and a page of the queue."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, Final

from app import texts
from app.errors import Reason
from app.workflows.agreements import SHOWN, desk
from app.workflows.looking import as_json
from app.workflows.reviewing import local_day
from app.workflows.reviews import OLDEST_FIRST
from benchmarks.floor.lines import Lines

QUEUE: Final = OLDEST_FIRST(())
_FIRST: Final = {
    "after_at": datetime(1, 1, 2, tzinfo=UTC),
    "after_id": "00000000-0000-0000-0000-000000000000",
    "limit": 51,
    "record": None,
}
_TOLD: Final = ("record_id", "record_version", "stage", "cohort", "school_id", "department_id", "subject")
_WAITS: Final = tuple(
    texts.blocked(action, Reason("not-your-turn", who="school", how="wait-for-the-turn"), "zh-CN")
    for action in ("approve", "reject")
)


def agreement(row: Any, body: str) -> dict[str, Any]:
    """An agreement as a reviewer of this body sees it."""
    told = {name: row[name] for name in SHOWN}
    told["terms"] = row["details"]
    told["waiting_for"] = None
    told["open_termination_id"] = row["open_termination_id"]
    told["actions"], told["blocked"] = (), ()
    if row["review_id"] is not None:
        told["waiting_for"] = {
            "stage": row["stage"],
            "body": {"id": row["review_body_id"], "name": row["review_body_name"]},
            "since": row["opened_at"],
            "due_on": row["due_on"],
        }
    if row["status"] == "submitted" and row["review_body_id"] == body:
        told["actions"] = ("approve", "reject")
    elif row["status"] == "submitted":
        told["blocked"] = _WAITS
        if row["review_opened_by"] == row["caller_account_id"]:
            told["actions"] = ("reopen",)
    return told


async def one(lines: Lines, session: str, path: str) -> bytes:
    """One agreement."""
    (row,) = await lines.run(desk.view.one, {"session": session, "record": path[15:], "at": datetime.now(UTC)})
    return as_json(agreement(row, row["caller_body_id"]))


async def queue(lines: Lines, session: str) -> bytes:
    """The first page of the queue."""
    rows = await lines.run(QUEUE, {"session": session, **_FIRST})
    now = datetime.now(UTC)
    today = local_day(now)
    items = []
    for row in rows[:50]:
        told = {"id": row["id"], "kind": row["record_kind"], **{name: row[name] for name in _TOLD}}
        told["opened_at"], told["due_on"], told["overdue"] = row["opened_at"], row["due_on"], row["due_on"] < today
        told["claim"] = None
        if row["claimed_by"] is not None and row["lease_until"] > now:
            mine = row["claimed_by"] == row["caller_account_id"]
            told["claim"] = {"mine": mine, "by": None if mine else row["claimant_name"], "until": row["lease_until"]}
        items.append(told)
    last = None
    if len(rows) > len(items):
        key = f"{rows[49]['opened_at'].isoformat()}|{rows[49]['id']}"
        last = urlsafe_b64encode(key.encode()).decode().rstrip("=")
    return as_json({"items": items, "next_cursor": last})
