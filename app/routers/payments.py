"""Payments of subsidies (补贴发放): files for the bank, and imports of its results with a report for each row."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.routers.answers import accepted, handed_over, page, shown
from app.routers.calling import AfterKey, Asked, Limit, Payers, PayersInBulk, PaymentReaders, RecordIdInPath
from app.routers.refusals import ON_PAYING, ON_READ, ON_SHEET, on_open
from app.schemas.payment import (
    PaymentExportDraft,
    PaymentImportDraft,
    PaymentImportOut,
    PaymentImportRowPage,
    PaymentOutcome,
)
from app.schemas.task import TaskOut
from app.workflows.payments import exports, imports

router = APIRouter(prefix="/v1/payments", tags=["payments"])


@router.post("/exports", status_code=202, response_model=TaskOut, responses=ON_PAYING)
async def export_payments(body: PaymentExportDraft, once: Asked, caller: Payers) -> Response:
    """Ask for a file for the bank: a row for each subsidy of a cohort that waits to be paid by your body.

    ID numbers and cards are open in it: each of the persons reads that you saw them. It is there for a day, for you.
    """
    return accepted(await exports.begin(caller, body, once), "/v1/tasks/{id}")


@router.get("/exports/{id}", response_class=Response, responses=ON_SHEET)
async def get_payment_export(id: RecordIdInPath, caller: Payers) -> Response:
    """The file, for who asked for it and has stepped up within ten minutes."""
    return handed_over(await exports.file(caller, id))


@router.post("/imports", status_code=202, response_model=TaskOut, responses=on_open("step-up-required"))
async def import_payments(body: PaymentImportDraft, once: Asked, caller: PayersInBulk) -> Response:
    """Read the bank's results, as a task: each row marks one subsidy as paid or failed, in your name.

    A row that says what is known already changes nothing, so a file may be sent again.
    """
    return accepted(await imports.begin(caller, body, once), "/v1/tasks/{id}")


@router.get("/imports/{id}", response_model=PaymentImportOut, responses=ON_READ)
async def get_payment_import(request: Request, id: RecordIdInPath, caller: PaymentReaders) -> Response:
    """What an import did so far, in numbers."""
    return shown(request, await imports.one(caller, id))


@router.get("/imports/{id}/rows", response_model=PaymentImportRowPage, responses=ON_READ)
async def list_payment_import_rows(
    request: Request,
    id: RecordIdInPath,
    caller: PaymentReaders,
    after: AfterKey,
    outcome: Annotated[PaymentOutcome | None, Query()] = None,
    limit: Limit = 50,
) -> Response:
    """What became of each row, in the order of the file."""
    return page(request, await imports.rows(caller, id, limit, after, outcome))
