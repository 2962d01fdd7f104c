"""Roster imports on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import Body, Count, Out, RecordId
from app.words import RosterSource


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
