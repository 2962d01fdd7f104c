"""The published code tables, as everybody may read them. Each answer is made once."""

from functools import cache

from app import codes
from app.errors import NotFound
from app.workflows.looking import Answer, as_json


@cache
def every() -> Answer:
    """All tables by name."""
    items = [{"table": name, "rows": len(table), "link": f"/v1/codes/{name}"} for name, table in codes.tables().items()]
    return Answer(as_json({"items": items}))


def one(name: str) -> Answer:
    """One table, whole."""
    if name not in codes.tables():
        raise NotFound
    return _whole(name)


@cache
def _whole(name: str) -> Answer:
    rows = [{"code": row.code, "name": row.name, "more": dict(row.extra)} for row in codes.tables()[name]]
    return Answer(as_json({"table": name, "items": rows}))
