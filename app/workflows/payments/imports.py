"""Imports of the bank's results: asked for here, done by `importing`, and their report shown.

Like decisions in bulk they ask for a step-up, unless they are a dry run.
"""

from typing import Any, Final

from sqlalchemy import and_, literal, select

from app.change import Row
from app.db import Read, actor
from app.errors import FieldError, Invalid, NotFound
from app.models import PaymentImport, PaymentImportRow
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.schemas.payment import PaymentImportDraft
from app.service import Caller, Once
from app.workflows.accounts import step_ups
from app.workflows.attaching import named_file
from app.workflows.imports.rows import page, report
from app.workflows.looking import Answer, as_json, look
from app.workflows.promised_tasks import beside_a_twin, promised
from app.workflows.repeating import replayed
from app.workflows.view import remembered

ENTRYPOINT: Final = "payment_import"
COUNTED: Final = ("paid", "failed", "unchanged", "refused")
SHOWN: Final = ("id", "file_id", "dry_run", *COUNTED, "created_at")

imports, import_rows = table_of(PaymentImport), table_of(PaymentImportRow)

_GROUND: Final = Read(select(literal(1).label("here")), named_file(FilePurpose.PAYMENT_RESULTS), remembered)
_found = and_(imports.c.id == actor.c.record_id, imports.c.body_id == actor.c.body_id)
_ONE: Final = Read(select(*imports.c).where(_found))
_REPORT: Final = report(imports, import_rows, _found, "application_id")


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
    return await page(caller, _REPORT, asked_for, limit, after, outcome, also=("application_id",))
