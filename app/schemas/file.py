"""Uploaded files on the wire."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from app.schemas.base import PAGE, Count, NextCursor, Out, RecordId
from app.words.refusal import refuse
from app.words.text import LINE, length


class FilePurpose(StrEnum):
    """What a file is uploaded for; it decides who may upload it and which types are taken."""

    ROSTER = "roster"
    ARCHIVES = "archives"
    LICENCE = "licence"
    APPOINTMENT_NOTICE = "appointment_notice"
    STAMPED_SCAN = "stamped_scan"
    PROOF = "proof"
    PAYMENT_RESULTS = "payment_results"


_TURNING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069/\\\\]")
"""Separators of paths, and characters that turn the direction of text: `gpj.exe` would read `exe.jpg`."""


def one_name(name: str) -> str:
    """A name and no path, that reads as it is."""
    if _TURNING.search(name) or not name.strip("."):
        refuse("file-name-unsafe", "A file's name has no path in it, and nothing that turns its direction.")
    return name


FileName = Annotated[
    str,
    length(200),
    LINE,
    AfterValidator(one_name),
    Field(description="What the file is called, for people.", examples=["2027届生源.xlsx"]),
]


class FileOut(Out):
    """What is known of an uploaded file."""

    id: RecordId
    name: FileName
    purpose: FilePurpose
    media_type: Annotated[
        str, Field(max_length=100, description="By its content, whatever was declared.", examples=["text/csv"])
    ]
    size: Annotated[Count, Field(description="In bytes.", examples=[1803])]
    sha256: Annotated[
        str, Field(pattern="^[0-9a-f]{64}$", description="Of the bytes as they were sent.", examples=["9f" * 32])
    ]
    created_at: datetime
    attached: Annotated[bool, Field(description="Named by a record: it stays as it is.")]


class FilePage(Out):
    """A page of files, newest first."""

    items: Annotated[list[FileOut], PAGE]
    next_cursor: NextCursor
