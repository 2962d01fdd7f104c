"""The report of an import on the wire, whatever was imported: what became of each row."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import PAGE, Count, NextCursor, Out, Said, Word

RowOutcome = Literal["added", "changed", "unchanged", "refused"]


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
