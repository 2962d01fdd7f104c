"""Files for the bank (代发清单): promised after a step-up, made by the worker, fetched by who asked, for a day.

The file has ID numbers and cards open, because the bank alone can tell by name, number and card together that the card
is the applicant's own. So it is a look at all of their data: recorded for each of them before the file is there
(`exporting`), sealed where it lies, and shown again to nobody but the account that asked, which steps up again.
"""

from base64 import b64decode
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, SmallInteger, Text, and_, cast, literal, select

from app.change import Row
from app.db import Read, Stale, actor, asked
from app.errors import NotFound, Reason, RuleNotMet
from app.models import PaymentExport
from app.models.base import table_of
from app.schemas.payment import PaymentExportDraft, SheetFormat
from app.service import Caller, Once
from app.workflows.accounts import step_ups
from app.workflows.accounts.limits import Limit, Window, left, refusal
from app.workflows.applications.eligibility import SUBSIDY, applications
from app.workflows.looking import Answer, look
from app.workflows.payments.sheets import MEDIA_TYPES
from app.workflows.promised_tasks import beside_a_twin, promised
from app.workflows.province.bodies import FIRST_ID
from app.workflows.repeating import replayed
from app.workflows.view import remembered

ENTRYPOINT: Final = "payment_export"
KEPT: Final = timedelta(days=1)
EXPORTING: Final = Limit("payment_exports", Window(20, 86400))
"""Files that one member of staff may ask for in a day."""

exports = table_of(PaymentExport)


def theirs(body: ColumnElement[Any]) -> ColumnElement[bool]:
    """Subsidies that this body decides, and so pays: the last turn is its own."""
    last = applications.c.chain[-1]["body_id"].as_string()
    return and_(applications.c.kind == SUBSIDY.value, last == cast(body, Text))


def due(body: ColumnElement[Any]) -> ColumnElement[bool]:
    """Those of a cohort that wait to be paid."""
    of_cohort = applications.c.cohort == asked("cohort", SmallInteger())
    return and_(of_cohort, applications.c.fulfilment == "to_pay", applications.c.status == "reviewed", theirs(body))


_waiting = select(applications.c.id).where(due(actor.c.body_id)).limit(1).correlate(actor).scalar_subquery()
_GROUND: Final = Read(select(literal(1).label("here"), _waiting.label("waiting")), remembered)
_FILE: Final = Read(
    select(exports.c.id, exports.c.sealed, exports.c.format, exports.c.cohort).where(
        exports.c.id == actor.c.record_id,
        exports.c.account_id == actor.c.account_id,
        exports.c.expires_at > asked("real", DateTime(timezone=True)),
    )
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to be handed over."""

    name: str
    media_type: str
    content: bytes


async def begin(caller: Caller, draft: PaymentExportDraft, once: Once | None) -> Answer:
    """Promise the file; the answer is its task. Nobody to pay is a 409 `rule-not-met`."""
    return await beside_a_twin(lambda: _begin(caller, draft, once), once)


async def _begin(caller: Caller, draft: PaymentExportDraft, once: Once | None) -> Answer:
    who, (ground,) = await look(caller, _GROUND, cohort=draft.cohort, key=once and once.key)
    if once and ground.once_fingerprint is not None:
        return replayed(caller, once, ground, who)
    service = caller.service
    step_ups.demand(service, who)
    if ground.waiting is None:
        raise RuleNotMet([Reason("nothing-to-pay", who="nobody", how="await-the-publicity")])

    def row(one: str, at: Any) -> Row:
        cells = {"account_id": who.account_id, "body_id": who.body_id, "cohort": draft.cohort, "sealed": None}
        made = {"format": draft.format.value, "position": FIRST_ID, "created_at": at, "expires_at": None}
        return Row(exports, {"id": one, **cells, **made})

    try:
        one_more = EXPORTING.a_try(service, who.account_id)
        answer, counted = await promised(caller, who, once, ENTRYPOINT, row, one_more)
    except Stale as error:
        raise await refusal(service, ENTRYPOINT, EXPORTING.of(who.account_id)) from error
    return replace(answer, budgets=left(service, counted, EXPORTING.of(who.account_id)))


async def file(caller: Caller, export: str) -> Sheet:
    """The file; 404 for anybody else, before it is made, and after a day."""
    service = caller.service
    who, found = await look(caller, _FILE, record=export, real=service.clock.real())
    if not found:
        raise NotFound
    step_ups.demand(service, who)
    (row,) = found
    kind = SheetFormat(row.format)
    text = service.sealer.open(row.sealed, table=exports.name, column="sealed", row=row.id)
    return Sheet(f"payments-{row.cohort}.{kind}", MEDIA_TYPES[kind], b64decode(text))
