"""Payments of subsidies on the wire: files for the bank, and imports of its results."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import PAGE, Body, Count, NextCursor, Out, RecordId
from app.schemas.import_report import RowErrorOut
from app.words import Cohort

PaymentOutcome = Literal["paid", "failed", "unchanged", "refused"]


class SheetFormat(StrEnum):
    """How a file for a bank is written."""

    CSV = "csv"
    XLSX = "xlsx"


class PaymentExportDraft(Body):
    """Who of a cohort waits to be paid by your body, for its bank."""

    cohort: Cohort
    format: Annotated[
        SheetFormat,
        Field(description="`xlsx` keeps card numbers as text; a spreadsheet that opens `csv` rounds them off."),
    ]


class PaymentImportDraft(Body):
    """A file of the bank's results. With `dry_run` only the report is written."""

    file_id: Annotated[RecordId, Field(description="An uploaded file of purpose `payment_results`.")]
    dry_run: bool = False


class PaymentImportOut(Out):
    """One file of results; its id is its task's."""

    id: RecordId
    file_id: Annotated[RecordId | None, Field(description="Null once the file is gone, a day after it came.")]
    dry_run: bool
    paid: Annotated[Count, Field(description="Rows by which a subsidy is paid.")]
    failed: Annotated[Count, Field(description="Rows by which the money came back; the graduate is asked for a card.")]
    unchanged: Annotated[Count, Field(description="Rows that say what is known already.")]
    refused: Annotated[Count, Field(description="Rows with errors; none of them stopped another.")]
    created_at: datetime


class PaymentImportRowOut(Out):
    """What became of one row of the file."""

    row: Annotated[Count, Field(description="As a spreadsheet counts: the header is 1.", examples=[2])]
    application_id: Annotated[RecordId | None, Field(description="Null where the row names none.")]
    outcome: PaymentOutcome
    errors: Annotated[list[RowErrorOut], Field(max_length=100)]


class PaymentImportRowPage(Out):
    """Rows in the order of the file."""

    items: Annotated[list[PaymentImportRowOut], PAGE]
    next_cursor: NextCursor
