"""A page of the jobs that a graduate searches for."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from app.workflows.looking import as_json
from app.workflows.market import job_search
from app.workflows.market.job_view import SHOWN
from benchmarks.floor.lines import Lines


async def jobs(lines: Lines, session: str, query: bytes) -> bytes:
    """The first page of what is asked for."""
    asked: dict[str, Any] = dict(parse_qsl(query.decode()))
    if "salary_from" in asked:
        asked["salary_from"] = int(asked["salary_from"])
    given = job_search.values(50, None, asked)
    rows = await lines.run(job_search.PAGE, {"session": session, "record": None, "at": datetime.now(UTC), **given})
    items = []
    for row in rows[:50]:
        if row["id"] is not None:
            told = {name: row[name] for name in SHOWN}
            told["status"], told["decision"], told["stage"], told["ending"] = "reviewed", "approved", None, None
            told["waiting_for"], told["actions"], told["blocked"] = None, (), ()
            items.append(told)
    last = urlsafe_b64encode(rows[49]["id"].encode()).decode().rstrip("=") if len(rows) > len(items) else None
    return as_json({"items": items, "next_cursor": last if items else None})
