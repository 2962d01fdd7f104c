"""Departments as rosters name them: found by their name under the school; a school's own roster makes new ones."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import asyncpg
from sqlalchemy import DateTime, Text, Uuid, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.change import fresh_id
from app.db import Statement, asked, run
from app.models import Body
from app.models.base import table_of

bodies = table_of(Body)
_ID = Uuid(as_uuid=False)
_given = (
    func.jsonb_to_recordset(asked("departments", JSONB))
    .table_valued(column("id", _ID), column("code", Text), column("name", Text), column("parent_id", _ID), name="given")
    .render_derived(with_types=True)
)
_FIND = Statement(
    select(bodies.c.parent_id, bodies.c.name, func.min(bodies.c.id.cast(Text)).label("id"))
    .join(_given, (bodies.c.parent_id == _given.c.parent_id) & (bodies.c.name == _given.c.name))
    .where(bodies.c.kind == "department")
    .group_by(bodies.c.parent_id, bodies.c.name)
)
_ADD = Statement(
    insert(bodies)
    .from_select(
        ["id", "code", "name", "parent_id", "kind", "created_at"],
        select(*_given.c, literal("department"), asked("at", DateTime(timezone=True))),
    )
    .on_conflict_do_nothing()
)

Named = tuple[str, str]
"""A school's body and a department's name."""


def new_department(school: str, school_code: str, name: str) -> dict[str, str]:
    """A department that isn't there yet. Its code follows from its name, so that two who make it make one."""
    digest = sha256(name.encode()).hexdigest()[:12]
    return {"id": fresh_id(), "code": f"{school_code}-{digest}", "name": name, "parent_id": school}


async def departments(
    line: asyncpg.Connection, named: Iterable[tuple[Named, str]], at: datetime, *, make: bool
) -> Mapping[Named, str]:
    """The ids of those departments that there are, or are made; each is given with its school's code."""
    rows = [new_department(school, code, name) for (school, name), code in named]
    found = await _found(line, rows)
    missing = [row for row in rows if (row["parent_id"], row["name"]) not in found]
    if missing and make:
        await run(line, _ADD, departments=missing, at=at)
        found |= await _found(line, missing)
    return found


async def _found(line: asyncpg.Connection, rows: list[dict[str, str]]) -> dict[Named, str]:
    found: list[Any] = await run(line, _FIND, departments=rows) if rows else []
    return {(row["parent_id"], row["name"]): row["id"] for row in found}
