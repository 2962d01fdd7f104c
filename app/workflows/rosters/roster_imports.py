"""Roster imports: a file is read into a school's or the provincial roster by a task (domain.md §9).

`roster_loading` does the work; here it is asked for, and its report is shown.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Text, Uuid, and_, literal, or_, select, true

from app import texts
from app.change import Change, Row, fresh_id
from app.db import AlreadyExists, Narrowed, Read, actor, asked
from app.errors import FieldError, Forbidden, Invalid, NotFound
from app.models import ImportRow, RosterImport, Task
from app.models.base import table_of
from app.outbox import promise
from app.policies import Actor
from app.schemas.roster import RosterImportDraft
from app.service import Caller, Once
from app.words import RosterSource, StaffRole
from app.workflows.attaching import files, mine
from app.workflows.desk import Answer, as_json, look, page_of, remember, replayed
from app.workflows.tasks import told
from app.workflows.view import remembered

ENTRYPOINT: Final = "roster_import"
OWNERS: Final = {RosterSource.SCHOOL: "school", RosterSource.PROVINCIAL: "provincial_education"}
"""The kind of body whose roster it is."""

_DIGITS: Final = 9
"""Of a row number."""

imports, import_rows, tasks = table_of(RosterImport), table_of(ImportRow), table_of(Task)


def _visible() -> ColumnElement[bool]:
    """A school sees its own imports; the provincial education office sees all, for it settles who holds whom."""
    return or_(imports.c.school_id == actor.c.body_id, actor.c.kind == "provincial_education")


_ground = Read(
    select(literal(1).label("here")),
    select(files.c.id.label("file_id")).where(
        files.c.id == asked("file", Uuid(as_uuid=False)), files.c.purpose == "roster", mine()
    ),
    remembered,
)
_one = Read(select(*imports.c).where(imports.c.id == actor.c.record_id, _visible()))


async def begin(caller: Caller, draft: RosterImportDraft, once: Once | None) -> Answer:
    """Promise the import; the answer is its task. For administrators of the body whose roster it is."""
    try:
        return await _begin(caller, draft, once)
    except AlreadyExists:
        if once is None:
            raise
        return await _begin(caller, draft, once)  # a twin with the same key was faster: its answer


async def _begin(caller: Caller, draft: RosterImportDraft, once: Once | None) -> Answer:
    who, (ground,) = await look(caller, _ground, file=draft.file_id, key=once and once.key)
    if once and ground.once_fingerprint is not None:
        return replayed(caller, once, ground, who)
    if who.kind != OWNERS[draft.source] or not who.is_a(StaffRole.ADMINISTRATOR):
        raise Forbidden
    if ground.file_id is None:
        raise Invalid(errors=[FieldError("/body/file_id", "file-unknown")])
    change, task = _promised(who, draft, caller.service.clock.real())
    answer = Answer(as_json(told(task, caller.language)), id=task["id"])
    if once:
        change = change.and_also(remember(caller, once, answer, who))
    await caller.db.apply(change, session=caller.session)
    return answer


def _promised(who: Actor, draft: RosterImportDraft, at: Any) -> tuple[Change, Mapping[str, Any]]:
    """The task, the import and the promise that they are done."""
    one = fresh_id()
    task = {
        "id": one,
        "kind": ENTRYPOINT,
        "account_id": who.account_id,
        "body_id": who.body_id,
        "status": "waiting",
        "done": 0,
        "total": None,
        "problem": None,
        "created_at": at,
        "updated_at": at,
    }
    counts = dict.fromkeys(("added", "changed", "unchanged", "refused", "position"), 0)
    row = {
        "id": one,
        "file_id": draft.file_id,
        "source": draft.source.value,
        "school_id": who.body_id if draft.source is RosterSource.SCHOOL else None,
        "dry_run": draft.dry_run,
        **counts,
        "created_at": at,
    }
    return Change(inserts=(Row(tasks, task), Row(imports, row), promise(ENTRYPOINT, {"import": one}))), task


async def one(caller: Caller, asked_for: str) -> Answer:
    """An import and its counts."""
    _, found = await look(caller, _one, record=asked_for)
    if not found:
        raise NotFound
    names = ("id", "file_id", "source", "dry_run", "added", "changed", "unchanged", "refused", "created_at")
    return Answer(as_json({name: found[0][name] for name in names}))


def _report() -> Read:
    """A page of the report: rows in the order of the file, of one outcome."""
    row = import_rows
    outcome = row.c.outcome == asked("outcome", Text())
    page = (
        select(row.c.number, row.c.outcome, row.c.errors)
        .where(row.c.import_id == imports.c.id, row.c.number > asked("after", Integer()), outcome)
        .order_by(row.c.number)
        .limit(asked("limit", Integer()))
        .lateral("page")
    )
    found = and_(imports.c.id == actor.c.record_id, _visible())
    return Read(select(imports.c.id, *page.c).select_from(imports.outerjoin(page, true())).where(found))


_REPORT: Final = Narrowed(_report(), ("outcome",))


async def rows(caller: Caller, asked_for: str, limit: int, after: str | None, outcome: str | None) -> Answer:
    """A page of the report on an import's rows; `after` is the last row of the page before."""
    given = {"limit": limit + 1, "after": _number(after), "outcome": outcome}
    _, found = await look(caller, _REPORT(("outcome",) if outcome else ()), record=asked_for, **given)
    if not found:
        raise NotFound
    listed = [row for row in found if row.number is not None]
    items = [
        {
            "row": row.number,
            "outcome": row.outcome,
            "errors": [
                {
                    "column": error["column"],
                    "code": error["code"],
                    "message": texts.detail(error["code"], caller.language, error["params"]),
                }
                for error in row.errors or ()
            ],
        }
        for row in listed[:limit]
    ]
    return page_of(items, str(listed[limit - 1].number) if len(listed) > limit else None)


def _number(after: str | None) -> int:
    if after is None:
        return 0
    if not (after.isascii() and after.isdecimal()) or len(after) > _DIGITS:
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")])
    return int(after)
