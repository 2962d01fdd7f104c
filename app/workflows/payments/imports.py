"""Imports of the bank's results: asked for here, done by `importing`, and their report shown.

Like decisions in bulk they ask for a step-up, unless they are a dry run.
"""

from typing import Any, Final

from sqlalchemy import Integer, Text, Uuid, and_, literal, select, true

from app.change import Row
from app.db import Narrowed, Read, actor, asked
from app.errors import FieldError, Invalid, NotFound
from app.models import PaymentImport, PaymentImportRow
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.schemas.payment import PaymentImportDraft
from app.service import Caller, Once
from app.workflows.accounts import step_ups
from app.workflows.attaching import files, mine
from app.workflows.desk import Answer, as_json, look, page_of, replayed
from app.workflows.imports.rows import row_number, told_errors
from app.workflows.promised_tasks import beside_a_twin, promised
from app.workflows.view import remembered

ENTRYPOINT: Final = "payment_import"
COUNTED: Final = ("paid", "failed", "unchanged", "refused")
SHOWN: Final = ("id", "file_id", "dry_run", *COUNTED, "created_at")

imports, import_rows = table_of(PaymentImport), table_of(PaymentImportRow)

_GROUND: Final = Read(
    select(literal(1).label("here")),
    select(files.c.id.label("file_id")).where(
        files.c.id == asked("file", Uuid(as_uuid=False)),
        files.c.purpose == FilePurpose.PAYMENT_RESULTS.value,
        mine(),
    ),
    remembered,
)
_found = and_(imports.c.id == actor.c.record_id, imports.c.body_id == actor.c.body_id)
_ONE: Final = Read(select(*imports.c).where(_found))


def _report() -> Read:
    """A page of the report: rows in the order of the file, of one outcome."""
    row = import_rows
    page = (
        select(row.c.number, row.c.application_id, row.c.outcome, row.c.errors)
        .where(
            row.c.import_id == imports.c.id,
            row.c.number > asked("after", Integer()),
            row.c.outcome == asked("outcome", Text()),
        )
        .order_by(row.c.number)
        .limit(asked("limit", Integer()))
        .lateral("page")
    )
    return Read(select(imports.c.id, *page.c).select_from(imports.outerjoin(page, true())).where(_found))


_REPORT: Final = Narrowed(_report(), ("outcome",))


async def begin(caller: Caller, draft: PaymentImportDraft, once: Once | None) -> Answer:
    """Promise the import; the answer is its task."""
    return await beside_a_twin(lambda: _begin(caller, draft, once), once)


async def _begin(caller: Caller, draft: PaymentImportDraft, once: Once | None) -> Answer:
    who, (ground,) = await look(caller, _GROUND, file=draft.file_id, key=once and once.key)
    if once and ground.once_fingerprint is not None:
        return replayed(caller, once, ground, who)
    if not draft.dry_run:
        step_ups.demand(caller.service, who)
    if ground.file_id is None:
        raise Invalid(errors=[FieldError("/body/file_id", "file-unknown")])

    def row(one: str, at: Any) -> Row:
        asked_by = {"account_id": who.account_id, "body_id": who.body_id}
        named = {"file_id": draft.file_id, "dry_run": draft.dry_run, "created_at": at}
        return Row(imports, {"id": one, **asked_by, **named, **dict.fromkeys((*COUNTED, "position"), 0)})

    answer, _ = await promised(caller, who, once, ENTRYPOINT, row)
    return answer


async def one(caller: Caller, asked_for: str) -> Answer:
    """An import of the caller's body, and its counts."""
    _, found = await look(caller, _ONE, record=asked_for)
    if not found:
        raise NotFound
    return Answer(as_json({name: found[0][name] for name in SHOWN}))


async def rows(caller: Caller, asked_for: str, limit: int, after: str | None, outcome: str | None) -> Answer:
    """A page of the report; `after` is the last row of the page before."""
    given = {"limit": limit + 1, "after": row_number(after), "outcome": outcome}
    _, found = await look(caller, _REPORT(("outcome",) if outcome else ()), record=asked_for, **given)
    if not found:
        raise NotFound
    listed = [row for row in found if row.number is not None]
    items = [
        {
            "row": row.number,
            "application_id": row.application_id,
            "outcome": row.outcome,
            "errors": told_errors(row.errors, caller.language),
        }
        for row in listed[:limit]
    ]
    return page_of(items, str(listed[limit - 1].number) if len(listed) > limit else None)
