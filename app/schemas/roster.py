"""Rosters on the wire: imports, the report on their rows, entries and their correction."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import PAGE, Body, Count, NextCursor, Out, RecordId, Said, Word
from app.words import RosterSource

RowOutcome = Literal["added", "changed", "unchanged", "refused"]


class RosterImportDraft(Body):
    """A file to read into a roster. With `dry_run` only the report is written."""

    file_id: Annotated[RecordId, Field(description="An uploaded file of purpose `roster`.")]
    source: RosterSource
    dry_run: bool = False


class RosterImportOut(Out):
    """One file read into a roster; its id is its task's."""

    id: RecordId
    file_id: RecordId
    source: RosterSource
    dry_run: bool
    added: Annotated[Count, Field(description="Rows that were not in the roster.")]
    changed: Count
    unchanged: Count
    refused: Annotated[Count, Field(description="Rows with errors; none of them stopped another.")]
    created_at: datetime


class RowErrorOut(Out):
    """What is wrong with a cell, or with the row."""

    column: Annotated[
        str | None, Field(max_length=100, description="Its header; null for the whole row.", examples=["身份证号"])
    ]
    code: Annotated[Word, Field(examples=["id-number-check-digit"])]
    message: Annotated[Said, Field(examples=["身份证号的校验码不正确。"])]


class ImportRowOut(Out):
    """What became of one row of the file."""

    row: Annotated[Count, Field(description="As a spreadsheet counts: the header is 1.", examples=[2])]
    outcome: RowOutcome
    errors: Annotated[list[RowErrorOut], Field(max_length=100)]


class ImportRowPage(Out):
    """Rows in the order of the file."""

    items: Annotated[list[ImportRowOut], PAGE]
    next_cursor: NextCursor
