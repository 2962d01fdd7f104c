"""Quotas on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, Body, BodyRefOut, NextCursor, Out, RecordId, Version
from app.words import Cohort

Places = Annotated[int, Field(ge=0, le=1_000_000, description="How many outstanding graduates (名额).", examples=[12])]


class QuotaDraft(Body):
    """How many places a body has."""

    allowed: Places


class QuotaOut(Out):
    """The places of a body for a cohort (省优名额)."""

    id: RecordId
    version: Version
    body: BodyRefOut
    cohort: Cohort
    allowed: Places
    used: Annotated[Places, Field(description="Taken by approvals that stand.")]
    updated_at: datetime


class QuotaPage(Out):
    """A page of quotas, newest first."""

    items: Annotated[list[QuotaOut], PAGE]
    next_cursor: NextCursor
