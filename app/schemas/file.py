"""Uploaded files on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.schemas.base import Count, Out, RecordId
from app.words.text import LINE, length


class FilePurpose(StrEnum):
    """What a file is uploaded for; it decides who may upload it and which types are taken."""

    ROSTER = "roster"
    LICENCE = "licence"
    NOTICE = "notice"
    STAMPED_SCAN = "stamped_scan"
    PROOF = "proof"


FileName = Annotated[
    str, length(200), LINE, Field(description="What the file is called, for people.", examples=["2027届生源.xlsx"])
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
