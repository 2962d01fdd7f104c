"""The job behind an import of the bank's results: each row is a move of its own, by the table of applications.

A row's move, its line of the report and the count of it are one write. So a row counts once whoever takes the job up
again, one that is refused stops no other, and what somebody does by hand meanwhile is looked at again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Uuid, func, literal_column, select

from app.change import Change, Row, Update
from app.db import SYSTEM, Read, Result, Stale, asked
from app.errors import Forbidden, Refusal, RuleNotMet, TransitionRefused
from app.models import Account, Body
from app.models.base import table_of
from app.outbox import Interrupted
from app.policies import THE_SYSTEM, Actor
from app.service import Service
from app.sheets import RowError, RowErrors, SheetRefused
from app.workflows.applications.eligibility import applications
from app.workflows.applications.procedure import Do, desk, workflow
from app.workflows.applications.reads import rows_with_places
from app.workflows.applications.standing import At, situation
from app.workflows.engine import Scene
from app.workflows.payments.exports import theirs
from app.workflows.payments.imports import COUNTED, ENTRYPOINT, import_rows, imports
from app.workflows.payments.results import PaymentResult, read_results
from app.workflows.payments.sheets import Header
from app.workflows.promised_tasks import fail, succeed
from app.workflows.tasks import tasks

ATTEMPTS: Final = 4
_JOB: Final = {"job": ENTRYPOINT, "body": None}
_MOVES: Final = {At.PAID: Do.PAY, At.FAILED: Do.FAIL}

accounts, bodies = table_of(Account), table_of(Body)
_no_roles = literal_column("'{}'::text[]", accounts.c.roles.type)
_IMPORT: Final = Read(
    select(*imports.c, tasks.c.status, bodies.c.kind)
    .add_columns(func.coalesce(accounts.c.roles, _no_roles).label("roles"))
    .select_from(
        imports.join(tasks, tasks.c.id == imports.c.id)
        .join(bodies, bodies.c.id == imports.c.body_id)
        .outerjoin(accounts, (accounts.c.id == imports.c.account_id) & accounts.c.disabled_at.is_(None))
    )
    .where(imports.c.id == asked("task", Uuid(as_uuid=False))),
    door=SYSTEM,
)
_ROW: Final = Read(
    select(imports.c.id.label("import_id"), imports.c.position).where(
        imports.c.id == asked("task", Uuid(as_uuid=False))
    ),
    rows_with_places(applications).where(
        applications.c.id == asked("application", Uuid(as_uuid=False)), theirs(asked("payer", Uuid(as_uuid=False)))
    ),
    door=SYSTEM,
)

Judged = tuple[str, Sequence[RowError], Change]
_NO_CHANGE: Final = Change()


async def run(service: Service, payload: Mapping[str, Any], ending: asyncio.Event) -> None:
    """Carry the import on to its end. Raises `Interrupted` between two rows when `ending` is set."""
    (one,) = await service.db.rows(_IMPORT, {**_JOB, "task": payload["task"]})
    if one.status in ("succeeded", "failed"):
        return
    try:
        rows = await _rows(service, one)
    except SheetRefused as refusal:
        await fail(service, ENTRYPOINT, one.id, refusal.code, refusal.params)
        return
    work = _Work(service, one, len(rows))
    for done, row in enumerate(rows, start=1):
        if ending.is_set():
            raise Interrupted
        if row.number > work.position:
            await work.take(row, done)
    await succeed(service, ENTRYPOINT, one.id)


async def _rows(service: Service, one: Result) -> Sequence[PaymentResult | RowErrors]:
    if one.file_id is None:
        raise SheetRefused("file-unknown")
    async with service.storage.at_hand(one.file_id) as path:
        return await asyncio.to_thread(read_results, path)


class _Work:
    """Takes the rows of one import, in the order of the file."""

    def __init__(self, service: Service, one: Result, total: int) -> None:
        self.position: int = one.position
        """The last row that is reported."""
        self._service, self._import, self._total = service, one, total
        self._counts: dict[str, int] = {name: one[name] for name in COUNTED}
        self._who = THE_SYSTEM._replace(account_id=one.account_id, kind=one.kind, roles=one.roles, body_id=one.body_id)

    async def take(self, row: PaymentResult | RowErrors, done: int) -> None:
        """Look, decide, write. `Stale` if another worker is at it."""
        for _ in range(ATTEMPTS):
            outcome, errors, change = await self._judged(row)
            if self._import.dry_run:
                change = _NO_CHANGE
            try:
                await self._service.db.apply(change.and_also(self._report(row, outcome, errors, done)), SYSTEM, **_JOB)
            except Stale:
                continue
            self._counts[outcome] += 1
            self.position = row.number
            return
        raise Stale

    async def _judged(self, row: PaymentResult | RowErrors) -> Judged:
        if isinstance(row, RowErrors):
            return "refused", row.errors, _NO_CHANGE
        asked_for = {"task": self._import.id, "application": row.payment.application, "payer": self._import.body_id}
        at = self._service.clock.now()
        (found,) = await self._service.db.rows(_ROW, {**_JOB, **asked_for, "at": at})
        if found.position != self.position:
            raise Stale
        return self._decided(row, found, self._who)

    def _decided(self, row: PaymentResult, record: Result, who: Actor) -> Judged:
        """The move of one row, or why there is none."""
        clock, move = self._service.clock, {"action": _MOVES[row.to]}
        if record.id is None:
            return _refused(Header.NUMBER, "payment-unknown")
        if record.version == row.payment.version + 1 and situation(record, clock.now()) is row.to:
            return "unchanged", (), _NO_CHANGE
        if record.version != row.payment.version:
            return _refused(Header.NUMBER, "payment-superseded")
        if row.amount is not None and row.amount != record.amount:
            return _refused(Header.AMOUNT, "amount-differs")
        body = desk.moves.validate_python(move | ({"comment": row.reason} if row.reason else {}))
        scene = Scene.now(self._service, who, record, move=body, action=body.action, id=record.id)
        try:
            return row.to.value, (), workflow.decide(scene).change
        except (Forbidden, TransitionRefused, RuleNotMet) as refusal:
            return _refused(None, *_why(refusal))

    def _report(self, row: PaymentResult | RowErrors, outcome: str, errors: Sequence[RowError], done: int) -> Change:
        told = [{"column": one.column, "code": one.code, "params": dict(one.params)} for one in errors]
        line = {
            "import_id": self._import.id,
            "number": row.number,
            "application_id": row.payment.application if isinstance(row, PaymentResult) else None,
            "outcome": outcome,
            "errors": told or None,
        }
        counted = {outcome: self._counts[outcome] + 1, "position": row.number}
        before = {"id": self._import.id, "position": self.position}
        updates = (
            Update(imports, before, counted),
            self._task({"status": "running", "done": done, "total": self._total}),
        )
        return Change(updates, (Row(import_rows, line),))

    def _task(self, cells: Mapping[str, Any]) -> Update:
        return Update(tasks, {"id": self._import.id}, {**cells, "updated_at": self._service.clock.real()})


def _refused(column: str | None, code: str, params: Mapping[str, str] | None = None) -> Judged:
    return "refused", (RowError(column, code, params or {}),), _NO_CHANGE


def _why(refusal: Refusal) -> tuple[str, Mapping[str, str]]:
    """The code of a refusal; of an unmet rule, the rule's."""
    if isinstance(refusal, RuleNotMet):
        return refusal.unmet[0].code, {}
    return refusal.code, {name: str(told) for name, told in refusal.params.items()}
