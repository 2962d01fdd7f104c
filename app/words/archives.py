"""Words of the archive flow (档案流向): certificates of dispatch, and how a file travels."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints
from sqlalchemy import Date, String
from sqlalchemy.orm import mapped_column

from app.words.days import DAY
from app.words.tabled import code_of
from app.words.text import LINE, length


class DispatchStatus(StrEnum):
    """Whether the record of a dispatch holds."""

    RECORDED = "recorded"
    VOIDED = "voided"


class MovementState(StrEnum):
    """Where a file is on one leg of its way."""

    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"


DispatchNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z-]{4,40}$"),
    Field(description="Number of the dispatch certificate (报到证号) or of the notice.", examples=["201337010200123"]),
    mapped_column(String(40)),
]

DispatchType = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]$"),
    code_of("dispatch_certificate_type"),
    Field(description="Kind of dispatch (报到证签发类别).", examples=["1"]),
    mapped_column(String(1)),
]

DispatchedOn = Annotated[
    date, DAY, Field(description="Day of the dispatch (签发日期).", examples=["2026-06-30"]), mapped_column(Date)
]

MovedOn = Annotated[
    date, DAY, Field(description="Day of this leg (转递日期).", examples=["2026-07-05"]), mapped_column(Date)
]

ArchiveSender = Annotated[
    str,
    length(200),
    LINE,
    Field(description="Who sends the personal file (档案转出单位).", examples=["山东测试大学档案馆"]),
    mapped_column(String(200)),
]

Carrier = Annotated[
    str,
    length(50),
    LINE,
    Field(description="Who carries the file (转递方式).", examples=["机要通信"]),
    mapped_column(String(50)),
]

TrackingNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z-]{4,40}$"),
    Field(description="The carrier's number (转递单号).", examples=["JY20260705001"]),
    mapped_column(String(40)),
]
